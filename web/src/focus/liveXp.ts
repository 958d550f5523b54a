/** The moving numbers of a running session, computed here from server state alone (contracts §5, "Accounting"). */
import { DIMENSIONS, type PerDimension } from "./dimensions";

export type Timing = {
  /** Focused time up to the last stop. */
  focusedMs: number;
  /** Server ms since when time counts, or null while it does not. */
  runningSince: number | null;
  plannedSeconds?: number | null;
};

/**
 * Focused time at server time `now` (ms). Never runs backwards at the start, when the clocks differ by a little, nor past
 * the planned length, at which the server ends the session.
 */
export function focusedMsAt({ focusedMs, runningSince, plannedSeconds }: Timing, now: number): number {
  const running = runningSince === null ? 0 : Math.max(0, now - runningSince);
  const limitMs = plannedSeconds ? plannedSeconds * 1_000 : Infinity;
  return Math.max(focusedMs, Math.min(focusedMs + running, limitMs));
}

/** XP of whole focused seconds: rate × seconds rounded half up, for each dimension. What the server will store. */
export const earnedXp = (rates: PerDimension, focusedSeconds: number): PerDimension =>
  perDimension((dimension) => Math.floor(rates[dimension] * Math.floor(focusedSeconds) + 0.5));

/**
 * XP to show while time runs: moves evenly from one whole second's amount to the next, a second behind, so that it never
 * shows more than has been earned and settles exactly on it when the session pauses.
 */
export function movingXp(rates: PerDimension, focusedMs: number, running: boolean): PerDimension {
  const seconds = Math.floor(focusedMs / 1_000);
  const earned = earnedXp(rates, seconds);
  if (!running || seconds === 0) return running ? perDimension(() => 0) : earned;
  const before = earnedXp(rates, seconds - 1);
  const part = (focusedMs % 1_000) / 1_000;
  return perDimension((dimension) => Math.floor(before[dimension] + (earned[dimension] - before[dimension]) * part));
}

export const totalOf = (amounts: PerDimension): number => DIMENSIONS.reduce((sum, dimension) => sum + amounts[dimension], 0);

const perDimension = (amount: (dimension: keyof PerDimension) => number) =>
  Object.fromEntries(DIMENSIONS.map((dimension) => [dimension, amount(dimension)])) as PerDimension;
