/** The one module that writes `users`. */
import type { Infer } from "convex/values";
import type { Doc, Id } from "../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../_generated/server";
import { findFreeIntegerId, createUuid } from "../lib/ids";
import type { Permission } from "./permissions";
import { getOrCreateDefaultTenant } from "./tenants";
import type { vEndedReason } from "./validators";

type ReadCtx = { db: QueryCtx["db"] };

/** @param email as `normalizeEmail` spells it */
export const getUserByEmail = (ctx: ReadCtx, email: string): Promise<Doc<"users"> | null> =>
  ctx.db
    .query("users")
    .withIndex("email", (q) => q.eq("email", email))
    .unique();

/** As usernames are compared: compatible forms of a letter are one, and so are its cases. */
const toUsernameKey = (username: string): string => username.normalize("NFKC").toLowerCase();

/** The user of that name, whatever the case. */
export async function getUserByUsername(ctx: ReadCtx, username: string): Promise<Doc<"users"> | null> {
  const alike = await ctx.db
    .query("users")
    .withIndex("by_usernameKey", (q) => q.eq("usernameKey", toUsernameKey(username)))
    .first();
  if (alike) return alike;
  return await ctx.db
    .query("users")
    .withIndex("by_username", (q) => q.eq("username", username))
    .first();
}

/** The user of that UUID, in either case, or null. */
export const getUserByUuid = (ctx: ReadCtx, uuid: string): Promise<Doc<"users"> | null> =>
  ctx.db
    .query("users")
    .withIndex("by_uuid", (q) => q.eq("uuid", uuid.toLowerCase()))
    .unique();

export const getUserByPublicId = (ctx: ReadCtx, publicId: number): Promise<Doc<"users"> | null> =>
  ctx.db
    .query("users")
    .withIndex("by_publicId", (q) => q.eq("publicId", publicId))
    .unique();

/** The address as its owner typed it, which is what pages and answers show; null without one. */
export const getShownEmail = (user: Doc<"users">): string | null => user.emailAsTyped ?? user.email ?? null;

export async function requireUserRow(ctx: ReadCtx, userId: Id<"users">): Promise<Doc<"users">> {
  const user = await ctx.db.get("users", userId);
  if (!user) throw new Error("a user row is missing");
  return user;
}

export type NewUser = {
  /** As `normalizeEmail` spells it. */
  email?: string;
  emailAsTyped?: string;
  emailVerified?: boolean;
  isAnonymous?: boolean;
  firstName?: string;
  lastName?: string;
  username?: string;
  image?: string;
};

/** Inserts a user. The caller has made sure that email and username are free. */
export async function createUser(ctx: MutationCtx, given: NewUser): Promise<Doc<"users">> {
  const firstName = given.firstName ?? "";
  const lastName = given.lastName ?? "";
  const name = [firstName, lastName].filter(Boolean).join(" ");
  const username = given.username ?? (await findFreeUsername(ctx, given.isAnonymous ? "guest" : "user"));
  const userId = await ctx.db.insert("users", {
    uuid: createUuid(),
    publicId: await findFreeIntegerId(async (id) => (await getUserByPublicId(ctx, id)) !== null),
    tenantId: (await getOrCreateDefaultTenant(ctx))._id,
    username,
    usernameKey: toUsernameKey(username),
    firstName,
    lastName,
    permissions: [],
    needsOnboarding: !given.isAnonymous,
    onboardingCompleted: false,
    ...(given.email !== undefined && { email: given.email }),
    ...(given.emailAsTyped !== undefined && { emailAsTyped: given.emailAsTyped }),
    ...(given.emailVerified && { emailVerificationTime: Date.now() }),
    ...(given.isAnonymous && { isAnonymous: true }),
    ...(name && { name }),
    ...(given.image !== undefined && { image: given.image }),
  });
  return await requireUserRow(ctx, userId);
}

/** A name that says nothing about the person, because other users see it (accounts/README.md §2). */
async function findFreeUsername(ctx: ReadCtx, prefix: string): Promise<string> {
  for (;;) {
    const username = `${prefix}-${createUuid().slice(0, 8)}`;
    if (!(await getUserByUsername(ctx, username))) return username;
  }
}

/**
 * Makes an account of an anonymous user: the same row, so that everything that is theirs stays theirs. The caller has
 * made sure that email and username are free and that the user is anonymous, and ends the sessions from before.
 */
export async function nameGuest(
  ctx: MutationCtx,
  guest: Doc<"users">,
  given: { email: string; emailAsTyped: string; firstName: string; lastName: string; username?: string },
): Promise<Doc<"users">> {
  const name = [given.firstName, given.lastName].filter(Boolean).join(" ");
  const username = given.username ?? (await findFreeUsername(ctx, "user"));
  await ctx.db.patch("users", guest._id, {
    ...given,
    username,
    usernameKey: toUsernameKey(username),
    ...(name && { name }),
    isAnonymous: undefined,
    needsOnboarding: !guest.onboardingCompleted,
  });
  return await requireUserRow(ctx, guest._id);
}

/** The part of a user that they write themselves; null means the device's. */
export type Profile = {
  username?: string | undefined;
  firstName?: string | undefined;
  lastName?: string | undefined;
  timeZone?: string | null | undefined;
  locale?: string | null | undefined;
};

/** Writes what is given. The caller has made sure that the username is free. */
export async function setProfile(ctx: MutationCtx, user: Doc<"users">, given: Profile): Promise<Doc<"users">> {
  const { username = user.username, firstName = user.firstName, lastName = user.lastName } = given;
  const name = [firstName, lastName].filter(Boolean).join(" ");
  await ctx.db.patch("users", user._id, {
    username,
    usernameKey: toUsernameKey(username),
    firstName,
    lastName,
    name: name === "" ? undefined : name,
    ...(given.timeZone !== undefined && { timeZone: given.timeZone ?? undefined }),
    ...(given.locale !== undefined && { locale: given.locale ?? undefined }),
  });
  return await requireUserRow(ctx, user._id);
}

/** Notes that the user owns their email address. */
export const verifyEmail = (ctx: MutationCtx, userId: Id<"users">): Promise<void> =>
  ctx.db.patch("users", userId, { emailVerificationTime: Date.now() });

export const completeOnboarding = (ctx: MutationCtx, userId: Id<"users">): Promise<void> =>
  ctx.db.patch("users", userId, { needsOnboarding: false, onboardingCompleted: true });

/** People with a permission at one tenant that are looked at; permissions are given by hand, to few. */
const HOLDERS_MAX = 1_000;

/** The users of a tenant who hold the permission. Reads the rows of those who hold any. */
export async function listHolders(
  ctx: ReadCtx,
  tenantId: Id<"tenants">,
  permission: Permission,
): Promise<Id<"users">[]> {
  const holders = await ctx.db
    .query("users")
    // Arrays are ordered by their first difference, so those who hold nothing come first.
    .withIndex("by_tenantId_and_permissions", (q) => q.eq("tenantId", tenantId).gt("permissions", []))
    .take(HOLDERS_MAX);
  return holders.filter(({ permissions }) => permissions.includes(permission)).map(({ _id }) => _id);
}

/** Whether somebody else at the user's tenant holds the permission. */
export const isHeldByAnother = async (
  ctx: ReadCtx,
  { _id, tenantId }: Doc<"users">,
  permission: Permission,
): Promise<boolean> => (await listHolders(ctx, tenantId, permission)).some((holder) => holder !== _id);

export const setPermissions = (ctx: MutationCtx, userId: Id<"users">, permissions: string[]): Promise<void> =>
  ctx.db.patch("users", userId, { permissions });

/** Moves the user to another tenant. The caller ends their sessions, which show the old one's data. */
export const setTenant = (ctx: MutationCtx, userId: Id<"users">, tenantId: Id<"tenants">): Promise<void> =>
  ctx.db.patch("users", userId, { tenantId });

/** Asks for a new password on every device of the user until one is chosen. */
export const askForNewPassword = (ctx: MutationCtx, userId: Id<"users">): Promise<void> =>
  ctx.db.patch("users", userId, { newPasswordAskedAt: Date.now() });

export async function stopAskingForNewPassword(ctx: MutationCtx, user: Doc<"users">): Promise<void> {
  if (user.newPasswordAskedAt !== undefined) await ctx.db.patch("users", user._id, { newPasswordAskedAt: undefined });
}

/** Ends by one write all sessions of generations before `generation`, except one: see identity/sessions/cutOff. */
export const setSessionsCutOff = (
  ctx: MutationCtx,
  userId: Id<"users">,
  cutOff: { generation: number; reason: Infer<typeof vEndedReason>; except?: Id<"accountSessions"> },
): Promise<void> => ctx.db.patch("users", userId, { sessionsCutOff: cutOff });

/** @param keys as valuations/guests/owners has them; undefined for the user's own key alone */
export const setDraftOwners = (ctx: MutationCtx, userId: Id<"users">, keys: string[] | undefined): Promise<void> =>
  ctx.db.patch("users", userId, { draftOwners: keys });
