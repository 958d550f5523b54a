/**
 * The people who look at a session just now. A beat writes the visitor's own row; the count changes only when people
 * come or go.
 */
import { v } from "convex/values";
import { internal } from "../_generated/api";
import type { Doc, Id } from "../_generated/dataModel";
import { internalMutation, type MutationCtx } from "../_generated/server";
import { invalid } from "../lib/errors";
import { sharedQuery, userMutation } from "../identity/builders";
import { listTextProblems } from "../lib/text";
import { SECOND_MS } from "../lib/time";
import { getSessionByPublicId, requireSession } from "./booking/sessionRows";

export { experimental_reuseContext } from "../lib/contexts";

/** Pages beat every 30 s; two lost beats and somebody is gone. */
export const PRESENT_FOR_MS = 75 * SECOND_MS;
const VISIT_MAX = 64;
const BATCH = 200;

const queryVisits = (ctx: MutationCtx, sessionId: Id<"tutoringSessions">, userId: Id<"users">) =>
  ctx.db
    .query("tutoringVisits")
    .withIndex("by_sessionId_and_userId_and_visitId", (q) => q.eq("sessionId", sessionId).eq("userId", userId));

async function changeAudience(ctx: MutationCtx, liveKey: string, by: 1 | -1): Promise<void> {
  const row = await ctx.db
    .query("tutoringAudiences")
    .withIndex("by_liveKey", (q) => q.eq("liveKey", liveKey))
    .unique();
  if (!row) await ctx.db.insert("tutoringAudiences", { liveKey, people: Math.max(0, by) });
  else if (row.people + by <= 0) await ctx.db.delete("tutoringAudiences", row._id);
  else await ctx.db.patch("tutoringAudiences", row._id, { people: row.people + by });
}

async function endVisit(ctx: MutationCtx, visit: Doc<"tutoringVisits">): Promise<void> {
  await ctx.db.delete("tutoringVisits", visit._id);
  if ((await queryVisits(ctx, visit.sessionId, visit.userId).first()) === null)
    await changeAudience(ctx, visit.liveKey, -1);
}

const args = { id: v.number(), visitId: v.string() };

/** Every 30 s from each page that shows the session. `visitId` is the page's own, up to 64 characters. */
export const beat = userMutation({
  args,
  returns: v.null(),
  handler: async (ctx, { id, visitId }) => {
    const problems = visitId === "" ? ["Must not be empty."] : listTextProblems(visitId, VISIT_MAX);
    if (problems.length > 0) throw invalid({ visitId: problems });
    const session = await requireSession(ctx, id);
    const userId = ctx.principal.user._id;
    const until = Date.now() + PRESENT_FOR_MS;
    const visits = await queryVisits(ctx, session._id, userId).take(BATCH);
    const own = visits.find((visit) => visit.visitId === visitId);
    if (own) await ctx.db.patch("tutoringVisits", own._id, { until });
    else if (visits.length < BATCH)
      await ctx.db.insert("tutoringVisits", {
        sessionId: session._id,
        liveKey: session.liveKey,
        userId,
        visitId,
        until,
      });
    if (visits.length === 0) await changeAudience(ctx, session.liveKey, 1);
    return null;
  },
});

/** The page is left, perhaps because its session was deleted: then there is nothing to do. */
export const leave = userMutation({
  args,
  returns: v.null(),
  handler: async (ctx, { id, visitId }) => {
    const session = await getSessionByPublicId(ctx, id);
    if (session?.tenantId !== ctx.principal.tenantId) return null;
    const visits = await queryVisits(ctx, session._id, ctx.principal.user._id).take(BATCH);
    const own = visits.find((visit) => visit.visitId === visitId);
    if (own) await endVisit(ctx, own);
    return null;
  },
});

/** Number of people who look at a session; for everybody who has its `liveKey`, one execution for a change. */
export const people = sharedQuery({
  args: { liveKey: v.string() },
  returns: v.number(),
  handler: async (ctx, { liveKey }) => {
    const row = await ctx.db
      .query("tutoringAudiences")
      .withIndex("by_liveKey", (q) => q.eq("liveKey", liveKey))
      .unique();
    return row?.people ?? 0;
  },
});

/**
 * Cron: ends visits that have gone silent, and those that a clock put back since would keep; who is still there comes
 * back with the next beat. Reads two index ranges, empty while there are none.
 */
export const sweep = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    const now = Date.now();
    const silent = await ctx.db
      .query("tutoringVisits")
      .withIndex("by_until", (q) => q.lte("until", now))
      .take(BATCH);
    const ahead = await ctx.db
      .query("tutoringVisits")
      .withIndex("by_until", (q) => q.gt("until", now + PRESENT_FOR_MS))
      .take(BATCH);
    for (const visit of [...silent, ...ahead]) await endVisit(ctx, visit);
    if (silent.length === BATCH || ahead.length === BATCH)
      await ctx.scheduler.runAfter(0, internal.tutoring.presence.sweep, {});
    return null;
  },
});
