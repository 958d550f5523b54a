/** The figures that metrics show, read from what is there: nothing here is kept for them but counters. */
import { v, type Infer } from "convex/values";
import { internalQuery, type QueryCtx } from "../_generated/server";
import { readCounters } from "../lib/counters";
import { DAY_MS } from "../lib/time";
import { measureStore } from "../store/health";
import { getLastTick, getLateness } from "./ticks";

export { experimental_reuseContext } from "../lib/contexts";

type ReadCtx = { db: QueryCtx["db"] };

/** A queue is counted up to here, so that a long one does not make every scrape expensive. */
const QUEUE_MAX = 1_000;

const vQueue = v.object({ depth: v.number(), oldestAt: v.union(v.number(), v.null()) });
const vMeasures = v.object({
  counters: v.record(v.string(), v.number()),
  outbox: vQueue,
  webhooks: vQueue,
  lastTickAt: v.union(v.number(), v.null()),
  lateMs: v.union(v.number(), v.null()),
});

export const measure = internalQuery({
  args: {},
  returns: vMeasures,
  handler: async (ctx): Promise<Infer<typeof vMeasures>> => {
    const { depth, oldestAt, deliveredCount } = await measureStore(ctx);
    return {
      counters: { ...Object.fromEntries(await readCounters(ctx)), outbox_delivered: deliveredCount },
      outbox: { depth, oldestAt },
      webhooks: await measureWebhooks(ctx),
      lastTickAt: await getLastTick(ctx),
      lateMs: await getLateness(ctx),
    };
  },
});

async function measureWebhooks(ctx: ReadCtx) {
  const pending = await ctx.db
    .query("webhookDeliveries")
    .withIndex("by_status_and_nextAt", (q) => q.eq("status", "pending"))
    .take(QUEUE_MAX);
  const oldestAt = pending.reduce((oldest, { queuedAt }) => Math.min(oldest, queuedAt), Infinity);
  return { depth: pending.length, oldestAt: pending.length === 0 ? null : oldestAt };
}

/** The domains whose live sessions are counted, each with what counts as live. */
export const LIVE_DOMAINS = {
  accounts: "sessions of devices that have neither ended nor lapsed",
  focus: "sessions that run or are paused",
  tutoring: "sessions in progress",
  valuations: "drafts that were begun within a day and are neither completed nor deleted",
} as const;
export type LiveDomain = keyof typeof LIVE_DOMAINS;
const vLiveDomain = v.union(v.literal("accounts"), v.literal("focus"), v.literal("tutoring"), v.literal("valuations"));

const PAGE = 2_000;

/** Counts a page of a domain's live sessions; `next` is null at the end. */
export const countLive = internalQuery({
  args: { domain: vLiveDomain, cursor: v.union(v.string(), v.null()), now: v.number() },
  returns: v.object({ count: v.number(), next: v.union(v.string(), v.null()) }),
  handler: async (ctx, { domain, cursor, now }) => {
    const { rows, isDone, continueCursor } = await READ_LIVE[domain](ctx, { cursor, numItems: PAGE }, now);
    return { count: rows, next: isDone ? null : continueCursor };
  },
});

type Options = { cursor: string | null; numItems: number };
type Counted = { rows: number; isDone: boolean; continueCursor: string };

const READ_LIVE: Record<LiveDomain, (ctx: ReadCtx, options: Options, now: number) => Promise<Counted>> = {
  accounts: async ({ db }, options, now) =>
    toCounted(
      await db
        .query("accountSessionActivity")
        .withIndex("by_expiresAt", (q) => q.gt("expiresAt", now))
        .paginate(options),
    ),
  focus: async ({ db }, options) =>
    toCounted(
      await db
        .query("focusSessions")
        .withIndex("by_state_and_endedAt", (q) => q.eq("state.kind", "live"))
        .paginate(options),
    ),
  tutoring: async ({ db }) => {
    const tenants = await db.query("tenants").take(TENANTS_MAX);
    let rows = 0;
    for (const { _id } of tenants)
      rows += (
        await db
          .query("tutoringCards")
          .withIndex("by_tenantId_and_status_and_level", (q) => q.eq("tenantId", _id).eq("status", "ongoing"))
          .take(CARDS_MAX)
      ).length;
    return { rows, isDone: true, continueCursor: "" };
  },
  valuations: async ({ db }, options, now) =>
    toCounted(
      await db
        .query("valuationDrafts")
        .withIndex("by_creation_time", (q) => q.gt("_creationTime", now - DAY_MS))
        .paginate(options),
      ({ status, deleted }) => status !== "COMPLETED" && !deleted,
    ),
};

/** Cards hold the text of a whole session, so fewer of them are read at once. */
const CARDS_MAX = 100;
const TENANTS_MAX = 100;

const toCounted = <Row>(
  { page, isDone, continueCursor }: { page: Row[]; isDone: boolean; continueCursor: string },
  counts: (row: Row) => boolean = () => true,
): Counted => ({ rows: page.filter(counts).length, isDone, continueCursor });
