import { defineTable } from "convex/server";
import { v, type Validator } from "convex/values";
import { FIGURES, type Figures } from "./buckets";

const fields = Object.fromEntries(FIGURES.map((name) => [name, v.number()])) as {
  [Name in keyof Figures]: Validator<number>;
};
export const vFigures = v.object(fields);

export const historyTables = {
  /** Figures as they were every five minutes, of a week. Written by history/samples. */
  operationsSamples: defineTable({ at: v.number(), figures: vFigures }).index("by_at", ["at"]),
};
