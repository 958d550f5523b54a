/** The only module that writes `users` and `tenants`. */
import type { Doc, Id } from "../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../_generated/server";
import type { Client } from "./caller";
import { freeIntegerId, randomUuid } from "../lib/ids";
import { splitName } from "../accounts/rules";
import { endAllAudited } from "./sessions/endAllSessions";

type ReadCtx = { db: QueryCtx["db"] };

export const byEmail = (ctx: ReadCtx, email: string) =>
  ctx.db
    .query("users")
    .withIndex("email", (q) => q.eq("email", email))
    .unique();

export const byUsername = (ctx: ReadCtx, username: string) =>
  ctx.db
    .query("users")
    .withIndex("by_username", (q) => q.eq("username", username))
    .first();

/** The account of `provider` ("password", "google") with this id there, or null. */
export const accountOf = (ctx: ReadCtx, provider: string, providerAccountId: string) =>
  ctx.db
    .query("authAccounts")
    .withIndex("providerAndAccountId", (q) => q.eq("provider", provider).eq("providerAccountId", providerAccountId))
    .unique();

export const passwordAccountOf = (ctx: ReadCtx, userId: Id<"users">) =>
  ctx.db
    .query("authAccounts")
    .withIndex("userIdAndProvider", (q) => q.eq("userId", userId).eq("provider", "password"))
    .unique();

/** The tenant that new users belong to until an operator moves them (`accounts/tenants:assign`). */
export const DEFAULT_TENANT = "Main";

async function defaultTenantId(ctx: MutationCtx): Promise<Id<"tenants">> {
  const tenant = await ctx.db
    .query("tenants")
    .withIndex("by_name", (q) => q.eq("name", DEFAULT_TENANT))
    .first();
  return tenant?._id ?? (await ctx.db.insert("tenants", { uuid: randomUuid(), name: DEFAULT_TENANT }));
}

/**
 * Whom it concerns when somebody tries to sign in as nobody: the only tenant. With several it is none of theirs to see,
 * since the address may be meant for another: null.
 */
export async function onlyTenantId(ctx: ReadCtx): Promise<Id<"tenants"> | null> {
  const [tenant, another] = await ctx.db.query("tenants").take(2);
  return tenant && !another ? tenant._id : null;
}

export type NewUser = {
  /** Lower-case. */
  email?: string;
  emailVerified?: boolean;
  isAnonymous?: boolean;
  firstName?: string;
  lastName?: string;
  username?: string;
  image?: string;
};

/** Inserts a user. The caller has made sure that e-mail and username are free. */
export async function createUser(ctx: MutationCtx, given: NewUser): Promise<Doc<"users">> {
  const firstName = given.firstName ?? "";
  const lastName = given.lastName ?? "";
  const name = [firstName, lastName].filter(Boolean).join(" ");
  const userId = await ctx.db.insert("users", {
    uuid: randomUuid(),
    publicId: await freeIntegerId(
      async (id) =>
        (await ctx.db
          .query("users")
          .withIndex("by_publicId", (q) => q.eq("publicId", id))
          .unique()) !== null,
    ),
    tenantId: await defaultTenantId(ctx),
    username: given.username ?? (await freeUsername(ctx, given.isAnonymous ? "guest" : "user")),
    firstName,
    lastName,
    permissions: [],
    needsOnboarding: !given.isAnonymous,
    onboardingCompleted: false,
    ...(given.email !== undefined && { email: given.email }),
    ...(given.emailVerified && { emailVerificationTime: Date.now() }),
    ...(given.isAnonymous && { isAnonymous: true }),
    ...(name && { name }),
    ...(given.image !== undefined && { image: given.image }),
  });
  return await requireRow(ctx, userId);
}

/**
 * Makes an account of an anonymous user: the same row, so that everything that is theirs stays theirs. The caller has made sure
 * that e-mail and username are free and that the user is anonymous, and ends the sessions from before.
 */
export async function nameGuest(
  ctx: MutationCtx,
  guest: Doc<"users">,
  given: { email: string; firstName: string; lastName: string; username?: string },
): Promise<Doc<"users">> {
  const name = [given.firstName, given.lastName].filter(Boolean).join(" ");
  await ctx.db.patch("users", guest._id, {
    ...given,
    username: given.username ?? (await freeUsername(ctx, "user")),
    ...(name && { name }),
    isAnonymous: undefined,
    needsOnboarding: !guest.onboardingCompleted,
  });
  return await requireRow(ctx, guest._id);
}

export async function requireRow(ctx: ReadCtx, userId: Id<"users">): Promise<Doc<"users">> {
  const user = await ctx.db.get("users", userId);
  if (!user) throw new Error("a user row is missing");
  return user;
}

export async function requireTenant(ctx: ReadCtx, tenantId: Id<"tenants">): Promise<Doc<"tenants">> {
  const tenant = await ctx.db.get("tenants", tenantId);
  if (!tenant) throw new Error("a tenant row is missing");
  return tenant;
}

/** @param keys as valuations/owners has them; undefined for the user's own key alone */
export const setDraftOwners = (ctx: MutationCtx, userId: Id<"users">, keys: string[] | undefined) =>
  ctx.db.patch("users", userId, { draftOwners: keys });

/** Says nothing about the person: other users see it (contracts §2). */
async function freeUsername(ctx: ReadCtx, prefix: string): Promise<string> {
  for (;;) {
    const username = `${prefix}-${randomUuid().slice(0, 8)}`;
    if (!(await byUsername(ctx, username))) return username;
  }
}

/** A person as Google vouches for them; only verified addresses get this far. `email` is lower-case. */
export type GoogleProfile = { email: string; name: string; image?: string };

/**
 * The user behind a Google account that is not known yet: by the verified address, else new.
 *
 * A password account with that address, which nobody ever verified, may have been made by somebody else in advance. The
 * address's true owner takes the user over, so its password stops working and its sessions end.
 */
export async function userForGoogle(ctx: MutationCtx, profile: GoogleProfile, client: Client): Promise<Doc<"users">> {
  const user = await byEmail(ctx, profile.email);
  if (!user)
    return await createUser(ctx, {
      email: profile.email,
      emailVerified: true,
      ...splitName(profile.name),
      ...(profile.image !== undefined && { image: profile.image }),
    });
  if (user.emailVerificationTime !== undefined) return user;
  await ctx.db.patch("users", user._id, { emailVerificationTime: Date.now() });
  const password = await passwordAccountOf(ctx, user._id);
  if (password) {
    await ctx.db.delete("authAccounts", password._id);
    await endAllAudited(ctx, user._id, "password_changed", { actor: { user }, client });
  }
  return await requireRow(ctx, user._id);
}
