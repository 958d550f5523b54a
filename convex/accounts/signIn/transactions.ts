/** The transactions of signing in and up. Hashing and token checks happen between them: signIn/flow. */
import { v, type Infer } from "convex/values";
import type { Doc } from "../../_generated/dataModel";
import { internalMutation, type MutationCtx } from "../../_generated/server";
import * as Audit from "../../audit/writer";
import { toAddressKey } from "../../identity/limits/address";
import { vClient, type Client } from "../../identity/caller";
import { conflict } from "../../lib/errors";
import { takeTokens } from "../../identity/limits/limits";
import * as Alerts from "../devices/signInAlerts";
import { findCutOffReason } from "../../identity/sessions/cutOff";
import { endAllSessionsAudited } from "../../identity/sessions/endAllSessions";
import { emailProblems } from "../rules";
import { endSessionAudited } from "../../identity/sessions/endSession";
import {
  getActivity,
  getSessionByAuthId,
  getSessionByCredentialHash,
  openSession,
  setLocation as writeLocation,
  type LoginMethod,
  type Opened,
} from "../../identity/sessions/accountSessions";
import { getOnlyTenantId } from "../../identity/tenants";
import * as Users from "../../identity/users";
import { guestSignedIn, signedUp } from "../../events/accounts";
import { addGoogleAccount, addPassword, getAccount } from "./credentials";
import { findGoogleUser } from "./googleUser";
import { getAuthSessionId } from "../../identity/subject";

export { experimental_reuseContext } from "../../lib/contexts";

/** A session just opened, as the flow that asked for it needs it. */
export const vSignedIn = v.object({
  /** The SessionID credential. */
  credential: v.string(),
  expiresAt: v.number(),
  userId: v.id("users"),
  authSessionId: v.id("authSessions"),
});
export type SignedIn = Infer<typeof vSignedIn>;

const toSignedIn = ({ session, credential, expiresAt }: Opened): SignedIn => ({
  credential,
  expiresAt,
  userId: session.userId,
  authSessionId: session.authSessionId,
});

/** Seconds to wait when a login limit is used up, else null. The address counts first: it cannot use up an email's. */
async function countLogin(ctx: MutationCtx, client: Client, email?: string): Promise<number | null> {
  const byAddress = await takeTokens(ctx, "loginAddress", toAddressKey(client.ip));
  if (byAddress.granted === 0) return byAddress.retryAfterSeconds;
  return email === undefined ? null : await countLoginOfEmail(ctx, email);
}

async function countLoginOfEmail(ctx: MutationCtx, email: string): Promise<number | null> {
  const byEmail = await takeTokens(ctx, "loginEmail", `email/${email}`);
  return byEmail.granted === 0 ? byEmail.retryAfterSeconds : null;
}

/**
 * Counts an attempt and reads what it will be checked against. The limit is returned, never thrown, because a refused
 * attempt must stay counted.
 */
export const begin = internalMutation({
  args: { email: v.optional(v.string()), client: vClient },
  returns: v.object({
    retryAfterSeconds: v.union(v.number(), v.null()),
    /** The stored password hash of that address, if it has one. */
    stored: v.union(v.string(), v.null()),
    taken: v.boolean(),
  }),
  handler: async (ctx, { email, client }) => {
    const retryAfterSeconds = await countLogin(ctx, client, email);
    if (retryAfterSeconds !== null || email === undefined) return { retryAfterSeconds, stored: null, taken: false };
    const account = await getAccount(ctx, "password", email);
    const taken = account !== null || (await Users.getUserByEmail(ctx, email)) !== null;
    return { retryAfterSeconds, stored: account?.secret ?? null, taken };
  },
});

/**
 * The older session a sign-in brings along: as its access token or its SessionID names it; null when neither verifies.
 */
export const vOlderSession = v.union(
  v.object({ authSessionId: v.string() }),
  v.object({ sessionHash: v.string() }),
  v.null(),
);

/**
 * Opens the session after the password was checked against `stored`; null, and audited, when it was wrong or has been
 * changed in between.
 */
export const withPassword = internalMutation({
  args: {
    email: v.string(),
    stored: v.union(v.string(), v.null()),
    verified: v.boolean(),
    client: vClient,
    older: v.optional(vOlderSession),
    /** The call came from a signed-in React client, whose session ends with this one's beginning. */
    replaceCurrent: v.optional(v.boolean()),
  },
  returns: v.union(vSignedIn, v.null()),
  handler: async (ctx, { email, stored, verified, client, older, replaceCurrent }) => {
    const account = await getAccount(ctx, "password", email);
    const user = account && (await ctx.db.get("users", account.userId));
    if (!verified || !user || account.secret !== stored) {
      await Audit.append(ctx, {
        action: "sign_in_failed",
        // People type passwords into the wrong field; only what reads as an address is kept.
        target: emailProblems(email).length === 0 ? email : "not an address",
        actor: user ? { user } : { name: client.ip ?? "unknown" },
        // The address belongs to somebody without a password, or to nobody.
        ...(!user && { about: await Users.getUserByEmail(ctx, email), tenantId: await getOnlyTenantId(ctx) }),
        client,
        outcome: "failure",
      });
      return null;
    }
    const migrated = older === undefined ? null : await requireOwnOlder(ctx, user, older, client);
    return toSignedIn(
      await beginSession(ctx, user, {
        loginMethod: migrated ? "migration" : "password",
        client,
        replaceCurrent,
        ...(migrated && { migrated }),
      }),
    );
  },
});

/** The user's own older session, still active; otherwise null, which is audited. */
async function requireOwnOlder(
  ctx: MutationCtx,
  user: Doc<"users">,
  older: Infer<typeof vOlderSession>,
  client: Client,
): Promise<Doc<"accountSessions"> | null> {
  const session = older && (await findOlderSession(ctx, older));
  const activity = session && (await getActivity(ctx, session._id));
  if (
    session?.userId === user._id &&
    session.state.kind === "active" &&
    findCutOffReason(user, session) === null &&
    activity &&
    activity.expiresAt > Date.now()
  )
    return session;
  await Audit.append(ctx, {
    action: "migration_ignored",
    target: "access_token",
    actor: { user },
    client,
    outcome: "failure",
  });
  return null;
}

async function findOlderSession(ctx: MutationCtx, older: { authSessionId: string } | { sessionHash: string }) {
  if ("sessionHash" in older) return await getSessionByCredentialHash(ctx, older.sessionHash);
  const authSessionId = ctx.db.normalizeId("authSessions", older.authSessionId);
  return authSessionId && (await getSessionByAuthId(ctx, authSessionId));
}

/**
 * Opens a session, as every way of signing in does in its transaction: with what it replaces, its alert and its audit
 * entry.
 */
async function beginSession(
  ctx: MutationCtx,
  user: Doc<"users">,
  options: {
    loginMethod: LoginMethod;
    client: Client;
    replaceCurrent?: boolean | undefined;
    migrated?: Doc<"accountSessions">;
    isNew?: boolean;
  },
): Promise<Opened> {
  const { loginMethod, client, migrated } = options;
  const current = options.replaceCurrent ? await getAuthSessionId(ctx) : null;
  const replaced = current && (await getSessionByAuthId(ctx, current));
  if (replaced) await endSessionAudited(ctx, replaced, "signed_out", client);
  if (migrated) await endSessionAudited(ctx, migrated, "migrated", client);
  const opened = await openSession(ctx, user, { loginMethod, client, ...(migrated && { data: migrated.data }) });
  // Drafts of a guest in the web application follow into the account they sign in to.
  if (replaced) await guestSignedIn({ ...ctx, principal: { user }, client }, replaced.userId);
  // A migrated session is the same device going on, a registration has no older devices.
  if (!migrated && !options.isNew) await Alerts.raiseAlert(ctx, opened.session);
  if (options.isNew && !user.isAnonymous) await signedUp(ctx, user);
  if (!user.isAnonymous)
    await Audit.append(ctx, {
      action: options.isNew ? "register" : "sign_in",
      target: `session ${opened.session.publicId}`,
      actor: { user },
      client,
    });
  return opened;
}

/**
 * The guest whose live session the call comes from, or null: nobody else's user becomes an account. `CONFLICT` when
 * that session has ended because the guest became one already, so that two attempts at once end with one account.
 */
async function getCallingGuest(
  ctx: MutationCtx,
): Promise<{ row: Doc<"users">; session: Doc<"accountSessions"> } | null> {
  const current = await getAuthSessionId(ctx);
  const session = current && (await getSessionByAuthId(ctx, current));
  if (!session) return null;
  const row = await Users.requireUserRow(ctx, session.userId);
  if (row.isAnonymous) return session.state.kind === "active" ? { row, session } : null;
  if (session.loginMethod === "anonymous") throw conflict("This guest has an account already. Sign in with it.");
  return null;
}

/**
 * A user with a password, signed in: a new one, or the guest whose session `replaceCurrent` replaces. `CONFLICT` when
 * email or username are taken: of many at once one wins.
 */
export const register = internalMutation({
  args: {
    email: v.string(),
    emailAsTyped: v.optional(v.string()),
    stored: v.string(),
    firstName: v.string(),
    lastName: v.string(),
    username: v.optional(v.string()),
    client: vClient,
    replaceCurrent: v.optional(v.boolean()),
  },
  returns: vSignedIn,
  handler: async (
    ctx,
    { email, emailAsTyped = email, stored, firstName, lastName, username, client, replaceCurrent },
  ) => {
    if ((await getAccount(ctx, "password", email)) || (await Users.getUserByEmail(ctx, email))) throw emailTaken();
    if (username !== undefined && (await Users.getUserByUsername(ctx, username)))
      throw conflict("This username is taken.", { fields: { username: ["This username is taken."] } });
    const guest = replaceCurrent ? await getCallingGuest(ctx) : null;
    const given = { email, emailAsTyped, firstName, lastName, ...(username !== undefined && { username }) };
    const user = guest ? await Users.nameGuest(ctx, guest.row, given) : await Users.createUser(ctx, given);
    // None of the guest's sessions goes on as one of the account, which only its password opens. The calling one is
    // replaced.
    if (guest) {
      const ending = { reason: "signed_out" as const, except: guest.session._id };
      await endAllSessionsAudited(ctx, user._id, ending, { actor: { user }, client });
    }
    await addPassword(ctx, user._id, email, stored);
    return toSignedIn(await beginSession(ctx, user, { loginMethod: "password", client, replaceCurrent, isNew: true }));
  },
});

export const emailTaken = () =>
  conflict("This email address is already registered.", {
    fields: { email: ["This email address is already registered."] },
  });

/** A guest of the React client: a user without address, known by this session alone. */
export const asGuest = internalMutation({
  args: { client: vClient },
  returns: v.union(vSignedIn, v.object({ retryAfterSeconds: v.number() })),
  handler: async (ctx, { client }) => {
    const retryAfterSeconds = await countLogin(ctx, client);
    if (retryAfterSeconds !== null) return { retryAfterSeconds };
    const user = await Users.createUser(ctx, { isAnonymous: true });
    return toSignedIn(await beginSession(ctx, user, { loginMethod: "anonymous", client, isNew: true }));
  },
});

/** Audits a Google token that proves nothing. Whom it was to sign in is not known. */
export const refuseGoogle = internalMutation({
  args: { client: vClient },
  returns: v.null(),
  handler: async (ctx, { client }) => {
    await Audit.append(ctx, {
      action: "sign_in_failed",
      target: "Google token",
      actor: { name: client.ip ?? "unknown" },
      tenantId: await getOnlyTenantId(ctx),
      client,
      outcome: "failure",
    });
    return null;
  },
});

/** Signs in whom a verified Google token names. `begin` has counted the address, this counts the email. */
export const withGoogle = internalMutation({
  args: {
    sub: v.string(),
    profile: v.object({ email: v.string(), emailAsTyped: v.string(), name: v.string(), image: v.optional(v.string()) }),
    client: vClient,
  },
  returns: v.union(vSignedIn, v.object({ retryAfterSeconds: v.number() })),
  handler: async (ctx, { sub, profile, client }) => {
    const retryAfterSeconds = await countLoginOfEmail(ctx, profile.email);
    if (retryAfterSeconds !== null) return { retryAfterSeconds };
    const account = await getAccount(ctx, "google", sub);
    const user = account ? await Users.requireUserRow(ctx, account.userId) : await findGoogleUser(ctx, profile, client);
    if (!account) await addGoogleAccount(ctx, user._id, sub);
    return toSignedIn(await beginSession(ctx, user, { loginMethod: "google", client }));
  },
});

/** Sets the place that accounts/geo has found. */
export const setLocation = internalMutation({
  args: { sessionId: v.id("accountSessions"), location: v.string() },
  returns: v.null(),
  handler: async (ctx, { sessionId, location }) => {
    await writeLocation(ctx, sessionId, location);
    return null;
  },
});
