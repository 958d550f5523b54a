import { v } from "convex/values";
import type { Doc } from "../_generated/dataModel";
import { internalMutation, type MutationCtx } from "../_generated/server";
import * as Audit from "../audit/writer";
import { normalizeEmail } from "../lib/folding/email";
import { invalid, notFound } from "../lib/errors";
import { guestOrUserQuery, liveCommand, userMutation } from "../identity/builders";
import { isPermission, PERMISSIONS } from "../identity/permissions";
import { requireTenant } from "../identity/tenants";
import * as Users from "../identity/users";
import * as Profile from "./profile";
import { toOnboardingFlags } from "./rules";
import { getPasswordAccount } from "./signIn/credentials";

export { experimental_reuseContext } from "../lib/contexts";

/** The user who is signed in on this device, or null. */
export const me = guestOrUserQuery({
  args: {},
  returns: v.union(
    v.null(),
    v.object({
      /** The user's uuid (valuations, focus) and integer id (tutoring). */
      id: v.string(),
      publicId: v.number(),
      email: v.union(v.string(), v.null()),
      username: v.string(),
      firstName: v.string(),
      lastName: v.string(),
      /** IANA and BCP 47; null: the device's. */
      timeZone: v.union(v.string(), v.null()),
      locale: v.union(v.string(), v.null()),
      image: v.union(v.string(), v.null()),
      isAnonymous: v.boolean(),
      hasPassword: v.boolean(),
      /** "Not me" was answered to a sign-in alert: ask for a new password. */
      needsNewPassword: v.boolean(),
      tenant: v.object({ id: v.string(), name: v.string() }),
      /** Sorted. */
      permissions: v.array(v.string()),
      needsOnboarding: v.boolean(),
      onboardingCompleted: v.boolean(),
      session: v.object({ id: v.number(), deviceName: v.string() }),
    }),
  ),
  handler: async (ctx) => {
    const { principal } = ctx;
    if (principal?.kind !== "user") return null;
    const { user, accountSession, permissions } = principal;
    const tenant = await requireTenant(ctx, principal.tenantId);
    return {
      id: user.uuid,
      publicId: user.publicId,
      email: Users.getShownEmail(user),
      username: user.username,
      firstName: user.firstName,
      lastName: user.lastName,
      timeZone: user.timeZone ?? null,
      locale: user.locale ?? null,
      image: user.image ?? null,
      isAnonymous: user.isAnonymous === true,
      hasPassword: (await getPasswordAccount(ctx, user._id)) !== null,
      needsNewPassword: user.newPasswordAskedAt !== undefined,
      tenant: { id: tenant.uuid, name: tenant.name },
      permissions,
      ...toOnboardingFlags(user),
      session: { id: accountSession.publicId, deviceName: accountSession.deviceName },
    };
  },
});

/** Changes the caller's profile; → null. */
export const updateProfile = liveCommand(Profile.update);

/** The caller has been through onboarding. Repeating it changes nothing. */
export const completeOnboarding = userMutation({
  args: {},
  returns: v.null(),
  handler: async (act) => {
    const { user } = act.principal;
    if (user.needsOnboarding || !user.onboardingCompleted) await Users.completeOnboarding(act, user._id);
    return null;
  },
});

const OPERATOR = { actor: { name: "operator" }, client: Audit.NO_CLIENT };

async function requireByEmail(ctx: MutationCtx, email: string): Promise<Doc<"users">> {
  const user = await Users.getUserByEmail(ctx, normalizeEmail(email));
  if (!user) throw notFound(`No user has the email address ${email}.`);
  return user;
}

/**
 * For operators (`npx convex run`): gives a permission. Repeating it changes nothing. → the user's permissions.
 * `VALIDATION` for one that is none of `PERMISSIONS`.
 */
export const grantPermission = internalMutation({
  args: { email: v.string(), permission: v.string() },
  returns: v.array(v.string()),
  handler: async (ctx, { email, permission }) => {
    if (!isPermission(permission)) throw invalid({ permission: [`Must be one of ${PERMISSIONS.join(", ")}.`] });
    const user = await requireByEmail(ctx, email);
    if (user.permissions.includes(permission)) return user.permissions;
    const permissions = [...user.permissions, permission].sort();
    await Users.setPermissions(ctx, user._id, permissions);
    await Audit.append(ctx, { action: "permission_granted", target: permission, about: user, ...OPERATOR });
    return permissions;
  },
});

/** For operators: takes a permission back, known or not. Repeating it changes nothing. → the user's permissions. */
export const revokePermission = internalMutation({
  args: { email: v.string(), permission: v.string() },
  returns: v.array(v.string()),
  handler: async (ctx, { email, permission }) => {
    const user = await requireByEmail(ctx, email);
    if (!user.permissions.includes(permission)) return user.permissions;
    const permissions = user.permissions.filter((held) => held !== permission);
    await Users.setPermissions(ctx, user._id, permissions);
    await Audit.append(ctx, { action: "permission_revoked", target: permission, about: user, ...OPERATOR });
    return permissions;
  },
});
