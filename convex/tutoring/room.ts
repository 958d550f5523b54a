/**
 * The room in which a session is held, live (tutoring/README §10.3): who is inside, who knocks, and the chat. Audio and
 * video go from browser to browser; `signals.ts` connects them.
 */
import { paginationOptsValidator, paginationResultValidator } from "convex/server";
import { v, type Infer } from "convex/values";
import type { Doc } from "../_generated/dataModel";
import { liveCommand, userQuery } from "../identity/builders";
import type { Viewer } from "../identity/act";
import { forbidden } from "../lib/errors";
import { pageSize } from "../lib/paging/pages";
import { requireSession } from "./booking/sessionRows";
import * as Commands from "./commands";
import { hasPart, isOpen, requireRoomPart } from "./rooms/access";
import { queryMessages } from "./rooms/chat";
import { vIceServer } from "./rooms/iceServers";
import { findPerson, listInside, listKnocking, type RoomPerson } from "./rooms/people";
import { watchTurns } from "./rooms/turns";
import { findRoomTimes } from "./rules";
import { formatName, toPerson } from "./booking/persons";

export { experimental_reuseContext } from "../lib/contexts";

const KNOCKS_MAX = 100;
const CHAT_PAGE_MAX = 100;

const vPersonInRoom = v.object({
  /** The integer id. */
  userId: v.number(),
  name: v.string(),
  isCreator: v.boolean(),
  /** When they came in, ms. */
  since: v.number(),
});

const vState = v.object({
  open: v.boolean(),
  /** ms. */
  opensAt: v.number(),
  closesAt: v.number(),
  /** People inside, first come first; empty to those who only knock. */
  people: v.array(vPersonInRoom),
  /** People who ask to be admitted; empty to all but the creator. */
  knocks: v.array(v.object({ userId: v.number(), name: v.string() })),
  /** Whether the caller may enter, is inside, or waits for an answer to a knock. */
  mayEnter: v.boolean(),
  isInside: v.boolean(),
  isKnocking: v.boolean(),
});

/** The room as the caller sees it. `FORBIDDEN` to those who have no part in it and do not knock. */
export const state = userQuery({
  args: { id: v.number() },
  returns: vState,
  handler: async (ctx, { id }): Promise<Infer<typeof vState>> => {
    const { user } = ctx.principal;
    const session = await requireSession(ctx, id);
    await watchTurns(ctx, session._id);
    const own = await findPerson(ctx, session._id, user._id);
    const mayEnter = await hasPart(ctx, session, user._id);
    const isKnocking = own?.standing === "knocking";
    if (!mayEnter && !isKnocking) throw forbidden("The room is for those who take part. Others may knock.");
    const isCreator = session.creatorId === user._id;
    const inside = mayEnter ? await listInside(ctx, session._id) : [];
    const knocking = isCreator ? await listKnocking(ctx, session._id, KNOCKS_MAX) : [];
    return {
      open: await isOpen(ctx, session, Date.now()),
      ...findRoomTimes(session),
      people: (await withUsers(ctx, inside)).map(({ person, user: { publicId, ...rest } }) => ({
        userId: publicId,
        name: formatName(toPerson({ publicId, ...rest })),
        isCreator: person.userId === session.creatorId,
        since: person.insideSince ?? 0,
      })),
      knocks: (await withUsers(ctx, knocking)).map(({ user: one }) => ({
        userId: one.publicId,
        name: formatName(toPerson(one)),
      })),
      mayEnter,
      isInside: own !== null && own.insideSince !== null,
      isKnocking,
    };
  },
});

async function withUsers(viewer: Viewer, people: RoomPerson[]): Promise<{ person: RoomPerson; user: Doc<"users"> }[]> {
  const users = await Promise.all(people.map(({ userId }) => viewer.db.get("users", userId)));
  return people.flatMap((person, index) => {
    const user = users[index];
    return user ? [{ person, user }] : [];
  });
}

/** To be repeated every 30 s while inside. → the servers by which browsers find each other. */
export const enter = liveCommand(Commands.enterRoom, {
  returns: v.object({ iceServers: v.array(vIceServer) }),
  present: (iceServers) => ({ iceServers }),
});
export const knock = liveCommand(Commands.knock);
export const leave = liveCommand(Commands.leaveRoom);
export const admit = liveCommand(Commands.admitToRoom);
export const remove = liveCommand(Commands.removeFromRoom);
export const say = liveCommand(Commands.sayInRoom);

/** What was said, newest first; also when the room is closed. */
export const chat = userQuery({
  args: { id: v.number(), paginationOpts: paginationOptsValidator },
  returns: paginationResultValidator(
    v.object({
      id: v.id("tutoringChat"),
      userId: v.number(),
      name: v.string(),
      text: v.string(),
      /** ms. */
      sentAt: v.number(),
    }),
  ),
  handler: async (ctx, { id, paginationOpts }) => {
    const session = await requireSession(ctx, id);
    await requireRoomPart(ctx, session, ctx.principal.user._id);
    const result = await queryMessages(ctx, session._id)
      .order("desc")
      .paginate({ ...paginationOpts, numItems: pageSize(paginationOpts.numItems, CHAT_PAGE_MAX) });
    const page = await Promise.all(
      result.page.map(async ({ _id, _creationTime, userId, text }) => {
        const user = await ctx.db.get("users", userId);
        const { publicId: authorId, name } = user
          ? { publicId: user.publicId, name: formatName(toPerson(user)) }
          : { publicId: 0, name: "Deleted user" };
        return { id: _id, userId: authorId, name, text, sentAt: _creationTime };
      }),
    );
    return { ...result, page };
  },
});
