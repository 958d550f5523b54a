/**
 * Effects of a focus session that starts, ends or is corrected: its next outbox entry for the permanent store; what
 * webhooks tell, in the REST shape of focus/README §5; and what analytics counts.
 */
import type { Doc } from "../_generated/dataModel";
import type { MutationCtx } from "../_generated/server";
import { noteEvent } from "../analytics/writer";
import { getPublicId, getStatus, type EndedSession, type Session } from "../focus/sessionRows";
import { toWireTime } from "../lib/time";
import { writeEvent } from "../webhooks/writer";
import { toWireXp } from "../xp/amounts";
import { toStatus } from "../xp/status";

export { enqueue as enqueueForStore, getNextPlace as getNextOutboxPlace } from "../store/queue/entries";
export type { Place as OutboxPlace } from "../store/queue/entries";

type Owner = Pick<Doc<"users">, "uuid" | "tenantId">;
type Goal = Pick<Doc<"goals">, "uuid">;

const describe = (session: Session, owner: Owner, goal: Goal) => ({
  id: getPublicId(session),
  user_id: owner.uuid,
  goal_id: goal.uuid,
  status: getStatus(session),
  started_at: toWireTime(session.startedAt),
  activity: session.activity,
});

export async function sessionStarted(ctx: MutationCtx, session: Session, owner: Owner, goal: Goal): Promise<void> {
  await noteEvent(ctx, owner.tenantId, "session_started", owner.uuid);
  await writeEvent(ctx, owner.tenantId, "focus.started", () => describe(session, owner, goal));
}

/** For the first end of a session; corrections are not told. Its status says which event it counts as. */
export async function sessionCompleted(
  ctx: MutationCtx,
  session: EndedSession,
  owner: Owner,
  goal: Goal,
): Promise<void> {
  const event = toStatus(session.state.reason) === "completed" ? "session_finished" : "session_abandoned";
  await noteEvent(ctx, owner.tenantId, event, owner.uuid);
  await writeEvent(ctx, owner.tenantId, "focus.completed", () => {
    const { endedAt, totalSeconds, focusedSeconds, xp, reason } = session.state;
    return {
      ...describe(session, owner, goal),
      ended_at: toWireTime(endedAt),
      total_duration_seconds: totalSeconds,
      focused_duration_seconds: focusedSeconds,
      ...toWireXp(xp),
      completed_reason: reason,
    };
  });
}
