import Google from "@auth/core/providers/google";
import { ConvexCredentials } from "@convex-dev/auth/providers/ConvexCredentials";
import { convexAuth } from "@convex-dev/auth/server";
import type { RegisteredMutation } from "convex/server";
import { v } from "convex/values";
import { storeInStep, type StoreRequest } from "./accounts/signIn/authStore";
import { readGoogleSettings, readProfile } from "./accounts/signIn/google";
import { splitName } from "./accounts/rules";
import type { SignedIn } from "./accounts/signIn/transactions";
import { countAttempt, signInAsGuest, signInWithPassword, signUp } from "./accounts/signIn/flow";
import { nameKeyOf } from "./accounts/signIn/tokens";
import { findGoogleUser, type GoogleProfile } from "./accounts/signIn/googleUser";
import { readClientOfCall } from "./identity/caller";
import { ACCESS_TOKEN_LIFETIME_MS, IDLE_LIFETIME_MS, TOTAL_LIFETIME_MS } from "./identity/sessions/lifetimes";
import { internalMutation, type ActionCtx, type MutationCtx } from "./_generated/server";
import { invalid, type FieldErrors } from "./lib/errors";
import { cleanText, clipped, isUnicode, NOT_UNICODE } from "./lib/text";

export { experimental_reuseContext } from "./lib/contexts";

const openedFor = ({ userId, authSessionId }: SignedIn) => ({ userId, sessionId: authSessionId });

/** Characters of a name that are kept. */
const NAME_MAX = 150;

/**
 * Email and password: `flow` `signIn` or `signUp`, `email`, `password`, `name?`. Our own transactions open the
 * session, so that the account session exists in the same instant as Convex Auth's.
 */
const password = ConvexCredentials({
  id: "password",
  authorize: async (params, authCtx) => {
    const ctx = authCtx as unknown as ActionCtx;
    const { flow, email, password, name } = params;
    const client = await readClientOfCall(ctx);
    const refuse = async (fields: FieldErrors): Promise<never> => {
      await countAttempt(ctx, client, email);
      throw invalid(fields);
    };
    const required = (value: unknown) => (typeof value === "string" && value !== "" ? [] : ["This field is required."]);
    const missing = { email: required(email), password: required(password) };
    if (typeof email !== "string" || typeof password !== "string" || missing.email.length + missing.password.length > 0)
      return await refuse(Object.fromEntries(Object.entries(missing).filter(([, reasons]) => reasons.length > 0)));
    const origin = { client, replaceCurrent: true };
    const given = { email: cleanText(email), password };
    if (flow === "signIn") return openedFor(await signInWithPassword(ctx, given, origin));
    if (flow !== "signUp") return await refuse({ flow: ["Must be signIn or signUp."] });
    const fullName = typeof name === "string" ? cleanText(name) : "";
    if (!isUnicode(fullName)) return await refuse({ name: [NOT_UNICODE] });
    return openedFor(await signUp(ctx, { ...given, ...splitName(clipped(fullName, NAME_MAX)) }, origin));
  },
});

const anonymous = ConvexCredentials({
  id: "anonymous",
  authorize: async (_params, authCtx) => {
    const ctx = authCtx as unknown as ActionCtx;
    return openedFor(await signInAsGuest(ctx, { client: await readClientOfCall(ctx) }));
  },
});

/** Present when the deployment has `AUTH_GOOGLE_ID` and `AUTH_GOOGLE_SECRET`. */
function google() {
  const { clientId, clientSecret, issuer } = readGoogleSettings();
  if (!clientId || !clientSecret) return [];
  return [
    Google({
      clientId,
      clientSecret,
      issuer,
      profile: (claims) => ({ id: claims.sub, ...readProfile(claims) }),
    }),
  ];
}

const convex = convexAuth({
  providers: [password, anonymous, ...google()],
  session: { totalDurationMs: TOTAL_LIFETIME_MS, inactiveDurationMs: IDLE_LIFETIME_MS },
  jwt: { durationMs: ACCESS_TOKEN_LIFETIME_MS },
  callbacks: {
    // Only Google comes this way; password and guests write their users themselves.
    createOrUpdateUser: async (authCtx, { existingUserId, profile }) => {
      if (existingUserId) return existingUserId;
      const { email = "", emailAsTyped = email, name = "", image } = profile as Partial<GoogleProfile>;
      const client = await readClientOfCall(authCtx);
      const user = await findGoogleUser(authCtx, { email, emailAsTyped, name, ...(image && { image }) }, client);
      return user._id;
    },
  },
});

export const { auth, signIn, signOut, isAuthenticated } = convex;

/** Convex Auth's own transaction, by the handler every registered function carries. */
const convexStore = (
  convex.store as unknown as RegisteredMutation<"internal", { args: unknown }, unknown> & {
    _handler: (ctx: MutationCtx, args: { args: unknown }) => Promise<unknown>;
  }
)._handler;

/** An answer of Convex Auth with tokens in it, their access token naming its key. */
async function nameKeys(result: unknown): Promise<unknown> {
  if (typeof result !== "object" || result === null) return result;
  if ("tokens" in result) return { ...result, tokens: await nameKeys(result.tokens) };
  return "token" in result && typeof result.token === "string"
    ? { ...result, token: await nameKeyOf(result.token) }
    : result;
}

export const store = internalMutation({
  // Convex Auth sends this itself; it has checked it before calling.
  args: { args: v.any() },
  handler: async (ctx, { args }: { args: StoreRequest }): Promise<unknown> =>
    await nameKeys(await storeInStep(ctx, args, () => convexStore(ctx, { args }))),
});
