/** The state of the deployment for the operations page, live. Times are ms since the epoch. */
import { v, type Infer } from "convex/values";
import { internal } from "../_generated/api";
import { permissionQuery } from "../identity/builders";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../lib/time";
import { toBuckets } from "./history/buckets";
import { listSamples } from "./history/samples";
import { vFigures } from "./history/tables";
import { VERSION } from "./version";

export { experimental_reuseContext } from "../lib/contexts";

const vQueue = v.object({ depth: v.number(), oldestAt: v.union(v.number(), v.null()) });

const vState = v.object({
  version: v.string(),
  /** When the cron of each minute last ran; null before its first run. */
  lastTickAt: v.union(v.number(), v.null()),
  /** How late the scheduler last ran a job; null before that was measured. */
  lateMs: v.union(v.number(), v.null()),
  webhooks: vQueue,
});
type State = Infer<typeof vState>;

/** The work that runs now. */
export const get = permissionQuery("view_operations")({
  args: {},
  returns: vState,
  handler: async (ctx): Promise<State> => {
    const { lastTickAt, lateMs, webhooks } = await ctx.runQuery(internal.operations.measures.measure, {});
    return { version: VERSION, lastTickAt, lateMs, webhooks };
  },
});

const PERIODS = {
  day: { widthMs: 15 * MINUTE_MS, count: DAY_MS / (15 * MINUTE_MS) },
  week: { widthMs: 2 * HOUR_MS, count: (7 * DAY_MS) / (2 * HOUR_MS) },
};

/** The last day or week in buckets, oldest first; `figures` is null where the deployment was not running. */
export const history = permissionQuery("view_operations")({
  args: { period: v.union(v.literal("day"), v.literal("week")) },
  returns: v.object({
    widthMs: v.number(),
    buckets: v.array(v.object({ at: v.number(), figures: v.union(vFigures, v.null()) })),
  }),
  handler: async (ctx, { period }) => {
    const { widthMs, count } = PERIODS[period];
    const now = Date.now();
    // One bucket more, for what the totals began with.
    const samples = await listSamples(ctx, now - (count + 1) * widthMs);
    return { widthMs, buckets: toBuckets(samples, { now, widthMs, count }) };
  },
});
