import { defineTable } from "convex/server";
import { v, type Validator } from "convex/values";
import { FIGURES, type Figures } from "./buckets";

const fields = Object.fromEntries(FIGURES.map((name) => [name, v.number()])) as {
  [Name in keyof Figures]: Validator<number>;
};
export const vFigures = v.object(fields);

export const vSpan = v.union(v.literal("hour"), v.literal("day"), v.literal("all"));

/** The REST requests of an operation. */
export const vDurations = v.object({
  /** Method and path, as the OpenAPI document names them. */
  operation: v.string(),
  requests: v.number(),
  /** Answers of 5xx. */
  failed: v.number(),
  totalMs: v.number(),
  /** A histogram: see lib/numbers/histogram. */
  counts: v.array(v.number()),
});

export const historyTables = {
  /** Figures as they were every five minutes, of a week. Written by history/samples. */
  operationsSamples: defineTable({ at: v.number(), figures: vFigures }).index("by_at", ["at"]),

  /**
   * Times of REST requests: a row for each operation that was called in an hour of the last two days, in a day of the
   * last 30, and one since the deployment began, whose figures never fall. Written by history/durations.
   */
  operationsDurations: defineTable({
    span: vSpan,
    /** When the hour or day began, ms; 0 for all time. */
    at: v.number(),
    ...vDurations.fields,
  }).index("by_span_and_at_and_operation", ["span", "at", "operation"]),
};
