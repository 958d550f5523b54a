/** The figures of days. The one module that writes `analyticsDays` and `analyticsSketches`. */
import type { Doc, Id } from "../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../_generated/server";
import { addMarks, emptySketch, estimatePeople, type Mark, type Sketch } from "../lib/numbers/sketch";

type ReadCtx = { db: QueryCtx["db"] };
type DayKey = { tenantId: Id<"tenants">; day: string; event: string };
export type AnalyticsDay = Doc<"analyticsDays">;

/** The event of those who did anything at all. */
export const ANY = "any";

/** Adds to a day what happened on it. */
export async function addToDay(ctx: MutationCtx, key: DayKey, marks: readonly Mark[]): Promise<void> {
  const sketch = await addToSketch(ctx, key, marks);
  if (key.event === ANY) return;
  const row = await ctx.db
    .query("analyticsDays")
    .withIndex("by_tenantId_and_day_and_event", (q) =>
      q.eq("tenantId", key.tenantId).eq("day", key.day).eq("event", key.event),
    )
    .unique();
  const people = estimatePeople(sketch);
  if (row) await ctx.db.patch("analyticsDays", row._id, { count: row.count + marks.length, people });
  else await ctx.db.insert("analyticsDays", { ...key, count: marks.length, people });
}

async function addToSketch(ctx: MutationCtx, key: DayKey, marks: readonly Mark[]): Promise<Sketch> {
  const row = await ctx.db
    .query("analyticsSketches")
    .withIndex("by_tenantId_and_event_and_day", (q) =>
      q.eq("tenantId", key.tenantId).eq("event", key.event).eq("day", key.day),
    )
    .unique();
  const sketch = addMarks(row?.sketch ?? emptySketch(), marks);
  if (row) await ctx.db.patch("analyticsSketches", row._id, { sketch });
  else await ctx.db.insert("analyticsSketches", { ...key, sketch });
  return sketch;
}

/** Figures of the days from `from` to `to`, both included; those of one event or of all. */
export async function listDays(
  ctx: ReadCtx,
  { tenantId, from, to, event }: { tenantId: Id<"tenants">; from: string; to: string; event?: string | undefined },
  limit: number,
): Promise<AnalyticsDay[]> {
  const rows = await ctx.db
    .query("analyticsDays")
    .withIndex("by_tenantId_and_day_and_event", (q) => q.eq("tenantId", tenantId).gte("day", from).lte("day", to))
    .take(limit);
  return event === undefined ? rows : rows.filter((row) => row.event === event);
}

/** The sketches of an event on those days. */
export async function listSketches(
  ctx: ReadCtx,
  { tenantId, from, to, event }: { tenantId: Id<"tenants">; from: string; to: string; event: string },
): Promise<{ day: string; sketch: Sketch }[]> {
  return await ctx.db
    .query("analyticsSketches")
    .withIndex("by_tenantId_and_event_and_day", (q) =>
      q.eq("tenantId", tenantId).eq("event", event).gte("day", from).lte("day", to),
    )
    .collect();
}

/** Deletes up to `limit` sketches of days before `day`; returns whether there may be more. */
export async function deleteSketchesBefore(ctx: MutationCtx, day: string, limit: number): Promise<boolean> {
  const old = await ctx.db
    .query("analyticsSketches")
    .withIndex("by_day", (q) => q.lt("day", day))
    .take(limit);
  for (const { _id } of old) await ctx.db.delete("analyticsSketches", _id);
  return old.length === limit;
}

/** As `deleteSketchesBefore`, for figures written so long ago. */
export async function deleteDaysBefore(ctx: MutationCtx, before: number, limit: number): Promise<boolean> {
  const old = await ctx.db
    .query("analyticsDays")
    .withIndex("by_creation_time", (q) => q.lt("_creationTime", before))
    .take(limit);
  for (const { _id } of old) await ctx.db.delete("analyticsDays", _id);
  return old.length === limit;
}
