/**
 * Cron expressions: minute, hour, day of the month, month and day of the week, in UTC. The grammar is the hosted
 * platform's, a part of Quartz's: `*`, values, names in any case, ranges (`FRI-MON` goes around), steps and lists; as a
 * day of the month also `L`, `L-3`, `LW`, `L-3W` and `15W`, as a day of the week `L`, `5L` and `MON#2`. Sunday is 0.
 */

export interface CronTimes {
  minutes: Set<number>;
  hours: Set<number>;
  months: Set<number>;
  /** Whether the day fields allow a run on a date. */
  matchesDay(date: Date): boolean;
}

interface Field {
  name: string;
  min: number;
  max: number;
  names: string[];
}

const MINUTE: Field = { name: "minute", min: 0, max: 59, names: [] };
const HOUR: Field = { name: "hour", min: 0, max: 23, names: [] };
const DAY: Field = { name: "day of the month", min: 1, max: 31, names: [] };
const MONTH: Field = {
  name: "month",
  min: 1,
  max: 12,
  names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
};
const WEEKDAY: Field = {
  name: "day of the week",
  min: 0,
  max: 6,
  names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
};
const [SUNDAY, SATURDAY] = [0, 6];
const MAX_DAYS_BEFORE_LAST = 30;
const MAX_WEEKS = 5;

type Days = ((date: Date) => boolean) | "all";

/** @throws Error naming the field that cannot be read. */
export function parseCron(text: string): CronTimes {
  const fields = text.split(/[ \t]+/);
  if (fields.length !== 5 || fields.includes(""))
    throw new Error(
      "it must have five fields, separated by spaces: minute, hour, day of the month, month and day of the week",
    );
  const [minute, hour, day, month, weekday] = fields as [string, string, string, string, string];
  const times = {
    minutes: parseValues(minute, MINUTE),
    hours: parseValues(hour, HOUR),
    months: parseValues(month, MONTH),
  };
  const [days, weekdays] = [parseDays(day), parseWeekdays(weekday)];
  return {
    ...times,
    matchesDay(date) {
      if (days === "all") return weekdays === "all" || weekdays(date);
      // As in Unix cron: when both are restricted, either will do.
      return days(date) || (weekdays !== "all" && weekdays(date));
    },
  };
}

function parseDays(text: string): Days {
  if (text === "*") return "all";
  const last = /^L(?:-(\d+))?(W)?$/.exec(text);
  if (last) {
    const before = last[1] === undefined ? 0 : parseNumberIn(last[1], [1, MAX_DAYS_BEFORE_LAST], text, DAY);
    const target = (date: Date) => countDaysInMonth(date) - before;
    return last[2] === undefined
      ? (date) => date.getUTCDate() === target(date)
      : (date) => date.getUTCDate() === findClosestWorkday(date, target(date));
  }
  const closest = /^(\d+)W$/.exec(text);
  if (closest) {
    const day = parseNumberIn(closest[1]!, [DAY.min, DAY.max], text, DAY);
    return (date) => day <= countDaysInMonth(date) && date.getUTCDate() === findClosestWorkday(date, day);
  }
  const days = parseValues(text, DAY);
  return (date) => days.has(date.getUTCDate());
}

function parseWeekdays(text: string): Days {
  if (text === "*") return "all";
  if (text === "L") return (date) => date.getUTCDay() === SATURDAY;
  const special = /^([^,/#-]+?)(?:L|#(\d+))$/.exec(text);
  if (!special) {
    const weekdays = parseValues(text, WEEKDAY);
    return (date) => weekdays.has(date.getUTCDay());
  }
  const weekday = parseValue(special[1]!, WEEKDAY, text);
  if (special[2] === undefined)
    return (date) => date.getUTCDay() === weekday && date.getUTCDate() + 7 > countDaysInMonth(date);
  const week = parseNumberIn(special[2], [1, MAX_WEEKS], text, WEEKDAY);
  return (date) => date.getUTCDay() === weekday && Math.ceil(date.getUTCDate() / 7) === week;
}

/** The values of a list of values, ranges and steps. */
function parseValues(text: string, field: Field): Set<number> {
  const { min, max } = field;
  const values = new Set<number>();
  if (text === "*") for (let value = min; value <= max; value++) values.add(value);
  else
    for (const [at, part] of text.split(",").entries()) {
      const match = /^([^-/]+)(?:-([^-/]+))?(?:\/(\d+))?$/.exec(part);
      // At the start of a list `*` stands for all values and needs a step; later on it is the least value.
      if (!match || (at === 0 && match[1] === "*" && !/^\*\/\d+$/.test(part))) throw makeUnreadableError(part, field);
      const [, first = "", last, stepText] = match;
      const start = first === "*" ? min : parseValue(first, field, part);
      const end = last !== undefined ? parseValue(last, field, part) : stepText === undefined ? start : max;
      const step = stepText === undefined ? 1 : parseNumberIn(stepText, [1, max - min], part, field);
      // A range that ends before it starts goes around.
      const length = end - start + (end < start ? max - min + 1 : 0);
      for (let offset = 0; offset <= length; offset += step)
        values.add(min + ((start - min + offset) % (max - min + 1)));
    }
  return values;
}

function parseValue(text: string, field: Field, part: string): number {
  const named = field.names.indexOf(text.toLowerCase());
  return named >= 0 ? named + field.min : parseNumberIn(text, [field.min, field.max], part, field);
}

function parseNumberIn(text: string, [min, max]: [number, number], part: string, field: Field): number {
  const value = Number(text);
  if (!/^\d+$/.test(text)) throw makeUnreadableError(part, field);
  if (value < min || value > max) {
    const hint = field === WEEKDAY && value === 7 ? "; Sunday is 0 or SUN" : "";
    throw new Error(`in "${part}" for the ${field.name}, ${text} is not between ${min} and ${max}${hint}`);
  }
  return value;
}

const makeUnreadableError = (part: string, field: Field): Error =>
  new Error(`"${part}" cannot be read as a ${field.name}`);

const countDaysInMonth = (date: Date): number =>
  new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();

/** The day from Monday to Friday that is next to a day of the date's month, and in that month. */
function findClosestWorkday(date: Date, day: number): number {
  const weekday = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), day)).getUTCDay();
  if (weekday === SATURDAY) return day === 1 ? 3 : day - 1;
  if (weekday === SUNDAY) return day === countDaysInMonth(date) ? day - 2 : day + 1;
  return day;
}
