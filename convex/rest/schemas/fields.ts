import { headers, type ResponseHeader } from "./headers";
import { z } from "./zod";
import { parseTime } from "../../lib/time";

/** RFC 3339 with any offset → ms since the epoch. */
export const time = () =>
  z
    .string()
    .transform((value, ctx) => {
      const ms = parseTime(value.trim());
      if (ms === null) ctx.addIssue({ code: "custom", message: "Must be an RFC 3339 time with an offset." });
      return ms ?? z.NEVER;
    })
    .openapi({ type: "string", format: "date-time" });

/** A whole number in a query string; without `max`, one that no double holds is read as the largest that is exact. */
export const queryInteger = (options: { min: number; max?: number }) =>
  z
    .string()
    .regex(/^\d+$/, "Must be a whole number.")
    .transform((digits) => Math.min(Number(digits), Number.MAX_SAFE_INTEGER))
    .pipe(
      z
        .number()
        .min(options.min)
        .max(options.max ?? Number.MAX_SAFE_INTEGER),
    )
    .openapi({ type: "integer", minimum: options.min, ...(options.max !== undefined && { maximum: options.max }) });

// At most 15 digits: all of them exact in a double. Written in one way only, as paths match byte for byte.
const ID = /^(0|[1-9]\d{0,14})$/;
const DIGITS_MAX = 10 ** 15 - 1;

/** An integer id in a path or a query string. */
export const integerId = () =>
  z.string().regex(ID).transform(Number).openapi({ type: "integer", minimum: 0, maximum: DIGITS_MAX });

/** Response declarations for `createRoute`; `names` are the headers it has beyond those of every response. */
export const json = (schema: z.ZodType, description: string, ...names: ResponseHeader[]) => ({
  description,
  ...(names.length > 0 && { headers: headers(...names) }),
  content: { "application/json": { schema } },
});

const DESCRIPTIONS: Record<number, string> = {
  400: "Malformed input; `fields` names each wrong field",
  401: "No or no valid credential",
  403: "Not allowed",
  404: "Unknown, or not the caller's",
  405: "Method not allowed; see `Allow`",
  409: "Conflicts with what exists",
  412: "`If-Match` is stale",
  413: "Too large",
  415: "Unsupported media type",
  429: "Too many requests; see `Retry-After`",
  500: "Unexpected error",
  503: "Temporarily unavailable",
};

/** Error answers with the domain's body. Routes declare their own; those that any request may get are added for all. */
export const errors = (schema: z.ZodType, ...statuses: number[]) =>
  Object.fromEntries(statuses.map((status) => [status, json(schema, DESCRIPTIONS[status] ?? "Error")]));

/** Either credential (rest/README §0). */
export const SECURITY: Record<string, string[]>[] = [{ bearer: [] }, { sessionId: [] }];
