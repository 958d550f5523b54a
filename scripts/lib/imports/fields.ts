/** Fields of import files. CSV has text only, so that numbers, booleans and JSON are taken from text too. */
import { z } from "zod";
import { cleanText, lengthOf, isUnicode } from "../../../convex/lib/text";
import { parseTime } from "../../../convex/lib/time";
import { compact } from "../../../convex/valuations/drafts/jsonText";
import { readPlainNumber } from "./figures";
import { isMeantAsJson, notJson, RawJson } from "./json";

const emptyIsNull = (value: unknown) => (typeof value === "string" && value.trim() === "" ? null : (value ?? null));

const kept = (max: number) =>
  z
    .string()
    .refine(isUnicode, "must be valid Unicode")
    .refine((value) => lengthOf(value) <= max, `must have at most ${max} characters`);

/** A cleaned text or null. */
export const text = (max: number) =>
  z.preprocess(emptyIsNull, z.string("must be text").transform(cleanText).pipe(kept(max)).nullable()).default(null);

export const requiredText = (max: number) =>
  z
    .string({ error: ({ input }) => (input === undefined || input === null ? "is required" : "must be text") })
    .transform(cleanText)
    .pipe(kept(max).min(1, "is required"));

/** In a column of numbers, times or booleans, words for no value are one. */
const noneIsNull = (value: unknown) =>
  typeof value === "string" && /^(?:n\/?a|<na>|nan|nat|none|null)?$/i.test(value.trim()) ? null : (value ?? null);

function toNumber(value: unknown, ctx: z.RefinementCtx): unknown {
  const given = noneIsNull(value instanceof RawJson ? value.text : value);
  const number = typeof given === "string" ? readPlainNumber(given) : null;
  if (number === null) return given;
  if (typeof number === "number") return number;
  ctx.addIssue({ code: "custom", message: number.problem });
  return z.NEVER;
}

export const number = () => z.preprocess(toNumber, z.number("must be a number").nullable()).default(null);
export const integer = (min: number, max: number) =>
  z
    .preprocess(
      toNumber,
      z
        .number("must be a whole number")
        .int("must be a whole number")
        .min(min, `must be at least ${min}`)
        .max(max, `must be at most ${max}`)
        .nullable(),
    )
    .default(null);

const BOOLEANS = new Map([
  ...["true", "t", "1", "yes", "y", "on"].map((text) => [text, true] as const),
  ...["false", "f", "0", "no", "n", "off"].map((text) => [text, false] as const),
]);
export const boolean = () =>
  z
    .preprocess((value) => {
      const given = noneIsNull(value);
      if (given === null) return false;
      return typeof given === "string" || typeof given === "number"
        ? (BOOLEANS.get(String(given).trim().toLowerCase()) ?? given)
        : given;
    }, z.boolean("must be true or false"))
    .default(false);

/** As databases and programs write times: a space for the `T`, offsets of hours alone or with seconds, "UTC". */
const LOOSE_TIME =
  /^(\d{4,}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?) ?(?:(Z|UTC|GMT)|([+-]\d{2})(?::?(\d{2}))?(?::?(\d{2}))?)$/i;
const TIME_RULE = "must be an RFC 3339 time with an offset, such as 2024-12-13T10:00:00+01:00";

/** ms since the epoch of a time as RFC 3339 or databases write it, or the reason why it is none. */
function readTime(value: string): number | string {
  const text = value.trim();
  const [, day = "", clock = "", zone, hours = "+00", minutes = "00", seconds = "00"] = LOOSE_TIME.exec(text) ?? [];
  const offset = zone === undefined ? `${hours}:${minutes}` : "Z";
  const ms = parseTime(text) ?? parseTime(`${day}T${clock.replace(",", ".")}${offset}`);
  // PostgreSQL writes the seconds of offsets from before time zones.
  if (ms !== null) return ms + (hours.startsWith("-") ? 1 : -1) * Number(seconds) * 1000;
  if (/^[+-]?infinity$/i.test(text)) return "must be a time, not infinity";
  if (/ BC$/i.test(text)) return "must be a time of the years 1 to 9999";
  if (/^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?$/i.test(text)) return `has no time zone: ${TIME_RULE}`;
  return TIME_RULE;
}

/** The time that MySQL writes for none. */
const ZERO_TIME = /^0000-00-00(?:[T ]00:00(?::00(?:\.0+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/i;
const zeroIsNull = (value: unknown) => (typeof value === "string" && ZERO_TIME.test(value.trim()) ? null : value);

const readableTime = () =>
  z
    .string({ error: ({ input }) => (input === undefined || input === null ? "is required" : TIME_RULE) })
    .transform((value, ctx) => {
      const ms = readTime(value);
      if (typeof ms === "number") return ms;
      ctx.addIssue({ code: "custom", message: ms });
      return z.NEVER;
    });
/** RFC 3339, or what databases write → ms since the epoch. */
export const time = () => z.preprocess(zeroIsNull, readableTime());
export const optionalTime = () =>
  z.preprocess((value) => noneIsNull(zeroIsNull(value)), readableTime().nullable()).default(null);

export type JsonKind = "object" | "array" | "any";
const OPENING: Record<JsonKind, RegExp> = { object: /^\{/, array: /^\[/, any: /./ };

/** Compact JSON from a cell of text, or null when it holds none. */
function jsonOfCell(text: string): string | null {
  try {
    JSON.parse(text);
    return compact(text);
  } catch {
    return null;
  }
}

/** JSON of a kind → its text, or null. From CSV as text; from JSON files as the value itself. */
export const json = (kind: JsonKind) =>
  z
    .unknown()
    .transform((value, ctx): string | null => {
      const given: unknown = emptyIsNull(value);
      const text =
        given instanceof RawJson ? given.text : typeof given === "string" ? jsonOfCell(given) : JSON.stringify(given);
      if (text === null && (kind !== "any" || isMeantAsJson(String(given))))
        ctx.addIssue({ code: "custom", message: notJson(String(given)) });
      else if (text !== null && text !== "null" && !OPENING[kind].test(text))
        ctx.addIssue({ code: "custom", message: `must be a JSON ${kind}` });
      // Text that is no JSON is a JSON string where any value will do.
      const json = text ?? JSON.stringify(given);
      return json === "null" ? null : json;
    })
    .optional()
    .transform((value) => value ?? null);
