/** Time zones by their IANA names, with a runtime's own tables; shared with the browser. */

const formatters = new Map<string, Intl.DateTimeFormat>();
/** There are about 600 names; each formatter takes some kB. */
const FORMATTERS_MAX = 500;

function getFormatter(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-US", {
    timeZone,
    calendar: "gregory",
    numberingSystem: "latn",
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });
  if (formatters.size >= FORMATTERS_MAX) formatters.clear();
  formatters.set(timeZone, made);
  return made;
}

/** Names that stand for "not set"; some runtimes know them and mean UTC. */
const UNSET = /^(Etc\/Unknown|Factory)$/i;

/** Whether the runtime knows `timeZone` as an IANA name such as `Europe/Berlin`; offsets such as `+02:00` are none. */
export function isTimeZone(timeZone: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+\-/]{1,63}$/.test(timeZone) || UNSET.test(timeZone)) return false;
  try {
    return getFormatter(timeZone) !== undefined;
  } catch {
    return false;
  }
}

/** A name as the tables write it, if it differs from theirs in case only; else as it is, since many have aliases. */
export function spellTimeZone(timeZone: string): string {
  const known = getFormatter(timeZone).resolvedOptions().timeZone;
  return known.toLowerCase() === timeZone.toLowerCase() ? known : timeZone;
}

/** The local time in `timeZone` at `at` (ms), as `YYYY-MM-DDTHH:MM`. Throws RangeError for an unknown zone. */
export function localTimeIn(timeZone: string, at: number): string {
  if (timeZone === "UTC") return new Date(at).toISOString().slice(0, 16);
  const [month, day, year, hour, minute] = getFormatter(timeZone).format(at).split(/\D+/);
  return `${year!.padStart(4, "0")}-${month}-${day}T${hour}:${minute}`;
}

/** The date on which `at` (ms) falls in `timeZone`, as `YYYY-MM-DD`. Throws RangeError for an unknown zone. */
export const dateIn = (timeZone: string, at: number): string => localTimeIn(timeZone, at).slice(0, 10);
