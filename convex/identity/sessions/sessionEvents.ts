/** The webhook events of account sessions, in the REST shape of accounts/README §3. */
import type { Doc } from "../../_generated/dataModel";
import type { MutationCtx } from "../../_generated/server";
import { toWireTime } from "../../lib/time";
import { writeEvent } from "../../webhooks/writer";

type Session = Doc<"accountSessions">;

export const toWireSession = (session: Session, facts: { lastActivityAt: number; isCurrent: boolean }) => ({
  id: session.publicId,
  session_key: session.keyStub,
  ip_address: session.ipAddress ?? "",
  user_agent: session.userAgent,
  device_info: { ...session.deviceInfo },
  location: session.location,
  is_active: session.state.kind === "active",
  last_activity: toWireTime(facts.lastActivityAt),
  created_at: toWireTime(session.createdAt),
  device_name: session.deviceName,
  login_method: session.loginMethod,
  is_current: facts.isCurrent,
});

async function describe(ctx: MutationCtx, session: Session, lastActivityAt: number) {
  const user = await ctx.db.get("users", session.userId);
  return { user_id: user?.uuid ?? null, ...toWireSession(session, { lastActivityAt, isCurrent: false }) };
}

export const sessionStarted = (ctx: MutationCtx, session: Session): Promise<void> =>
  writeEvent(ctx, session.tenantId, "account.session.started", () => describe(ctx, session, session.createdAt));

/** @param session as it was before its end */
export const sessionEnded = (
  ctx: MutationCtx,
  session: Session,
  state: Session["state"],
  lastActivityAt: number,
): Promise<void> =>
  writeEvent(ctx, session.tenantId, "account.session.ended", () =>
    describe(ctx, { ...session, state }, lastActivityAt),
  );
