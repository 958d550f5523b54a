/** Ending all of a user's sessions, however many those are. */
import { internal } from "../../_generated/api";
import type { Id } from "../../_generated/dataModel";
import type { MutationCtx } from "../../_generated/server";
import * as Audit from "../../audit/writer";
import { cutOffReason, generationOf } from "./cutOff";
import { activeOf, activitiesOf, end, SESSION_PAGE, type EndedReason } from "./accountSessions";

/**
 * Ends all active sessions of a user but `except`; returns how many, at most `COUNTED_AT_MOST`. More than a page of them
 * end by a cut-off, from this commit on as any other; their rows follow in transactions of a page each.
 */
export async function endAll(
  ctx: MutationCtx,
  userId: Id<"users">,
  reason: EndedReason,
  except?: Id<"accountSessions">,
): Promise<number> {
  const user = await ctx.db.get("users", userId);
  if (!user) throw new Error("a user row is missing");
  const { page, isDone } = await activeOf(ctx, userId).paginate({ ...SESSION_PAGE, cursor: null });
  if (!isDone) {
    const activities = await activitiesOf(ctx, user);
    await ctx.db.patch("users", userId, {
      sessionsCutOff: { generation: generationOf(user) + 1, reason, ...(except !== undefined && { except }) },
    });
    await ctx.scheduler.runAfter(0, internal.accounts.sweep.endCutOff, { userId, cursor: null });
    return activities.filter(({ sessionId }) => sessionId !== except).length;
  }
  let ended = 0;
  for (const session of page) {
    if (session._id === except) continue;
    const already = cutOffReason(user, session);
    await end(ctx, session, already ?? reason);
    if (already === null) ended++;
  }
  return ended;
}

/** `endAll` by somebody's act, with an entry in the log that says how many ended; none when none did. */
export async function endAllAudited(
  ctx: MutationCtx,
  userId: Id<"users">,
  reason: EndedReason,
  by: Pick<Parameters<typeof Audit.append>[1], "actor" | "about" | "client">,
  except?: Id<"accountSessions">,
): Promise<number> {
  const count = await endAll(ctx, userId, reason, except);
  if (count > 0) await Audit.append(ctx, { action: "sessions_ended", target: `${count} sessions`, ...by });
  return count;
}

/** Writes into one page of the user's active rows what the cut-off says; returns the cursor of the next, or null. */
export async function endCutOffPage(
  ctx: MutationCtx,
  userId: Id<"users">,
  cursor: string | null,
): Promise<string | null> {
  const user = await ctx.db.get("users", userId);
  if (!user) return null;
  const { page, isDone, continueCursor } = await activeOf(ctx, userId).paginate({ ...SESSION_PAGE, cursor });
  for (const session of page) {
    const reason = cutOffReason(user, session);
    if (reason !== null) await end(ctx, session, reason);
  }
  return isDone ? null : continueCursor;
}
