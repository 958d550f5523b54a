import { v } from "convex/values";
import * as Audit from "../audit/writer";
import { userMutation, userQuery } from "../identity/builders";
import { askForNewPassword } from "../identity/users";
import * as Alerts from "./devices/signInAlerts";
import { findCutOffReason } from "../identity/sessions/cutOff";
import { endSession } from "../identity/sessions/accountSessions";
import { vLoginMethod } from "../identity/validators";

export { experimental_reuseContext } from "../lib/contexts";

/** Alerts of sign-ins on other devices, newest first; times in ms since the epoch. */
export const list = userQuery({
  args: {},
  returns: v.array(
    v.object({
      id: v.string(),
      at: v.number(),
      session: v.object({
        id: v.number(),
        deviceName: v.string(),
        ipAddress: v.string(),
        location: v.union(v.string(), v.null()),
        loginMethod: vLoginMethod,
        isActive: v.boolean(),
      }),
    }),
  ),
  handler: async (ctx) =>
    (await Alerts.listOpenAlerts(ctx)).map(({ alert, session }) => ({
      id: alert.uuid,
      at: alert.at,
      session: {
        id: session.publicId,
        deviceName: session.deviceName,
        ipAddress: session.ipAddress ?? "",
        location: session.location,
        loginMethod: session.loginMethod,
        isActive: session.state.kind === "active" && findCutOffReason(ctx.principal.user, session) === null,
      },
    })),
});

/** "That was me": the alert goes, on all devices. */
export const dismiss = userMutation({
  args: { id: v.string() },
  returns: v.null(),
  handler: async (ctx, { id }) => {
    await Alerts.deleteAlert(ctx, await Alerts.requireAnswerableAlert(ctx, id));
    return null;
  },
});

/**
 * "Not me": ends the session at once and asks for a new password (`accounts/users:me` says so, on every device, until
 * `accounts/password:change`).
 */
export const notMe = userMutation({
  args: { id: v.string() },
  returns: v.null(),
  handler: async (act, { id }) => {
    const alert = await Alerts.requireAnswerableAlert(act, id);
    await Alerts.deleteAlert(act, alert);
    await askForNewPassword(act, act.principal.user._id);
    const session = await act.db.get("accountSessions", alert.sessionId);
    if (!session) return null;
    await endSession(act, session, "not_me");
    await Audit.appendAct(act, { action: "session_ended", target: `session ${session.publicId}` });
    return null;
  },
});
