/** Parses a value by a schema; `VALIDATION` names each wrong field. */
import { getFirstReason, invalid, type AppError, type FieldErrors } from "../errors";
import { clipped } from "../text";
import type { z } from "./zod";

/** Throws `VALIDATION` with the wrong or unknown fields under their own names. */
export function parse<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw toRefusal(result.error);
}

/** An answer names no more fields, and no more characters of each name: both come from the request. */
const FIELDS_MAX = 50;
const NAME_MAX = 256;

/** `VALIDATION` with each wrong or unknown field under its own name; the message counts those that are not named. */
export function toRefusal(error: Pick<z.ZodError, "issues">): AppError {
  const fields = Object.create(null) as FieldErrors;
  let named = 0;
  let more = 0;
  for (const [name, reason] of problems(error)) {
    const reasons = fields[name];
    if (reasons) {
      if (!reasons.includes(reason)) reasons.push(reason);
    } else if (named < FIELDS_MAX) {
      fields[name] = [reason];
      named += 1;
    } else more += 1;
  }
  return invalid(fields, more === 0 ? undefined : `${getFirstReason(fields)} And ${more} more.`);
}

function* problems({ issues }: Pick<z.ZodError, "issues">): Generator<[name: string, reason: string]> {
  for (const issue of issues) {
    const path = issue.path.map(String).join(".");
    if (issue.code !== "unrecognized_keys") yield [clipped(path || "body", NAME_MAX), issue.message];
    else for (const key of issue.keys) yield [clipped(path ? `${path}.${key}` : key, NAME_MAX), "Unknown field."];
  }
}
