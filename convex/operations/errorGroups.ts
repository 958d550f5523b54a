/** Failures, by kind. The one module that writes `operationsErrors`. */
import type { Doc } from "../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../_generated/server";
import { internal } from "../_generated/api";
import { countUp } from "../lib/counters";
import { notFound } from "../lib/errors";
import { hashSha256 } from "../lib/ids";
import { cleanError, toKind, type RawError } from "./errorTexts";

export type ErrorGroup = Doc<"operationsErrors">;

/** Beyond it the kind that was seen longest ago makes room. */
const GROUPS_MAX = 500;

export type Report = RawError & {
  source: "server" | "browser";
  /** The endpoint or the page. */
  place: string;
  version: string;
  count: number;
};

/** The counter of a source's errors. */
export const ERRORS = "errors";

/** Counts an error among those of its kind, and tells Sentry where it is set. */
export async function recordError(ctx: MutationCtx, report: Report): Promise<void> {
  const { source, place, version, count } = report;
  const clean = cleanError(report);
  const fingerprint = await hashSha256(toKind(source, clean));
  const now = Date.now();
  const row = await ctx.db
    .query("operationsErrors")
    .withIndex("by_fingerprint", (q) => q.eq("fingerprint", fingerprint))
    .unique();
  const latest = { lastAt: now, version, place, message: clean.message, sample: clean.sample };
  if (row) await ctx.db.patch("operationsErrors", row._id, { ...latest, count: row.count + count });
  else {
    await makeRoom(ctx);
    await ctx.db.insert("operationsErrors", { ...latest, fingerprint, source, name: clean.name, count, firstAt: now });
  }
  await countUp(ctx, `${ERRORS} ${source}`, count);
  if (process.env.SENTRY_DSN)
    await ctx.scheduler.runAfter(0, internal.operations.sentry.forward, {
      event: {
        fingerprint,
        source,
        place,
        version,
        name: clean.name,
        message: clean.message,
        sample: clean.sample,
        at: now,
      },
    });
}

async function makeRoom(ctx: MutationCtx): Promise<void> {
  const rows = await ctx.db.query("operationsErrors").withIndex("by_lastAt").take(GROUPS_MAX);
  if (rows.length === GROUPS_MAX) await ctx.db.delete("operationsErrors", rows[0]!._id);
}

/** The kinds that were seen last. */
export const listGroups = (ctx: { db: QueryCtx["db"] }, limit: number): Promise<ErrorGroup[]> =>
  ctx.db.query("operationsErrors").withIndex("by_lastAt").order("desc").take(limit);

/** Forgets a kind, which begins anew when it is seen again. `NOT_FOUND` for one that is not there. */
export async function deleteGroup(ctx: MutationCtx, id: string): Promise<void> {
  const rowId = ctx.db.normalizeId("operationsErrors", id);
  if (!rowId || !(await ctx.db.get("operationsErrors", rowId))) throw notFound("This error is not listed any more.");
  await ctx.db.delete("operationsErrors", rowId);
}
