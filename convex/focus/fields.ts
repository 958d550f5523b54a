/** Checks of what users type in, with the limits that the forms show. */
import { invalid, type FieldErrors } from "../lib/errors";
import { cleanText, textProblems } from "../lib/text";

export const TITLE_MAX = 200;
export const NAME_MAX = 100;
/** Room for joined emoji such as families and flags. */
export const EMOJI_MAX = 32;
export const DAYS_TOTAL_MAX = 3_650;

const COLOR = /^#[0-9a-f]{6}$/i;

/** Collects reasons field by field; `done` throws `VALIDATION` when there are any. */
export function checking() {
  const fields: FieldErrors = {};
  const wrong = (name: string, reason: string) => (fields[name] ??= []).push(reason);
  const optionalText = (name: string, value: string, max: number): string => {
    const clean = cleanText(value);
    for (const problem of textProblems(clean, max)) wrong(name, problem);
    return clean;
  };
  return {
    /** The cleaned text of at most `max` characters. */
    optionalText,
    /** The cleaned text of 1 to `max` characters. */
    text(name: string, value: string, max: number): string {
      const clean = optionalText(name, value, max);
      if (clean === "") wrong(name, "May not be blank.");
      return clean;
    },
    color(name: string, value: string): string {
      if (!COLOR.test(value)) wrong(name, "Must be a color written as #rrggbb.");
      return value.toLowerCase();
    },
    integer(name: string, value: number, min: number, max: number): number {
      if (!Number.isInteger(value) || value < min || value > max)
        wrong(name, `Must be a whole number from ${min} to ${max}.`);
      return value;
    },
    that(name: string, holds: boolean, reason: string): void {
      if (!holds) wrong(name, reason);
    },
    done(): void {
      if (Object.keys(fields).length > 0) throw invalid(fields);
    },
  };
}
