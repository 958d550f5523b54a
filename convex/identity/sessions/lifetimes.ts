/** Lifetimes of account sessions and access tokens (accounts/README.md §2). */
import { DAY_MS, MINUTE_MS } from "../../lib/time";

/** A session ends after this time without use … */
export const IDLE_LIFETIME_MS = 7 * DAY_MS;
/** … and after this time in any case. */
export const TOTAL_LIFETIME_MS = 30 * DAY_MS;
/** Activity is stamped at most this often. */
export const TOUCH_INTERVAL_MS = MINUTE_MS;
/** Lifetime of an access token: at most 15 minutes. */
export const ACCESS_TOKEN_LIFETIME_MS = 15 * MINUTE_MS;

/** When a session used at `activityAt` lapses, all in ms since the epoch. */
export const computeExpiry = (createdAt: number, activityAt: number): number =>
  Math.min(activityAt + IDLE_LIFETIME_MS, createdAt + TOTAL_LIFETIME_MS);
