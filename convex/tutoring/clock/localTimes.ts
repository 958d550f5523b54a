/**
 * Local times in named zones, right on days when clocks change; shared with the browser. Local times are
 * `YYYY-MM-DDTHH:MM`, instants ms.
 */
import { DAY_MS, MINUTE_MS } from "../../lib/time";

const clocks = new Map<string, Intl.DateTimeFormat>();
const CLOCKS_MAX = 500;

function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    calendar: "gregory",
    numberingSystem: "latn",
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });
  if (clocks.size >= CLOCKS_MAX) clocks.clear();
  clocks.set(zone, made);
  return made;
}

/** Whether the runtime knows `zone` as an IANA name such as `Europe/Berlin`; offsets such as `+02:00` are none. */
export function isZone(zone: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+\-/]{1,63}$/.test(zone)) return false;
  try {
    return clockOf(zone) !== undefined;
  } catch {
    return false;
  }
}

/** The local time in `zone` at `at`. */
export function localIn(zone: string, at: number): string {
  const part = Object.fromEntries(
    clockOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  return `${part.year?.padStart(4, "0")}-${part.month}-${part.day}T${part.hour}:${part.minute}`;
}

const asUtc = (local: string): number => Date.parse(`${local}Z`);

/** The local time so many days later, as calendars count: its hour and minute are the same. */
export const addDays = (local: string, days: number): string =>
  new Date(asUtc(local) + days * DAY_MS).toISOString().slice(0, 16);

/** The offset of `zone` from UTC at `at`. */
const aheadMs = (zone: string, at: number): number => asUtc(localIn(zone, at)) - Math.floor(at / MINUTE_MS) * MINUTE_MS;

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
    .filter((at) => localIn(zone, at) === local);
  if (first === undefined) return { kind: "skipped", next: localIn(zone, shown - before) };
  return second === undefined
    ? { kind: "once", at: first }
    : { kind: "twice", at: [Math.min(first, second), Math.max(first, second)] };
}
