/**
 * Signalling for audio and video between those who take part in a session (tutoring/README §6: live functions, not
 * REST): the creator and approved participants send each other what WebRTC needs to connect. The bodies are the
 * browsers' own (`JSON.stringify` of a description or candidate); the server only carries them, for a minute.
 */
import { v, type Infer } from "convex/values";
import { internal } from "../_generated/api";
import type { Id } from "../_generated/dataModel";
import { internalMutation, type QueryCtx } from "../_generated/server";
import type { Viewer } from "../identity/act";
import { conflict, forbidden, invalid, notFound } from "../lib/errors";
import { userMutation, userQuery } from "../identity/builders";
import { requireToken } from "../identity/limits/limits";
import { getUserByPublicId } from "../identity/users";
import { listTextProblems } from "../lib/text";
import { MINUTE_MS } from "../lib/time";
import { deleteSignals, insertSignal } from "./calls/signalRows";
import { hasPart, isOpen } from "./rooms/access";
import { hasEnded } from "./rules";
import { requireSession, type Session } from "./booking/sessionRows";
import { vSignalKind } from "./shapes";

export { experimental_reuseContext } from "../lib/contexts";

/** An offer with audio, camera, screen and all its candidates takes up to 24 kB; it is sent as one signal. */
export const BODY_MAX = 64 * 1024;
/** Signals that wait for one person in one session. */
export const WAITING_MAX = 200;
export const SIGNAL_LIFETIME_MS = MINUTE_MS;
const BATCH = 500;

type ReadCtx = { db: QueryCtx["db"] };

/** The session, in which the caller must take part; else `FORBIDDEN`. */
async function requirePart(viewer: Viewer, id: number): Promise<Session> {
  const session = await requireSession(viewer, id);
  if (!(await hasPart(viewer, session, viewer.principal.user._id)))
    throw forbidden("Calls are for the session's creator and participants.");
  return session;
}

const queryWaiting = (ctx: ReadCtx, session: Session, userId: Id<"users">) =>
  ctx.db
    .query("tutoringSignals")
    .withIndex("by_sessionId_and_toId", (q) => q.eq("sessionId", session._id).eq("toId", userId))
    .take(WAITING_MAX);

/**
 * Sends one signal to `to`, the integer id of another who takes part. `body`: text of at most `BODY_MAX` characters.
 * `VALIDATION` for a session that is over or not approved, `NOT_FOUND` when `to` takes no part, `CONFLICT` when too
 * many wait for them, `RATE_LIMITED` above 600 a minute.
 */
export const send = userMutation({
  args: { id: v.number(), to: v.number(), kind: vSignalKind, body: v.string() },
  returns: v.null(),
  handler: async (ctx, { id, to, kind, body }) => {
    const { user } = ctx.principal;
    const session = await requirePart(ctx, id);
    // The room stays open for a while after the end.
    const isOver = hasEnded(session.status) && !(await isOpen(ctx, session, ctx.now));
    if (session.status === "pending_approval" || isOver) throw invalid({}, "Session is not open for calls");
    const problems = listTextProblems(body, BODY_MAX);
    if (problems.length > 0) throw invalid({ body: problems });
    const recipient = await getUserByPublicId(ctx, to);
    if (!recipient || recipient._id === user._id || !(await hasPart(ctx, session, recipient._id)))
      throw notFound("Participant not found.");
    await requireToken(ctx, "signals", `user/${user._id}`);
    if ((await queryWaiting(ctx, session, recipient._id)).length === WAITING_MAX)
      throw conflict("Too many signals wait for this participant.");
    await insertSignal(ctx, {
      sessionId: session._id,
      toId: recipient._id,
      from: user.publicId,
      kind,
      body,
    });
    return null;
  },
});

const vSignal = v.object({
  id: v.id("tutoringSignals"),
  /** The sender's integer id. */
  from: v.number(),
  kind: vSignalKind,
  body: v.string(),
  /** ms since the epoch. */
  sentAt: v.number(),
});

/** The signals that wait for the caller, oldest first. Each is there until it is `received`, or for a minute. */
export const inbox = userQuery({
  args: { id: v.number() },
  returns: v.array(vSignal),
  handler: async (ctx, { id }): Promise<Infer<typeof vSignal>[]> => {
    const session = await requirePart(ctx, id);
    const waiting = await queryWaiting(ctx, session, ctx.principal.user._id);
    return waiting.map(({ _id, _creationTime, from, kind, body }) => ({
      id: _id,
      from,
      kind,
      body,
      sentAt: _creationTime,
    }));
  },
});

/** Takes signals out of the caller's inbox; ids that are not in it count for nothing. */
export const received = userMutation({
  args: { id: v.number(), signals: v.array(v.id("tutoringSignals")) },
  returns: v.null(),
  handler: async (ctx, { id, signals }) => {
    const session = await requirePart(ctx, id);
    const waiting = await queryWaiting(ctx, session, ctx.principal.user._id);
    await deleteSignals(
      ctx,
      waiting.filter(({ _id }) => signals.includes(_id)),
    );
    return null;
  },
});

/** Cron: deletes what nobody fetched. Reads one index range, empty while there are no calls. */
export const sweep = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    const old = await ctx.db
      .query("tutoringSignals")
      .withIndex("by_creation_time", (q) => q.lte("_creationTime", Date.now() - SIGNAL_LIFETIME_MS))
      .take(BATCH);
    await deleteSignals(ctx, old);
    if (old.length === BATCH) await ctx.scheduler.runAfter(0, internal.tutoring.signals.sweep, {});
    return null;
  },
});
