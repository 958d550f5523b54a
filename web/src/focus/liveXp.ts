/** The moving numbers of a running session, computed here from server state alone (contracts §5, "Accounting"). */
import { earnedXp, perDimension } from "@convex/focus/rules";
import type { PerDimension } from "./dimensions";

export type Timing = {
  /** Focused time up to the last stop. */
  focusedMs: number;
  /** Server ms since when time counts, or null while it does not. */
  runningSince: number | null;
  plannedSeconds?: number | null;
};

/**
 * Focused time at server time `now` (ms), as long as somebody attends. Never runs backwards at the start, when the clocks
 * differ by a little, nor past the planned length, which focused time cannot exceed.
 */
export function focusedMsAt({ focusedMs, runningSince, plannedSeconds }: Timing, now: number): number {
  const running = runningSince === null ? 0 : Math.max(0, now - runningSince);
  const limitMs = plannedSeconds ? plannedSeconds * 1_000 : Infinity;
  return Math.max(focusedMs, Math.min(focusedMs + running, limitMs));
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
