/** The moving numbers of a running session, computed here from server state alone (contracts §5, "Accounting"). */
import { earnedXp, plannedEndAt, type Clock } from "@convex/focus/rules";
import type { PerDimension } from "./dimensions";
import { perDimension } from "@convex/xp/amounts";

/**
 * Focused time at server time `now` (ms), as long as somebody attends. Never runs backwards at the start, when the clocks
 * differ by a little, nor past the planned end, at which the server ends the session.
 */
export function focusedMsAt(clock: Clock, now: number): number {
  if (clock.runningSince === null) return clock.focusedMs;
  const at = Math.min(now, plannedEndAt(clock) ?? Infinity);
  return clock.focusedMs + Math.max(0, at - clock.runningSince);
}

/**
 * XP to show while time runs: moves evenly from one whole second's amount to the next, a second behind, so that it never
 * shows more than has been earned and settles exactly on it when the session pauses.
 */
export function movingXp(rates: PerDimension, focusedMs: number, running: boolean): PerDimension {
  const seconds = Math.floor(focusedMs / 1_000);
  const earned = earnedXp(rates, seconds);
  if (!running) return earned;
  const before = earnedXp(rates, Math.max(0, seconds - 1));
  const part = (focusedMs % 1_000) / 1_000;
  return perDimension((dimension) => Math.floor(before[dimension] + (earned[dimension] - before[dimension]) * part));
}
