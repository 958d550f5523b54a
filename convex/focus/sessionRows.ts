/** Finds focus sessions and tells their state. The one module that writes `focusSessions`. */
import type { Doc, Id } from "../_generated/dataModel";
import type { WithoutSystemFields } from "convex/server";
import type { MutationCtx, QueryCtx } from "../_generated/server";
import type { Viewer } from "../identity/act";
import { notFound } from "../lib/errors";
import { toStatus } from "../xp/status";
import type { Clock } from "./rules";
import type { Ended, Live } from "./shapes";

type Ctx = { db: QueryCtx["db"] };
/** A row, also one just inserted, which need not be read back. */
export type Session = Omit<Doc<"focusSessions">, "_creationTime">;
export type LiveSession = Session & { state: Live };
export type EndedSession = Session & { state: Ended };

export const isLive = <S extends Session>(session: S): session is S & { state: Live } => session.state.kind === "live";
export const isEnded = <S extends Session>(session: S): session is S & { state: Ended } =>
  session.state.kind === "ended";

/** The id by which clients and the permanent store know the session. */
export const getPublicId = (session: Session): string => session.externalId ?? session._id;

export const toClock = ({ startedAt, state }: LiveSession): Clock => ({
  startedAt,
  pausedMs: state.pausedMs,
  pausedAt: state.pausedAt,
  focusedMs: state.focusedMs,
  runningSince: state.runningSince,
  plannedSeconds: state.plannedSeconds,
});

export function getStatus({ state }: Session): "active" | "paused" | "completed" | "abandoned" {
  if (state.kind === "ended") return toStatus(state.reason);
  return state.kind === "live" && state.pausedAt !== null ? "paused" : "active";
}

/** The session of that public id, whoever's it is, or null. */
export async function findSession(ctx: Ctx, sessionId: string): Promise<Session | null> {
  const id = ctx.db.normalizeId("focusSessions", sessionId);
  const own = id && (await ctx.db.get("focusSessions", id));
  if (own && own.externalId === undefined) return own;
  return await ctx.db
    .query("focusSessions")
    .withIndex("by_externalId", (q) => q.eq("externalId", sessionId))
    .unique();
}

/** The viewer's own session, or `NOT_FOUND`, alike for unknown sessions and other people's. */
export async function requireOwnSession(viewer: Viewer, sessionId: string): Promise<Session> {
  const session = await findSession(viewer, sessionId);
  if (session?.userId !== viewer.principal.user._id) throw notFound("Session not found.");
  return session;
}

/** The one session of the user that runs on this host, or null. */
export async function getLive(ctx: Ctx, ownerId: Id<"users">): Promise<LiveSession | null> {
  const session = await ctx.db
    .query("focusSessions")
    .withIndex("by_userId_and_state_and_endedAt", (q) => q.eq("userId", ownerId).eq("state.kind", "live"))
    .unique();
  return session && isLive(session) ? session : null;
}

/** The user's session that ended last, or null. */
export async function getLastEnded(ctx: Ctx, ownerId: Id<"users">): Promise<EndedSession | null> {
  const session = await ctx.db
    .query("focusSessions")
    .withIndex("by_userId_and_state_and_endedAt", (q) => q.eq("userId", ownerId).eq("state.kind", "ended"))
    .order("desc")
    .first();
  return session && isEnded(session) ? session : null;
}

/** Inserts a session and returns it. */
export async function insertSession(
  ctx: MutationCtx,
  fields: WithoutSystemFields<Doc<"focusSessions">>,
): Promise<Session> {
  return { ...fields, _id: await ctx.db.insert("focusSessions", fields) };
}

export const saveLiveState = (ctx: MutationCtx, sessionId: Id<"focusSessions">, state: Live): Promise<void> =>
  ctx.db.patch("focusSessions", sessionId, { state });

/** @param syncSequence of the outbox entry that carries this end */
export const saveEnd = (
  ctx: MutationCtx,
  sessionId: Id<"focusSessions">,
  end: { state: Ended; devicePlatform: string | null; syncSequence: number },
): Promise<void> => ctx.db.patch("focusSessions", sessionId, end);

export const saveSyncSequence = (
  ctx: MutationCtx,
  sessionId: Id<"focusSessions">,
  syncSequence: number,
): Promise<void> => ctx.db.patch("focusSessions", sessionId, { syncSequence });

export const deleteSession = (ctx: MutationCtx, sessionId: Id<"focusSessions">): Promise<void> =>
  ctx.db.delete("focusSessions", sessionId);
