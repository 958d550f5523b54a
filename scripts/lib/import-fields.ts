/** Fields of import files. CSV has text only, so that numbers, booleans and JSON are taken from text too. */
import { z } from "zod";
import { cleanText } from "../../convex/lib/text";
import { parseTime } from "../../convex/lib/time";

const emptyIsNull = (value: unknown) => (typeof value === "string" && value.trim() === "" ? null : (value ?? null));

/** A cleaned text or null. */
export const text = (max: number) =>
  z.preprocess(emptyIsNull, z.string("must be text").transform(cleanText).pipe(z.string().max(max, `must have at most ${max} characters`)).nullable()).default(null);

export const requiredText = (max: number) =>
  z
    .string("is required")
    .transform(cleanText)
    .pipe(z.string().min(1, "is required").max(max, `must have at most ${max} characters`));

const toNumber = (value: unknown) => {
  const given = emptyIsNull(value);
  return typeof given === "string" && /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(given.trim()) ? Number(given) : given;
};

export const number = () => z.preprocess(toNumber, z.number("must be a number").nullable()).default(null);
export const integer = (min: number, max: number) =>
  z
    .preprocess(toNumber, z.number("must be a whole number").int("must be a whole number").min(min, `must be at least ${min}`).max(max, `must be at most ${max}`).nullable())
    .default(null);

const BOOLEANS: Record<string, boolean> = { true: true, t: true, "1": true, false: false, f: false, "0": false };
export const boolean = () =>
  z.preprocess(
    (value) => {
      const given = emptyIsNull(value);
      if (given === null) return false;
      return typeof given === "string" || typeof given === "number" ? (BOOLEANS[String(given).toLowerCase()] ?? given) : given;
    },
    z.boolean("must be true or false"),
  ).default(false);

/** RFC 3339 → ms since the epoch. */
export const time = () =>
  z.string("is required").transform((value, ctx) => {
    const ms = parseTime(value);
    if (ms === null) ctx.addIssue({ code: "custom", message: "must be an RFC 3339 time with an offset" });
    return ms ?? z.NEVER;
  });
export const optionalTime = () => z.preprocess(emptyIsNull, time().nullable()).default(null);

export type JsonKind = "object" | "array" | "any";

/** JSON of a kind → its text, or null. From CSV as text; from JSON files as the value itself. */
export const json = (kind: JsonKind) =>
  z
    .unknown()
    .transform((value, ctx): string | null => {
      let given: unknown = emptyIsNull(value);
      if (typeof given === "string")
        try {
          given = JSON.parse(given) as unknown;
        } catch {
          if (kind !== "any") ctx.addIssue({ code: "custom", message: "is not JSON" });
        }
      if (given === null) return null;
      const fine = kind === "any" || (kind === "array" ? Array.isArray(given) : typeof given === "object" && !Array.isArray(given));
      if (!fine && typeof given !== "string") ctx.addIssue({ code: "custom", message: `must be a JSON ${kind}` });
      return JSON.stringify(given);
    })
    .optional()
    .transform((value) => value ?? null);
