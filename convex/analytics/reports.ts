/** Reports on the figures: daily counts, funnels and weekly returns. For `view_analytics`, of the caller's tenant. */
import { v, type Infer } from "convex/values";
import type { QueryCtx } from "../_generated/server";
import type { Id } from "../_generated/dataModel";
import { permissionQuery } from "../identity/builders";
import { inLiveTerms } from "../lib/liveErrors";
import { parse } from "../lib/schemas/parse";
import { ANY, listDays, listSketches } from "./days";
import { completeRange, rangeInput } from "./range";
import { emptySketch, estimateCommon, estimatePeople, uniteSketches, type Sketch } from "../lib/numbers/sketch";
import { addDays, ALL_EVENTS, toDay, type AnalyticsEvent } from "./writer";

export { experimental_reuseContext } from "../lib/contexts";

const viewerQuery = permissionQuery("view_analytics");
type ReadCtx = { db: QueryCtx["db"] };

export const vRange = { from: v.optional(v.string()), to: v.optional(v.string()) };

/** A day has no more figures. */
export const FIGURES_A_DAY = ALL_EVENTS.length;

const vDay = v.object({ day: v.string(), event: v.string(), count: v.number(), people: v.number() });

/** The figures of each day and event, oldest first. */
export const daily = viewerQuery({
  args: { ...vRange, event: v.optional(v.string()) },
  returns: v.array(vDay),
  handler: async (ctx, args) =>
    await inLiveTerms(async () => {
      const range = completeRange(parse(rangeInput, args), toDay(Date.now()));
      const rows = await listDays(ctx, { tenantId: ctx.principal.tenantId, ...range }, DAYS_READ_MAX);
      return rows.map(({ day, event, count, people }) => ({ day, event, count, people }));
    }),
});

/** Rows of the longest range with every event on each day. */
export const DAYS_READ_MAX = 8_000;

/** The steps of each funnel, in the order in which people take them. */
const FUNNELS: Record<string, AnalyticsEvent[]> = {
  valuations: ["page_opened.valuations", "draft_started", "draft_completed"],
  focus: ["page_opened.focus", "session_started", "session_finished"],
  tutoring: ["page_opened.tutoring", "request_made", "request_approved", "attended"],
};
const FUNNEL_DAYS_MAX = 31;

const vFunnel = v.object({
  name: v.string(),
  steps: v.array(
    v.object({
      event: v.string(),
      people: v.number(),
      /** Percent of those who took the step before; null for the first step and after one that nobody took. */
      percentOfBefore: v.union(v.number(), v.null()),
    }),
  ),
});

/** How many people took each step of a funnel within the range, of at most 31 days up to `to`, and the step before. */
export const funnels = viewerQuery({
  args: vRange,
  returns: v.array(vFunnel),
  handler: async (ctx, args) =>
    await inLiveTerms(async () => {
      const { from, to } = completeRange(parse(rangeInput, args), toDay(Date.now()));
      const earliest = addDays(to, 1 - FUNNEL_DAYS_MAX);
      const range = { from: from > earliest ? from : earliest, to };
      const { tenantId } = ctx.principal;
      return await Promise.all(
        Object.entries(FUNNELS).map(async ([name, events]) => ({
          name,
          steps: await measureSteps(ctx, tenantId, events, range),
        })),
      );
    }),
});

type Step = Infer<typeof vFunnel>["steps"][number];

async function measureSteps(
  ctx: ReadCtx,
  tenantId: Id<"tenants">,
  events: readonly AnalyticsEvent[],
  range: { from: string; to: string },
): Promise<Step[]> {
  const steps: Step[] = [];
  let before: Sketch | null = null;
  for (const event of events) {
    const sketches = await listSketches(ctx, { tenantId, event, ...range });
    const sketch = uniteSketches(sketches.map((row) => row.sketch));
    const earlier: number = before === null ? 0 : estimatePeople(before);
    const percentOfBefore: number | null =
      before === null || earlier === 0 ? null : Math.round((estimateCommon(before, sketch) / earlier) * 1_000) / 10;
    steps.push({ event, people: estimatePeople(sketch), percentOfBefore });
    before = sketch;
  }
  return steps;
}

const WEEKS_MAX = 12;

const vReturns = v.object({
  /** The Monday with which the week begins. */
  week: v.string(),
  people: v.number(),
  /** How many of them came in the week after, as far as that week has gone. */
  returned: v.number(),
});

/** Counts the people of each of the last weeks, and how many of them did anything in the week after. */
export const returns = viewerQuery({
  args: { weeks: v.optional(v.number()) },
  returns: v.array(vReturns),
  handler: async (ctx, { weeks = 8 }) => {
    const count = Math.max(1, Math.min(WEEKS_MAX, Math.floor(weeks) || 1));
    const today = toDay(Date.now());
    const monday = addDays(today, -((new Date(today).getUTCDay() + 6) % 7));
    const from = addDays(monday, -7 * (count - 1));
    const rows = await listSketches(ctx, { tenantId: ctx.principal.tenantId, event: ANY, from, to: today });
    const perWeek = Array.from({ length: count }, (_, index) => {
      const [first, last] = [addDays(from, index * 7), addDays(from, index * 7 + 6)];
      const sketches = rows.filter(({ day }) => day >= first && day <= last).map(({ sketch }) => sketch);
      return { week: first, sketch: uniteSketches(sketches) };
    });
    return perWeek.map(({ week, sketch }, index) => ({
      week,
      people: estimatePeople(sketch),
      returned: estimateCommon(sketch, perWeek[index + 1]?.sketch ?? emptySketch()),
    }));
  },
});
