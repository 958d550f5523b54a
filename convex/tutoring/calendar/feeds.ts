/** Private calendar feeds (tutoring/README §10.2). The one module that writes `tutoringFeeds`. */
import type { Doc, Id } from "../../_generated/dataModel";
import type { QueryCtx } from "../../_generated/server";
import type { UserAct } from "../../identity/act";
import { createSecret, hashSha256 } from "../../lib/ids";
import { DAY_MS } from "../../lib/time";
import type { Session } from "../booking/sessionRows";
import { listWaitsOfUser } from "../booking/waitRows";
import type { Entry } from "./calendar";

type ReadCtx = { db: QueryCtx["db"] };

/** Sessions of each kind that a feed looks at, newest first. */
const SESSIONS_MAX = 500;
/** Canceled sessions stay in the feed for so long, so that programs take them out. */
export const CANCELLED_KEPT_MS = 30 * DAY_MS;

/** Makes the caller's feed, or a new address for it, which ends the old. → the token, told this once. */
export async function createFeed(act: UserAct): Promise<string> {
  const userId = act.principal.user._id;
  const token = createSecret();
  const tokenHash = await hashSha256(token);
  const feed = await findFeedOf(act, userId);
  if (feed) await act.db.patch("tutoringFeeds", feed._id, { tokenHash });
  else await act.db.insert("tutoringFeeds", { userId, tokenHash });
  return token;
}

const findFeedOf = (ctx: ReadCtx, userId: Id<"users">): Promise<Doc<"tutoringFeeds"> | null> =>
  ctx.db
    .query("tutoringFeeds")
    .withIndex("by_userId", (q) => q.eq("userId", userId))
    .unique();

export const findFeed = async (ctx: ReadCtx, token: string): Promise<Doc<"tutoringFeeds"> | null> => {
  const tokenHash = await hashSha256(token);
  return await ctx.db
    .query("tutoringFeeds")
    .withIndex("by_tokenHash", (q) => q.eq("tokenHash", tokenHash))
    .unique();
};

/** The sessions that a user gives, has a seat in or waits for, by their start. */
export async function listEntries(ctx: ReadCtx, userId: Id<"users">, now: number): Promise<Entry[]> {
  const given = await ctx.db
    .query("tutoringSessions")
    .withIndex("by_creatorId", (q) => q.eq("creatorId", userId))
    .order("desc")
    .take(SESSIONS_MAX);
  const parts = await ctx.db
    .query("tutoringMembers")
    .withIndex("by_userId_and_sessionCreatedAt", (q) => q.eq("userId", userId))
    .order("desc")
    .take(SESSIONS_MAX);
  const seated = parts.flatMap(({ seat, sessionId }) => (seat ? [sessionId] : []));
  const waited = (await listWaitsOfUser(ctx, userId, SESSIONS_MAX)).map(({ sessionId }) => sessionId);
  const read = async (ids: Id<"tutoringSessions">[]) =>
    (await Promise.all(ids.map((id) => ctx.db.get("tutoringSessions", id)))).flatMap((session) => session ?? []);
  const toEntries = (sessions: Session[], isTentative: boolean) =>
    sessions.map((session) => ({ session, isTentative }));
  return [...toEntries(given, false), ...toEntries(await read(seated), false), ...toEntries(await read(waited), true)]
    .filter(({ session }) => session.status !== "cancelled" || session.updatedAt > now - CANCELLED_KEPT_MS)
    .sort((a, b) => a.session.startsAt - b.session.startsAt);
}
