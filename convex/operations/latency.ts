/** Times of REST requests for the operations page, live. */
import { v } from "convex/values";
import { permissionQuery } from "../identity/builders";
import { estimateQuantile } from "../lib/numbers/histogram";
import { listDurations, type Durations } from "./history/durations";

export { experimental_reuseContext } from "../lib/contexts";

/** Hours and days with the one that runs; days begin at midnight UTC. */
const PERIODS = {
  day: { span: "hour", count: 24 },
  week: { span: "day", count: 7 },
  month: { span: "day", count: 30 },
} as const;

const vLatency = v.object({
  operation: v.string(),
  requests: v.number(),
  /** Answers of 5xx. */
  failed: v.number(),
  p50Ms: v.number(),
  p95Ms: v.number(),
  p99Ms: v.number(),
});

const showLatency = ({ operation, requests, failed, counts }: Durations) => {
  const quantile = (part: number) => Math.round(estimateQuantile(counts, part) ?? 0);
  return { operation, requests, failed, p50Ms: quantile(0.5), p95Ms: quantile(0.95), p99Ms: quantile(0.99) };
};

/** The operations that were called in a period, slowest first. */
export const get = permissionQuery("view_operations")({
  args: { period: v.union(v.literal("day"), v.literal("week"), v.literal("month")) },
  returns: v.array(vLatency),
  handler: async (ctx, { period }) => {
    const { span, count } = PERIODS[period];
    return (await listDurations(ctx, span, count)).map(showLatency).sort((a, b) => b.p95Ms - a.p95Ms);
  },
});
