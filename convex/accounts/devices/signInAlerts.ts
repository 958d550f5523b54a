/** Sign-in alerts: each tells a user's older devices of a new sign-in. */
import type { Doc } from "../../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../../_generated/server";
import { randomUuid } from "../../lib/ids";
import { notFound } from "../../lib/errors";
import type { UserPrincipal } from "../../identity/principal";
import { activeOf } from "../../identity/sessions/accountSessions";

type ReadCtx = { db: QueryCtx["db"] };

/** More open alerts than these are not shown; the oldest wait behind them. */
const SHOWN = 20;

/** Tells the user's other devices of `session`, when there are any. */
export async function raise(ctx: MutationCtx, session: Doc<"accountSessions">): Promise<void> {
  const newestTwo = await activeOf(ctx, session.userId).order("desc").take(2);
  if (!newestTwo.some((other) => other._id !== session._id)) return;
  await ctx.db.insert("signInAlerts", {
    uuid: randomUuid(),
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

/** Open alerts this device may answer, newest first, with the session each tells of. */
export async function openFor(ctx: ReadCtx, principal: UserPrincipal) {
  const alerts = await ctx.db
    .query("signInAlerts")
    .withIndex("by_userId_and_at", (q) =>
      q.eq("userId", principal.user._id).gte("at", principal.accountSession.createdAt),
    )
    .order("desc")
    .take(SHOWN);
  const shown = await Promise.all(
    alerts
      .filter((alert) => mayAnswer(principal, alert))
      .map(async (alert) => ({ alert, session: await ctx.db.get("accountSessions", alert.sessionId) })),
  );
  return shown.flatMap(({ alert, session }) => (session ? [{ alert, session }] : []));
}

/** The alert, which this device may answer; else `NOT_FOUND`, alike for unknown and answered ones. */
export async function requireAnswerable(
  ctx: ReadCtx,
  principal: UserPrincipal,
  uuid: string,
): Promise<Doc<"signInAlerts">> {
  const alert = await ctx.db
    .query("signInAlerts")
    .withIndex("by_uuid", (q) => q.eq("uuid", uuid))
    .unique();
  if (!alert || !mayAnswer(principal, alert)) throw notFound("Alert not found or already answered.");
  return alert;
}
