/**
 * Local times in named zones, right on days when clocks change; shared with the browser. Local times are
 * `YYYY-MM-DDTHH:MM`, instants ms.
 */
import { DAY_MS, MINUTE_MS } from "../../lib/time";
import { localTimeIn } from "../../lib/zones";

const asUtc = (local: string): number => Date.parse(`${local}Z`);

/** The local time so many days later, as calendars count: its hour and minute are the same. */
export const addDays = (local: string, days: number): string =>
  new Date(asUtc(local) + days * DAY_MS).toISOString().slice(0, 16);

/** The offset of `zone` from UTC at `at`. */
const aheadMs = (zone: string, at: number): number =>
  asUtc(localTimeIn(zone, at)) - Math.floor(at / MINUTE_MS) * MINUTE_MS;

/**
 * The meaning of a local time: `skipped` when clocks jump over it, `twice` when they go back over it, earlier first.
 */
export type Reading =
  | { kind: "none" }
  | { kind: "once"; at: number }
  | { kind: "skipped"; next: string }
  | { kind: "twice"; at: [number, number] };

export function readLocal(local: string, zone: string): Reading {
  const shown = asUtc(local);
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(local) || Number.isNaN(shown)) return { kind: "none" };
  const before = aheadMs(zone, shown - DAY_MS);
  const after = aheadMs(zone, shown + DAY_MS);
  const [first, second] = [...new Set([before, after])]
    .map((ahead) => shown - ahead)
    .filter((at) => localTimeIn(zone, at) === local);
  if (first === undefined) return { kind: "skipped", next: localTimeIn(zone, shown - before) };
  return second === undefined
    ? { kind: "once", at: first }
    : { kind: "twice", at: [Math.min(first, second), Math.max(first, second)] };
}
