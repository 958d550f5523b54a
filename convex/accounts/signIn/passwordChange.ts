/** The transactions of a password change; the hashing between them is accounts/password's. */
import { v } from "convex/values";
import * as Audit from "../../audit/writer";
import { conflict, forbidden, notFound } from "../../lib/errors";
import { takeTokens } from "../../identity/limits/limits";
import type { UserPrincipal } from "../../identity/principal";
import { internalCallerMutation } from "../../identity/builders";
import { endAllSessionsAudited } from "../../identity/sessions/endAllSessions";
import { stopAskingForNewPassword } from "../../identity/users";
import { deleteAlertsOfUser } from "../devices/signInAlerts";
import { addPassword, getPasswordAccount, replacePassword } from "./credentials";

export { experimental_reuseContext } from "../../lib/contexts";

const describeChange = ({ principal }: { principal: UserPrincipal }) =>
  ({ action: "password_changed", target: `user ${principal.user.uuid}` }) as const;

const vStored = v.union(v.string(), v.null());

/**
 * Counts an attempt of the caller, as a login of their address: a stolen session must not guess faster than a stranger.
 * → the stored hash, null when there is no password yet.
 */
export const begin = internalCallerMutation({
  args: {},
  returns: v.object({ retryAfterSeconds: v.union(v.number(), v.null()), stored: vStored }),
  handler: async (act) => {
    const { user } = act.principal;
    if (user.email === undefined) throw forbidden("Guests have no password. Register first.");
    const taken = await takeTokens(act, "loginEmail", `email/${user.email}`);
    if (taken.granted === 0) return { retryAfterSeconds: taken.retryAfterSeconds, stored: null };
    const account = await getPasswordAccount(act, user._id);
    return { retryAfterSeconds: null, stored: account?.secret ?? null };
  },
});

/** Audits a change that failed on its current password. */
export const refuse = internalCallerMutation({
  args: {},
  returns: v.null(),
  handler: async (act) => {
    await Audit.appendAct(act, { ...describeChange(act), outcome: "failure" });
    return null;
  },
});

/** Stores the new hash if `previous` still stands, and ends every other session; → how many. */
export const apply = internalCallerMutation({
  args: { previous: vStored, next: v.string() },
  returns: v.number(),
  handler: async (act, { previous, next }) => {
    const { user, accountSession } = act.principal;
    if (user.email === undefined) throw notFound();
    const account = await getPasswordAccount(act, user._id);
    if ((account?.secret ?? null) !== previous) throw conflict("The password was changed elsewhere in the meantime.");
    if (account) await replacePassword(act, account, next);
    else await addPassword(act, user._id, user.email, next);
    await stopAskingForNewPassword(act, user);
    // The sessions that the alerts are about are about to end.
    await deleteAlertsOfUser(act, user._id);
    await Audit.appendAct(act, describeChange(act));
    const ending = { reason: "password_changed" as const, except: accountSession._id };
    return await endAllSessionsAudited(act, user._id, ending, { actor: { user }, client: act.client });
  },
});
