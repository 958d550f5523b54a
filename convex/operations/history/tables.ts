import { defineTable } from "convex/server";
import { v, type Validator } from "convex/values";
import { FIGURES, type Figures } from "./buckets";

const fields = Object.fromEntries(FIGURES.map((name) => [name, v.number()])) as {
  [Name in keyof Figures]: Validator<number>;
};
export const vFigures = v.object(fields);

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
   * Times of REST requests by operation: a row for each hour of 30 days in which there were any, and one since the
   * deployment began (`hourAt` null), whose figures never fall. Written by history/durations.
   */
  operationsDurations: defineTable({
    hourAt: v.union(v.number(), v.null()),
    operations: v.array(vDurations),
  }).index("by_hourAt", ["hourAt"]),
};
