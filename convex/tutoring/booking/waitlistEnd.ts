/** The end of a waiting list. */
import { internal } from "../../_generated/api";
import type { MutationCtx } from "../../_generated/server";
import * as Events from "../../events/tutoring";
import type { Session } from "./sessionRows";
import { deleteWaitsOf } from "./waitRows";

const CLEAR_BATCH = 500;

/**
 * Empties the list of a session that can no longer be joined, and tells those who waited. What is left is cleared by
 * transactions that follow.
 *
 * @param session as it is now
 */
export async function clearWaitlist(ctx: MutationCtx, session: Session): Promise<void> {
  const gone = await deleteWaitsOf(ctx, session._id, CLEAR_BATCH);
  if (gone.length === CLEAR_BATCH)
    await ctx.scheduler.runAfter(0, internal.tutoring.sweep.clearWaitlist, { sessionId: session._id });
  if (gone.length > 0) await Events.waitingEnded(ctx, session, gone);
}
