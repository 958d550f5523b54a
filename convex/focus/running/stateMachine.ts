/**
 * The state machine of a session that runs on this host: active ⇄ paused → ended. The one module that writes
 * heartbeats. Every act first looks whether the session has ended by itself meanwhile (`rules.findDueEnd`), so the
 * answer does not depend on when the sweep or a scheduled end came by.
 */
import { internal } from "../../_generated/api";
import type { Doc, Id } from "../../_generated/dataModel";
import type { MutationCtx } from "../../_generated/server";
import type { TimedCtx, UserAct } from "../../identity/act";
import { conflict } from "../../lib/errors";
import { getNextOutboxPlace } from "../../events/focus";
import { requireActivity } from "../catalog/activities";
import { requireGoal } from "../catalog/goals";
import * as Settlement from "../settlement/settle";
import { computeCurrentRates } from "../rating/currentRates";
import * as Rules from "../rules";
import {
  toClock,
  getLive,
  insertSession,
  isEnded,
  isLive,
  getPublicId,
  saveLiveState,
  type EndedSession,
  type LiveSession,
  type Session,
} from "../sessionRows";
import type { CompletedReason } from "../../xp/shapes";
import type { Live } from "../shapes";

type Heartbeat = Doc<"focusHeartbeats">;
/** A live session with its heartbeats. */
type Running = { session: LiveSession; beat: Heartbeat };

export type StartInput = {
  goalId: string;
  activityId: string;
  devicePlatform?: string;
  plannedSeconds?: number;
  timeZone: string;
};

/**
 * Starts a session with the rates of this moment and returns it. `CONFLICT` with the running one's `sessionId` when one
 * runs; one that has ended by itself unnoticed is settled first.
 */
export async function startSession(act: UserAct, input: StartInput): Promise<LiveSession> {
  const { user, accountSession } = act.principal;
  const { now } = act;
  const running = await getLive(act, user._id);
  if (running && (await settleIfDue(act, await bringToPresent(act, running))) === null)
    throw conflict("A session is running already.", { sessionId: getPublicId(running) });

  const goal = await requireGoal(act, user._id, input.goalId);
  const activity = await requireActivity(act, input.activityId);
  const clock = Rules.startClock(now, input.plannedSeconds ?? null);
  const place = await getNextOutboxPlace(act, 0);
  const { _id: sessionId } = await insertSession(act, {
    userId: user._id,
    goalId: goal._id,
    activity: { id: activity.id, name: activity.name, emoji: activity.emoji },
    startedAt: now,
    devicePlatform: input.devicePlatform || null,
    measured: true,
    rates: (await computeCurrentRates(act, activity, goal)).rates,
    timeZone: input.timeZone,
    syncSequence: place.sequence,
    state: {
      ...toLiveFields(clock),
      attempt: 1,
      plannedEnd: null,
      lastChange: { kind: "started", device: accountSession.deviceName, at: now },
    },
  });
  const contact = Rules.startContact(accountSession._id, now);
  await act.db.insert("focusHeartbeats", { sessionId, ...contact, sweepAt: Rules.computeSweepAt(now, now) });
  // The end can be planned only once the row, which it names, exists.
  const plannedEnd = await planEnd(act, sessionId, clock, 1);
  if (plannedEnd) {
    const session = await requireLiveRow(act, sessionId);
    await saveLiveState(act, sessionId, { ...session.state, plannedEnd });
  }
  const session = await requireLiveRow(act, sessionId);
  await Settlement.reportStart(act, session, place, { user, goal, activity });
  return session;
}

async function requireLiveRow(ctx: MutationCtx, id: Id<"focusSessions">): Promise<LiveSession> {
  const session = await ctx.db.get("focusSessions", id);
  if (!session || !isLive(session))
    throw new Error(`focus session ${id} is not live in the transaction that made it so`);
  return session;
}

const toLiveFields = ({ pausedMs, pausedAt, focusedMs, runningSince, plannedSeconds }: Rules.Clock) => ({
  kind: "live" as const,
  pausedMs,
  pausedAt,
  focusedMs,
  runningSince,
  plannedSeconds,
});

async function planEnd(ctx: MutationCtx, sessionId: Id<"focusSessions">, clock: Rules.Clock, attempt: number) {
  const at = Rules.plannedEndAt(clock);
  return at === null ? null : await ctx.scheduler.runAt(at, internal.focus.sweep.endPlanned, { sessionId, attempt });
}

async function requireHeartbeat(ctx: MutationCtx, session: LiveSession): Promise<Heartbeat> {
  const beat = await ctx.db
    .query("focusHeartbeats")
    .withIndex("by_sessionId", (q) => q.eq("sessionId", session._id))
    .unique();
  if (!beat) throw new Error(`live focus session ${session._id} has no heartbeat row`);
  return beat;
}

/** The live session with its heartbeats as of now, put back (`rules.putBack`) when the clock was. */
export async function bringToPresent(ctx: TimedCtx, session: LiveSession): Promise<Running> {
  const beat = await requireHeartbeat(ctx, session);
  const before = toContact(beat);
  const { clock, contact } = Rules.putBack(toClock(session), before, ctx.now);
  if (contact === before) return { session, beat };
  await saveContact(ctx, { session, beat }, contact);
  const state: Live = { ...session.state, ...toLiveFields(clock) };
  await replan(ctx, session._id, state, clock);
  await saveLiveState(ctx, session._id, state);
  return { session: { ...session, state }, beat: { ...beat, ...contact } };
}

/** Has `state` end when `clock` says. */
async function replan(
  ctx: MutationCtx,
  sessionId: Id<"focusSessions">,
  state: Live,
  clock: Rules.Clock,
): Promise<void> {
  state.attempt += 1;
  if (state.plannedEnd) await ctx.scheduler.cancel(state.plannedEnd);
  state.plannedEnd = await planEnd(ctx, sessionId, clock, state.attempt);
}

const toContact = ({ lastAt, covers }: Heartbeat): Rules.Contact => ({ lastAt, covers });

async function saveContact(ctx: MutationCtx, { session, beat }: Running, contact: Rules.Contact): Promise<void> {
  const sweepAt = Rules.computeSweepAt(session.startedAt, contact.lastAt);
  await ctx.db.patch("focusHeartbeats", beat._id, { ...contact, sweepAt });
}

/** Ends the session if it has reached a limit; null while it lives. */
async function settleIfDue(ctx: TimedCtx, running: Running): Promise<EndedSession | null> {
  const due = Rules.findDueEnd(toClock(running.session), toContact(running.beat), ctx.now);
  return due && (await endLive(ctx, running, due));
}

async function endLive(
  ctx: MutationCtx,
  { session, beat }: Running,
  { reason, endedAt }: Rules.End,
  devicePlatform?: string,
): Promise<EndedSession> {
  if (!session.rates) throw new Error(`live focus session ${session._id} has no rates`);
  const clock = toClock(session);
  const figures = Rules.computeFigures(clock, toContact(beat), session.rates, endedAt);
  await leaveLive(ctx, { session, beat });
  const ended = { kind: "ended" as const, endedAt: Rules.computeToldEnd(clock, endedAt), reason, ...figures };
  return await Settlement.settleEnd(ctx, session, ended, { devicePlatform });
}

/** Drops what only a live session has: its heartbeats and its planned end. */
async function leaveLive(ctx: MutationCtx, { session, beat }: Running): Promise<void> {
  await ctx.db.delete("focusHeartbeats", beat._id);
  if (session.state.plannedEnd) await ctx.scheduler.cancel(session.state.plannedEnd);
}

/** Before the service key's own figures end a session that runs here. */
export async function stopLive(ctx: MutationCtx, session: LiveSession): Promise<void> {
  await leaveLive(ctx, { session, beat: await requireHeartbeat(ctx, session) });
}

const getDevice = ({ principal }: UserAct): string => principal.accountSession._id;

/** A device shows the session, or shows that it is hidden. Ended sessions are returned as they are. */
export async function recordHeartbeat(act: UserAct, found: Session, hidden: boolean): Promise<Session> {
  if (!isLive(found)) return requireEnded(found);
  const running = await bringToPresent(act, found);
  const ended = await settleIfDue(act, running);
  if (ended) return ended;
  const { session, beat } = running;
  const clock = toClock(session);
  const next = Rules.applyHeartbeat(clock, toContact(beat), { device: getDevice(act), hidden, now: act.now });
  await saveContact(act, running, next.contact);
  if (next.clock === clock) return session;
  const state: Live = { ...session.state, ...toLiveFields(next.clock) };
  await saveLiveState(act, session._id, state);
  return { ...session, state };
}

const CHANGES = {
  pause: { apply: Rules.applyPause, kind: "paused" },
  resume: { apply: Rules.applyResume, kind: "resumed" },
} as const;

/** Pauses or resumes; doing so twice is a heartbeat. Ended sessions are returned as they are. */
export async function pauseOrResume(act: UserAct, found: Session, change: keyof typeof CHANGES): Promise<Session> {
  if (!isLive(found)) return requireEnded(found);
  const running = await bringToPresent(act, found);
  const ended = await settleIfDue(act, running);
  if (ended) return ended;
  const { session, beat } = running;
  const { apply, kind } = CHANGES[change];
  const clock = toClock(session);
  const next = apply(clock, toContact(beat), { device: getDevice(act), now: act.now });
  await saveContact(act, running, next.contact);
  if (next.clock === clock) return session;
  const state: Live = { ...session.state, ...toLiveFields(next.clock) };
  if ((clock.pausedAt === null) !== (next.clock.pausedAt === null)) {
    await replan(act, session._id, state, next.clock);
    state.lastChange = { kind, device: act.principal.accountSession.deviceName, at: act.now };
  }
  await saveLiveState(act, session._id, state);
  return { ...session, state };
}

function requireEnded(session: Session): EndedSession {
  if (!isEnded(session)) throw conflict("This session runs on another host.");
  return session;
}

/** Whether a session that ended for one reason may be said to have ended for another. */
export const mayRelabel = (from: CompletedReason, to: CompletedReason): boolean =>
  from === "timeout" && Rules.RELABELS.includes(to);

/**
 * Ends the session for `reason`, as its user says. One that has ended for loss of contact may still be called
 * `crash_recovered` or `abandoned`, which changes no figures. Ending an ended session for the usual reason changes
 * nothing; for another reason it is `CONFLICT`.
 */
export async function endByPerson(
  ctx: TimedCtx,
  found: Session,
  { reason, devicePlatform }: { reason: CompletedReason; devicePlatform?: string },
): Promise<EndedSession> {
  if (isLive(found)) {
    const running = await bringToPresent(ctx, found);
    const contact = toContact(running.beat);
    const due = Rules.findDueEnd(toClock(running.session), contact, ctx.now);
    const end = due ?? Rules.toRequestedEnd(reason, contact, ctx.now);
    return await endLive(ctx, running, mayRelabel(end.reason, reason) ? { ...end, reason } : end, devicePlatform);
  }
  const ended = requireEnded(found);
  if (reason === ended.state.reason || reason === "manual") return ended;
  if (mayRelabel(ended.state.reason, reason)) return await Settlement.settleEnd(ctx, ended, { ...ended.state, reason });
  throw conflict("This session has already ended.");
}

/** Looks at the live session of a due heartbeat row; for the sweep. */
export async function endIfDue(ctx: TimedCtx, due: Heartbeat): Promise<void> {
  const found = await ctx.db.get("focusSessions", due.sessionId);
  if (!found || !isLive(found)) return await ctx.db.delete("focusHeartbeats", due._id);
  await settleIfDue(ctx, await bringToPresent(ctx, found));
}

/** The planned end has come, unless a pause came first. */
export async function endAsPlanned(ctx: TimedCtx, sessionId: Id<"focusSessions">, attempt: number): Promise<void> {
  const found = await ctx.db.get("focusSessions", sessionId);
  if (!found || !isLive(found) || found.state.attempt !== attempt) return;
  // The job that runs now needs no canceling.
  const session = { ...found, state: { ...found.state, plannedEnd: null } };
  await settleIfDue(ctx, await bringToPresent(ctx, session));
}
