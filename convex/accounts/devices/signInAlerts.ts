/** Sign-in alerts, each of which shows a user's older devices a new sign-in. The one module that writes them. */
import type { Doc, Id } from "../../_generated/dataModel";
import type { MutationCtx } from "../../_generated/server";
import { createUuid } from "../../lib/ids";
import { notFound } from "../../lib/errors";
import type { Viewer } from "../../identity/act";
import type { UserPrincipal } from "../../identity/principal";
import { queryActiveSessions } from "../../identity/sessions/accountSessions";

/** At most this many open alerts are shown, the newest. */
const SHOWN = 20;

/** Shows `session` to the user's other devices, when there are any. */
export async function raiseAlert(ctx: MutationCtx, session: Doc<"accountSessions">): Promise<void> {
  const newestTwo = await queryActiveSessions(ctx, session.userId).order("desc").take(2);
  if (!newestTwo.some((other) => other._id !== session._id)) return;
  await ctx.db.insert("signInAlerts", {
    uuid: createUuid(),
    userId: session.userId,
    sessionId: session._id,
    at: session.createdAt,
  });
}

/** Only a device that was signed in before may see and answer an alert: the newcomer could be the thief. */
const mayAnswer = (principal: UserPrincipal, alert: Doc<"signInAlerts">): boolean =>
  alert.userId === principal.user._id &&
  alert.sessionId !== principal.accountSession._id &&
  principal.accountSession.createdAt <= alert.at;

/** Open alerts this device may answer, newest first, each with its session. */
export async function listOpenAlerts({ db, principal }: Viewer) {
  const alerts = await db
    .query("signInAlerts")
    .withIndex("by_userId_and_at", (q) =>
      q.eq("userId", principal.user._id).gte("at", principal.accountSession.createdAt),
    )
    .order("desc")
    .take(SHOWN);
  const shown = await Promise.all(
    alerts
      .filter((alert) => mayAnswer(principal, alert))
      .map(async (alert) => ({ alert, session: await db.get("accountSessions", alert.sessionId) })),
  );
  return shown.flatMap(({ alert, session }) => (session ? [{ alert, session }] : []));
}

/** The alert, which this device may answer; else `NOT_FOUND`, alike for unknown and answered ones. */
export async function requireAnswerableAlert({ db, principal }: Viewer, uuid: string): Promise<Doc<"signInAlerts">> {
  const alert = await db
    .query("signInAlerts")
    .withIndex("by_uuid", (q) => q.eq("uuid", uuid))
    .unique();
  if (!alert || !mayAnswer(principal, alert)) throw notFound("Alert not found or already answered.");
  return alert;
}

export const deleteAlert = (ctx: MutationCtx, alert: Doc<"signInAlerts">): Promise<void> =>
  ctx.db.delete("signInAlerts", alert._id);

const ALERTS_AT_ONCE = 500;

/** Deletes the user's alerts, the newest 500; older ones leave by retention. */
export async function deleteAlertsOfUser(ctx: MutationCtx, userId: Id<"users">): Promise<void> {
  const alerts = await ctx.db
    .query("signInAlerts")
    .withIndex("by_userId_and_at", (q) => q.eq("userId", userId))
    .order("desc")
    .take(ALERTS_AT_ONCE);
  for (const { _id } of alerts) await ctx.db.delete("signInAlerts", _id);
}

/** Deletes up to `limit` alerts raised at `raisedBefore` (ms) or earlier; returns whether there may be more. */
export async function deleteAlertsBefore(ctx: MutationCtx, raisedBefore: number, limit: number): Promise<boolean> {
  const alerts = await ctx.db
    .query("signInAlerts")
    .withIndex("by_at", (q) => q.lte("at", raisedBefore))
    .take(limit);
  for (const { _id } of alerts) await ctx.db.delete("signInAlerts", _id);
  return alerts.length === limit;
}
