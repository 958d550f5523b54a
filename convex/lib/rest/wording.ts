/** What wrong input is told, in the words the models use for theirs; zod's own are for programmers. */
import type { core } from "zod";

const KINDS: Record<string, string> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "an object",
  record: "an object",
  array: "a list",
};

/** An error map for `safeParse`; undefined leaves zod's own words. Messages given in a schema come before it. */
export function wording(issue: core.$ZodRawIssue): string | undefined {
  // A field that is there with the wrong value is not missing, so only the value itself can tell.
  if (issue.input === undefined && (issue.code === "invalid_type" || issue.code === "invalid_value")) return "This field is required.";
  switch (issue.code) {
    case "invalid_type":
      return KINDS[issue.expected] && `Must be ${KINDS[issue.expected]}.`;
    case "invalid_value":
      return `Must be ${issue.values.length === 1 ? "" : "one of "}${issue.values.map((value) => JSON.stringify(value)).join(", ")}.`;
    case "too_small":
      if (issue.origin === "string") return issue.minimum === 1 ? "May not be blank." : `Must have at least ${issue.minimum} characters.`;
      return isNumber(issue.origin) ? `Must be at least ${issue.minimum}.` : undefined;
    case "too_big":
      if (issue.origin === "string") return `Must have at most ${issue.maximum} characters.`;
      return isNumber(issue.origin) ? `Must be at most ${issue.maximum}.` : undefined;
    case "invalid_format":
      return issue.format === "guid" || issue.format === "uuid" ? "Must be a UUID." : undefined;
    default:
      return undefined;
  }
}

const isNumber = (origin: string): boolean => origin === "number" || origin === "int";
