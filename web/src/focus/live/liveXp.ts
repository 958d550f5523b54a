/** The moving numbers of a running session, computed here from the server's state alone. */
import { earnedXp, plannedEndAt, type Clock } from "@convex/focus/rules";
import { perDimension } from "@convex/xp/amounts";
import type { PerDimension } from "../dimensions";

/**
 * Focused time at server time `now` (ms), as long as somebody attends. Never runs backward at the start, when the
 * clocks differ a little, nor past the planned end, at which the server ends the session.
 */
export function focusedMsAt(clock: Clock, now: number): number {
  if (clock.runningSince === null) return clock.focusedMs;
  const at = Math.min(now, plannedEndAt(clock) ?? Infinity);
  return clock.focusedMs + Math.max(0, at - clock.runningSince);
}

/**
 * The XP to show while time runs. It moves evenly from one whole second's amount to the next, a second late, so that it
 * never exceeds what has been earned and is exact when the session pauses.
 */
export function movingXp(rates: PerDimension, focusedMs: number, running: boolean): PerDimension {
  const seconds = Math.floor(focusedMs / 1_000);
  const earned = earnedXp(rates, seconds);
  if (!running) return earned;
  const before = earnedXp(rates, Math.max(0, seconds - 1));
  const part = (focusedMs % 1_000) / 1_000;
  return perDimension((dimension) => Math.floor(before[dimension] + (earned[dimension] - before[dimension]) * part));
}
