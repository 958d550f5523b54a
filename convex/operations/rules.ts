import { MINUTE_MS } from "../lib/time";

/** The cron that shows that the scheduler runs. */
export const TICK_INTERVAL_MS = MINUTE_MS;
/** After so many missed runs the scheduler counts as down. */
const MISSED_TICKS_MAX = 3;

/** @param lastTickAt ms; null before the first run, which a new deployment has ahead of it */
export const isSchedulerDown = (lastTickAt: number | null, now: number): boolean =>
  lastTickAt !== null && now - lastTickAt > MISSED_TICKS_MAX * TICK_INTERVAL_MS;
