/** The reasons why a value is refused, in words for people. Reasons that a schema gives itself go first. */
import type { z } from "zod";

const TYPES: Record<string, string> = {
  string: "a string",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "an object",
  record: "an object",
  array: "an array",
};

type Issue = z.core.$ZodRawIssue;

/** The reason for an issue of zod's, or undefined to leave it zod's own. */
export function formatIssue(issue: Issue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      if (issue.input === undefined) return "This field is required.";
      return issue.expected in TYPES ? `Must be ${TYPES[issue.expected]}.` : undefined;
    case "too_big":
      return formatBound("at most", Number(issue.maximum), issue);
    case "too_small":
      return Number(issue.minimum) === 1 && issue.origin === "string"
        ? "Must not be empty."
        : formatBound("at least", Number(issue.minimum), issue);
    case "invalid_value":
      if (issue.input === undefined) return "This field is required.";
      return `Must be ${joinAlternatives(issue.values.map(String))}.`;
    case "invalid_format":
      if (issue.format === "uuid" || issue.format === "guid") return "Must be a UUID.";
      return issue.format === "url" ? "Must be a URL." : undefined;
    default:
      return undefined;
  }
}

const joinAlternatives = (values: string[]): string =>
  values.length < 2 ? values.join("") : `${values.slice(0, -1).join(", ")} or ${values.at(-1)}`;

function formatBound(which: string, limit: number, issue: { origin?: unknown; inclusive?: boolean }): string {
  if (issue.inclusive === false) return `Must be ${which === "at most" ? "less" : "more"} than ${limit}.`;
  if (issue.origin === "string") return `Must have ${which} ${limit} characters.`;
  if (issue.origin === "array") return `Must have ${which} ${limit} entries.`;
  return `Must be ${which} ${limit}.`;
}
