/** Ends all sessions of a user, however many there are. */
import { internal } from "../../_generated/api";
import type { Id } from "../../_generated/dataModel";
import type { MutationCtx } from "../../_generated/server";
import * as Audit from "../../audit/writer";
import { requireUserRow, setSessionsCutOff } from "../users";
import { findCutOffReason, getGeneration } from "./cutOff";
import {
  queryActiveSessions,
  listActivities,
  endSession,
  SESSION_PAGE_SIZE,
  type EndedReason,
} from "./accountSessions";

type Ending = { reason: EndedReason; except?: Id<"accountSessions"> };

/**
 * Ends all active sessions of a user but `except`; returns how many, at most `COUNTED_AT_MOST`. More than a page of
 * them end by a cut-off, from this commit on as any other; their rows follow in transactions of a page each.
 */
export async function endAllSessions(
  ctx: MutationCtx,
  userId: Id<"users">,
  { reason, except }: Ending,
): Promise<number> {
  const user = await requireUserRow(ctx, userId);
  const page = await queryActiveSessions(ctx, userId).take(SESSION_PAGE_SIZE + 1);
  if (page.length > SESSION_PAGE_SIZE) {
    const activities = await listActivities(ctx, user);
    await setSessionsCutOff(ctx, userId, {
      generation: getGeneration(user) + 1,
      reason,
      ...(except !== undefined && { except }),
    });
    await ctx.scheduler.runAfter(0, internal.accounts.sweep.endCutOff, { userId, cursor: null });
    return activities.filter(({ sessionId }) => sessionId !== except).length;
  }
  let ended = 0;
  for (const session of page) {
    if (session._id === except) continue;
    const already = findCutOffReason(user, session);
    await endSession(ctx, session, already ?? reason);
    if (already === null) ended++;
  }
  return ended;
}

/** As `endAllSessions`, with an entry in the audit log that says how many ended, unless none did. */
export async function endAllSessionsAudited(
  ctx: MutationCtx,
  userId: Id<"users">,
  ending: Ending,
  by: Pick<Parameters<typeof Audit.append>[1], "actor" | "about" | "client">,
): Promise<number> {
  const count = await endAllSessions(ctx, userId, ending);
  if (count > 0) await Audit.append(ctx, { action: "sessions_ended", target: Audit.describeSessions(count), ...by });
  return count;
}

/** Writes the cut-off into one page of the user's active rows; returns the cursor of the next, or null. */
export async function endCutOffPage(
  ctx: MutationCtx,
  userId: Id<"users">,
  cursor: string | null,
): Promise<string | null> {
  const user = await ctx.db.get("users", userId);
  if (!user) return null;
  const { page, isDone, continueCursor } = await queryActiveSessions(ctx, userId).paginate({
    numItems: SESSION_PAGE_SIZE,
    cursor,
  });
  for (const session of page) {
    const reason = findCutOffReason(user, session);
    if (reason !== null) await endSession(ctx, session, reason);
  }
  return isDone ? null : continueCursor;
}
