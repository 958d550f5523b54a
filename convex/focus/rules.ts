/**
 * Rules by which focused time and XP are counted (focus/README §5, Accounting): pure, shared with the browser. Times
 * are ms since the epoch by the server's clock, durations ms unless named otherwise.
 */
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "../lib/time";
import { perDimension, type Rates } from "../xp/amounts";
import type { CompletedReason } from "../xp/shapes";

/** A heartbeat vouches for attention this long; what lies beyond is unattended. */
export const ATTENTION_MS = 60 * SECOND_MS;
/** The interval at which clients send heartbeats, so short that one lost heartbeat costs nothing. */
export const HEARTBEAT_INTERVAL_MS = 30 * SECOND_MS;
/** Without a heartbeat for this long a session has ended, at the last heartbeat. */
export const CONTACT_WINDOW_MS = 30 * MINUTE_MS;
/** No session is longer, pauses included. */
export const MAX_SESSION_MS = 12 * HOUR_MS;
export const MAX_PLANNED_SECONDS = MAX_SESSION_MS / SECOND_MS;
export const DEVICE_PLATFORM_MAX = 10;
/** Days of work that a goal may ask for. */
export const DAYS_TOTAL_MAX = 3_650;

/** A live session's time. It is paused exactly while `pausedAt` is set, and then nothing runs. */
export type Clock = {
  startedAt: number;
  /** Sum of the pauses that are over, less what the server's clock was put back by; so it may be negative. */
  pausedMs: number;
  pausedAt: number | null;
  /** Focused time up to the last stop. */
  focusedMs: number;
  /** Since when focused time counts; null while paused or while every device has declared itself hidden. */
  runningSince: number | null;
  /** The session ends by itself once its total time reaches this. */
  plannedSeconds: number | null;
};

/** The contact with the devices that show the session. */
export type Contact = {
  /** The last accepted heartbeat of any device. */
  lastAt: number;
  /** Until when each device's last visible heartbeat vouches for attention. */
  covers: { device: string; until: number }[];
};

export const startClock = (now: number, plannedSeconds: number | null): Clock => ({
  startedAt: now,
  pausedMs: 0,
  pausedAt: null,
  focusedMs: 0,
  runningSince: now,
  plannedSeconds,
});

export const startContact = (device: string, now: number): Contact => ({
  lastAt: now,
  covers: [{ device, until: now + ATTENTION_MS }],
});

/**
 * A session as it goes on after the server's clock was put back, to a `now` before its last heartbeat: what it has
 * counted stays, and time counts on from `now`. Only its start keeps its date, which other systems know. The very same
 * clock and contact where time has not gone backwards.
 */
export function putBack(clock: Clock, contact: Contact, now: number): { clock: Clock; contact: Contact } {
  const backMs = contact.lastAt - now;
  if (backMs <= 0) return { clock, contact };
  const dated = (at: number | null) => (at === null ? null : at - backMs);
  return {
    clock: {
      ...clock,
      pausedMs: clock.pausedMs - backMs,
      pausedAt: dated(clock.pausedAt),
      runningSince: dated(clock.runningSince),
    },
    contact: { lastAt: now, covers: contact.covers.map(({ device, until }) => ({ device, until: until - backMs })) },
  };
}

/**
 * The session's start by the clock as it goes now, at the latest: earlier than `startedAt` once the clock was put back.
 */
export const getPresentStart = ({ startedAt, pausedMs }: Clock): number => startedAt + Math.min(0, pausedMs);

/**
 * The reported end of a session which ended at `at`: never before its start plus its total time, even after the clock
 * was put back.
 */
export const computeToldEnd = (clock: Clock, at: number): number =>
  Math.max(at, clock.startedAt + totalMsAt(clock, at));

/**
 * Until when attention is vouched for. Covers that lie in the past stay until the next heartbeat, as the last proof.
 */
export const getCoveredUntil = ({ covers }: Pick<Contact, "covers">): number =>
  covers.reduce((latest, { until }) => Math.max(latest, until), -Infinity);

/** Total time at `at`: elapsed without the pauses. */
export const totalMsAt = ({ startedAt, pausedMs, pausedAt }: Clock, at: number): number =>
  Math.max(0, Math.min(at, pausedAt ?? at) - startedAt - pausedMs);

/** Focused time at `at`, as far as attention is vouched for until then. */
export const measureFocusedMs = ({ focusedMs, runningSince }: Clock, contact: Contact, at: number): number =>
  runningSince === null ? focusedMs : focusedMs + Math.max(0, Math.min(at, getCoveredUntil(contact)) - runningSince);

/** Time stops counting, at `at` or where attention had ended before. */
const stopTime = (clock: Clock, contact: Contact, at: number): Clock => ({
  ...clock,
  focusedMs: measureFocusedMs(clock, contact, at),
  runningSince: null,
});

/**
 * A heartbeat of `device` at `now`. The gap between the end of attention and now is not paid; a hidden device vouches
 * for nothing, and time stops unless another device does. Returns the very same `clock` when it did not change, which
 * is the case for every heartbeat in time.
 */
export function applyHeartbeat(
  clock: Clock,
  contact: Contact,
  { device, hidden, now }: { device: string; hidden: boolean; now: number },
): { clock: Clock; contact: Contact } {
  const others = contact.covers.filter((cover) => cover.device !== device && cover.until > now);
  const covers = hidden ? others : [...others, { device, until: now + ATTENTION_MS }];
  const next: Contact = { lastAt: Math.max(contact.lastAt, now), covers };
  if (clock.pausedAt !== null) return { clock, contact: next };
  const lapsed = clock.runningSince !== null && getCoveredUntil(contact) < now;
  let after = lapsed || covers.length === 0 ? stopIfRunning(clock, contact, now) : clock;
  if (after.runningSince === null && covers.length > 0) after = { ...after, runningSince: now };
  return { clock: after, contact: next };
}

const stopIfRunning = (clock: Clock, contact: Contact, now: number): Clock =>
  clock.runningSince === null ? clock : stopTime(clock, contact, now);

/** Pausing shows that somebody is there, but pays no gap. The same clock when it is paused already. */
export function applyPause(clock: Clock, contact: Contact, { device, now }: { device: string; now: number }) {
  const seen = applyHeartbeat(clock, contact, { device, hidden: false, now });
  if (clock.pausedAt !== null) return { clock, contact: seen.contact };
  return { clock: { ...stopTime(seen.clock, seen.contact, now), pausedAt: now }, contact: seen.contact };
}

/** Resumes; returns the very same clock when it is not paused. */
export function applyResume(clock: Clock, contact: Contact, { device, now }: { device: string; now: number }) {
  const seen = applyHeartbeat(clock, contact, { device, hidden: false, now });
  if (clock.pausedAt === null) return seen;
  const pausedMs = clock.pausedMs + Math.max(0, now - clock.pausedAt);
  return { clock: { ...clock, pausedMs, pausedAt: null, runningSince: now }, contact: seen.contact };
}

/** When the planned length will be reached if nobody pauses; null while paused or without a plan. */
export const plannedEndAt = ({ startedAt, pausedMs, pausedAt, plannedSeconds }: Clock): number | null =>
  plannedSeconds === null || pausedAt !== null ? null : startedAt + pausedMs + plannedSeconds * SECOND_MS;

/** The latest time at which the session ends by itself unless another heartbeat comes or the clock is put back. */
export const computeSweepAt = (startedAt: number, lastAt: number): number =>
  Math.min(lastAt + CONTACT_WINDOW_MS, startedAt + MAX_SESSION_MS);

export type End = { reason: CompletedReason; endedAt: number };

/**
 * The end that the session has reached by itself at `now`, by the limit it reached first, or null while it lives. It is
 * the same answer however late it is asked for.
 */
export function findDueEnd(clock: Clock, contact: Contact, now: number): End | null {
  const limits = [
    { at: plannedEndAt(clock) ?? Infinity, reason: "auto" as const },
    { at: getPresentStart(clock) + MAX_SESSION_MS, reason: "auto" as const },
    { at: contact.lastAt + CONTACT_WINDOW_MS, reason: "timeout" as const },
  ];
  const first = limits.reduce((earliest, limit) => (limit.at < earliest.at ? limit : earliest));
  if (first.at > now) return null;
  return { reason: first.reason, endedAt: first.reason === "timeout" ? contact.lastAt : first.at };
}

/** The end of a session that a person ends at `now`; a crash is dated to the last heartbeat. */
export const toRequestedEnd = (reason: CompletedReason, contact: Contact, now: number): End => ({
  reason,
  endedAt: reason === "crash_recovered" || reason === "timeout" ? contact.lastAt : now,
});

/** The figures of an ended session; all whole numbers. */
export type Figures = { totalSeconds: number; focusedSeconds: number; xp: Rates };

export function computeFigures(clock: Clock, contact: Contact, rates: Rates, endedAt: number): Figures {
  const focusedSeconds = Math.floor(measureFocusedMs(clock, contact, endedAt) / SECOND_MS);
  return {
    totalSeconds: Math.floor(totalMsAt(clock, endedAt) / SECOND_MS),
    focusedSeconds,
    xp: earnedXp(rates, focusedSeconds),
  };
}

const MICRO = 1_000_000;

/**
 * Rate × whole seconds, rounded half up. Counted in millionths, because 0.145 × 100 in floating point falls just short
 * of the half.
 *
 * @param rate XP per second, up to six decimals
 */
export const computeXp = (rate: number, focusedSeconds: number): number =>
  Math.floor((Math.round(rate * MICRO) * focusedSeconds + MICRO / 2) / MICRO);

export const earnedXp = (rates: Rates, focusedSeconds: number): Rates =>
  perDimension((dimension) => computeXp(rates[dimension], focusedSeconds));

/** Reasons a returning client may give a session that ended for loss of contact. */
export const RELABELS: readonly CompletedReason[] = ["crash_recovered", "abandoned"];
