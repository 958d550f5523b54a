/** Signing in and up, step by step: count, hash outside transactions, open. REST and React take the same steps. */
import { internal } from "../../_generated/api";
import type { ActionCtx } from "../../_generated/server";
import type { Client } from "../../identity/caller";
import { getErrorData, unauthenticated } from "../../lib/errors";
import { hashSha256, UUID_PATTERN } from "../../lib/ids";
import { rateLimited } from "../../identity/limits/limits";
import { parse } from "../../lib/schemas/parse";
import { z } from "../../lib/schemas/zod";
import { cleanText, listTextProblems } from "../../lib/text";
import { verifyIdToken } from "./google";
import { hashInTurn } from "./hashing";
import { EMAIL_MAX, normalizeEmail } from "../rules";
import * as Fields from "./fields";
import { emailTaken, type SignedIn } from "./transactions";
import { verifyAccessToken } from "./tokens";

const signInFields = z.strictObject({ email: Fields.namedEmail(), password: Fields.givenPassword() });
const signUpFields = z.strictObject({
  email: Fields.newEmail(),
  password: Fields.newPassword(),
  username: Fields.username().optional(),
});

/** One error for an unknown address and a wrong password (accounts/README §2). */
const wrongPair = () => unauthenticated("The email address or the password is wrong.");

type Origin = {
  client: Client;
  /** A React client: the session it holds, if any, ends with the new one's beginning. */
  replaceCurrent?: boolean;
  /** Whether the client waits for no answer any more; absent where that is unknown, as over the live protocol. */
  hasLeft?: () => boolean;
};

/**
 * Counts an attempt against the address it comes from, and against the email it names if `named` can be one; → what is
 * stored for that email. Comes before anything is decided about what was sent. Throws `RATE_LIMITED`.
 */
export async function countAttempt(ctx: ActionCtx, client: Client, named?: unknown) {
  const text = typeof named === "string" ? cleanText(named) : "";
  const email = normalizeEmail(text);
  const { retryAfterSeconds, ...known } = await ctx.runMutation(internal.accounts.signIn.transactions.begin, {
    client,
    ...(email !== "" && listTextProblems(text, EMAIL_MAX).length === 0 && { email }),
  });
  if (retryAfterSeconds !== null) throw rateLimited(retryAfterSeconds);
  return known;
}

/**
 * Signs in with a password. `accessToken` may name an older session of the same user (its JWT or SessionID), which
 * moves here. Throws `UNAUTHENTICATED` for any wrong pair, `RATE_LIMITED`.
 */
export async function signInWithPassword(
  ctx: ActionCtx,
  given: { email: string; password: string; accessToken?: string | undefined },
  { client, replaceCurrent, hasLeft }: Origin,
): Promise<SignedIn> {
  const email = normalizeEmail(given.email);
  const { stored } = await countAttempt(ctx, client, given.email);
  const { password } = parse(signInFields, { email: given.email, password: given.password });
  const verified = await hashInTurn(
    () => ctx.runAction(internal.accounts.signIn.passwordHash.verify, { password, stored }),
    hasLeft,
  );
  const session = await ctx.runMutation(internal.accounts.signIn.transactions.withPassword, {
    email,
    stored,
    verified,
    client,
    ...(given.accessToken !== undefined && { older: await findOlderSession(given.accessToken) }),
    ...(replaceCurrent && { replaceCurrent }),
  });
  if (!session) throw wrongPair();
  return session;
}

async function findOlderSession(token: string): Promise<{ authSessionId: string } | { sessionHash: string } | null> {
  if (UUID_PATTERN.test(token)) return { sessionHash: await hashSha256(token.toLowerCase()) };
  const authSessionId = await verifyAccessToken(token);
  return authSessionId && { authSessionId };
}

/**
 * Registers a user and signs them in. Throws `VALIDATION` with every wrong field, `CONFLICT` for a taken email or
 * username, `RATE_LIMITED`.
 */
export async function signUp(
  ctx: ActionCtx,
  given: {
    email: string;
    password: string;
    firstName?: string;
    lastName?: string;
    username?: string | undefined;
  },
  { client, replaceCurrent, hasLeft }: Origin,
): Promise<SignedIn> {
  const email = normalizeEmail(given.email);
  const { taken } = await countAttempt(ctx, client, given.email);
  const { password, username } = parse(signUpFields, {
    email: given.email,
    password: given.password,
    username: given.username,
  });
  if (taken) throw emailTaken();
  const stored = await hashInTurn(
    () => ctx.runAction(internal.accounts.signIn.passwordHash.hash, { password }),
    hasLeft,
  );
  return await ctx.runMutation(internal.accounts.signIn.transactions.register, {
    email,
    emailAsTyped: given.email,
    stored,
    firstName: given.firstName ?? "",
    lastName: given.lastName ?? "",
    client,
    ...(username !== undefined && { username }),
    ...(replaceCurrent && { replaceCurrent }),
  });
}

/**
 * Signs in whom a Google ID token names. Throws `UNAUTHENTICATED` when it proves nothing, `UNAVAILABLE` when the
 * provider's keys cannot be had, `RATE_LIMITED`.
 */
export async function signInWithGoogle(ctx: ActionCtx, idToken: string, { client }: Origin): Promise<SignedIn> {
  await countAttempt(ctx, client);
  const { sub, profile } = await verifyIdToken(idToken).catch(async (error: unknown) => {
    if (getErrorData(error)?.code === "UNAUTHENTICATED")
      await ctx.runMutation(internal.accounts.signIn.transactions.refuseGoogle, { client });
    throw error;
  });
  const session = await ctx.runMutation(internal.accounts.signIn.transactions.withGoogle, { sub, profile, client });
  if ("retryAfterSeconds" in session) throw rateLimited(session.retryAfterSeconds);
  return session;
}

/** A guest session for the React client. */
export async function signInAsGuest(ctx: ActionCtx, { client }: Origin): Promise<SignedIn> {
  const session = await ctx.runMutation(internal.accounts.signIn.transactions.asGuest, { client });
  if ("retryAfterSeconds" in session) throw rateLimited(session.retryAfterSeconds);
  return session;
}
