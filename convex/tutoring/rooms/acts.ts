/** What people do in the room of a session (tutoring/README §10.3). */
import { roomEntered } from "../../events/tutoring";
import type { UserAct } from "../../identity/act";
import { requireToken } from "../../identity/limits/limits";
import { getUserByPublicId } from "../../identity/users";
import { notFound } from "../../lib/errors";
import { refused } from "../booking/refusals";
import { requireOwn, requireSession } from "../booking/sessionRows";
import { hasPart, requireOpen, requireRoomPart } from "./access";
import { insertMessage } from "./chat";
import { listIceServers, type IceServer } from "./iceServers";
import { findPerson, letIn, letOut, setStanding } from "./people";

type OfSession = { id: number };
type OfUser = OfSession & { userId: number };

/**
 * Enters the room, or says that one is still there: pages repeat it every 30 s. A person with two tabs is one person.
 * `FORBIDDEN` without a part in it, `CONFLICT` while it is closed.
 */
export async function enterRoom(act: UserAct, { id }: OfSession): Promise<IceServer[]> {
  const { user } = act.principal;
  const session = await requireSession(act, id);
  await requireRoomPart(act, session, user._id);
  await requireOpen(act, session, act.now);
  if (await letIn(act, session._id, user._id, act.now)) await roomEntered(act, user);
  return await listIceServers(String(user.publicId), act.now);
}

/** Asks to be admitted. Who may enter anyway need not wait, so for them it changes nothing. */
export async function knock(act: UserAct, { id }: OfSession): Promise<void> {
  const { _id: userId } = act.principal.user;
  const session = await requireSession(act, id);
  await requireOpen(act, session, act.now);
  if (!(await hasPart(act, session, userId))) await setStanding(act, session._id, userId, "knocking");
}

/** Leaves the room, or gives up a knock. */
export async function leaveRoom(act: UserAct, { id }: OfSession): Promise<void> {
  const session = await requireSession(act, id);
  const person = await findPerson(act, session._id, act.principal.user._id);
  if (!person) return;
  await letOut(act, person, act.now);
  if (person.standing === "knocking") await setStanding(act, session._id, person.userId, "none");
}

async function requireUserId(act: UserAct, userId: number) {
  const user = await getUserByPublicId(act, userId);
  if (user?.tenantId !== act.principal.tenantId) throw notFound("Person not found.");
  return user._id;
}

/** Lets somebody in who knocks. Creator only; `NOT_FOUND` when they do not. */
export async function admitToRoom(act: UserAct, { id, userId }: OfUser): Promise<void> {
  const session = await requireOwn(act, id);
  await requireOpen(act, session, act.now);
  const person = await findPerson(act, session._id, await requireUserId(act, userId));
  if (person?.standing !== "knocking") throw notFound("Nobody knocks by this id.");
  await setStanding(act, session._id, person.userId, "admitted");
}

/**
 * Sends somebody out, who may knock again; a knock is turned down. Creator only. A participant's seat stays.
 * `NOT_FOUND` for who neither is inside, nor knocks, nor may enter.
 */
export async function removeFromRoom(act: UserAct, { id, userId }: OfUser): Promise<void> {
  const session = await requireOwn(act, id);
  const removedId = await requireUserId(act, userId);
  if (removedId === session.creatorId) throw refused("The creator cannot be removed");
  const person = await findPerson(act, session._id, removedId);
  if (!person && !(await hasPart(act, session, removedId))) throw notFound("Person not found.");
  if (person) await letOut(act, person, act.now);
  await setStanding(act, session._id, removedId, "removed");
}

/** Says something in the chat, which is kept with the session. */
export async function sayInRoom(act: UserAct, { id, text }: OfSession & { text: string }): Promise<void> {
  const { _id: userId } = act.principal.user;
  const session = await requireSession(act, id);
  await requireRoomPart(act, session, userId);
  await requireOpen(act, session, act.now);
  await requireToken(act, "chat", `user/${userId}`);
  await insertMessage(act, session._id, userId, text);
}
