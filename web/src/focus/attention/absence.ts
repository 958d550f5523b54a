/** The cost of an absence: time between two looks at a session that was not counted as focused. */
import { ATTENTION_MS } from "@convex/focus/rules";
import type { LiveSession } from "../types";
import { focusedMsAt } from "../live/liveXp";

/** The last look of this browser at a session, in a visible tab. */
export type Seen = {
  /** The tab that looked. */
  tab: string;
  sessionId: string;
  /** The server's time in ms. */
  at: number;
  focusedMs: number;
  paused: boolean;
  changedAt: number | null;
};

export type Absence = { awayMs: number; unpaidMs: number };

const WORTH_A_WORD_MS = 5_000;

export const SEEN_KEY = "focus:seen";

export const look = (session: LiveSession, now: number, tab: string): Seen => ({
  tab,
  sessionId: session.id,
  at: now,
  focusedMs: focusedMsAt(session, now),
  paused: session.status === "paused",
  changedAt: session.lastChange.at,
});

/** True when so much time has passed that attention has lapsed. Timers are often late by less. */
export const wasAway = (seen: Seen, now: number): boolean => now - seen.at >= ATTENTION_MS;

/**
 * The absence since `seen`. Null when nothing was lost, or when someone paused or resumed meanwhile and so meant the
 * loss.
 */
export function absenceOf(seen: Seen | null, session: LiveSession, now: number): Absence | null {
  if (!seen || seen.sessionId !== session.id || seen.paused || session.status === "paused") return null;
  if (session.lastChange.at !== seen.changedAt) return null;
  const awayMs = now - seen.at;
  const unpaidMs = awayMs - (focusedMsAt(session, now) - seen.focusedMs);
  return wasAway(seen, now) && unpaidMs >= WORTH_A_WORD_MS ? { awayMs, unpaidMs } : null;
}

/** A stored look, or null when it is not one. */
export function parseSeen(text: string | null): Seen | null {
  if (!text) return null;
  try {
    const seen = JSON.parse(text) as Partial<Seen> | null;
    const whole =
      typeof seen?.sessionId === "string" && typeof seen.at === "number" && typeof seen.focusedMs === "number";
    return whole
      ? { tab: "", paused: false, changedAt: null, ...(seen as Omit<Seen, "tab" | "paused" | "changedAt">) }
      : null;
  } catch {
    return null;
  }
}
