/** accounts/README §2 over HTTP: signing in, and the session of the caller. Errors are `{detail}`. */
import { z } from "../../rest/schemas/zod";
import { internal } from "../../_generated/api";
import { unauthenticated } from "../../lib/errors";
import { hashSha256 } from "../../lib/ids";
import { declare, restDomain, type EndpointOptions, type Asked } from "../../rest/domain";
import { read, write } from "../../rest/transaction";
import type { RestContext } from "../../rest/request";
import { clearGuestCookie, readClaimableGuest } from "../../rest/guest";
import { GUEST } from "../../rest/schemas/headers";
import { text } from "../../lib/schemas/fields";
import { errors, json, SECURITY } from "../../rest/schemas/fields";
import { toWireTime } from "../../lib/time";
import { EMAIL_MAX, PASSWORD_MAX, PASSWORD_MIN } from "../rules";
import type { SignedIn } from "../signIn/transactions";
import { countAttempt, signInWithGoogle, signInWithPassword, signUp } from "../signIn/flow";
import { signAccessToken } from "../signIn/tokens";
import { declareProfile } from "./profileRoutes";
import { AccessBody, CurrentSession, SignedInBody, SignInError } from "./schemas";

export const signInRest = restDomain(
  (error) => ({ detail: error.message, ...(error.fields && { fields: error.fields }) }),
  SignInError,
  ["/api/auth/*"],
);

const TAGS = ["Sign-in sessions"];
// Only the SessionID itself proves the session of the path (accounts/README §2).
const SESSION_ID: typeof SECURITY = [{ sessionId: [] }];
const UUID = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}";
// A login counts against its own limits, whatever its body is like, and no credential but the one in there is looked
// at.
const LOGIN: EndpointOptions = {
  caller: "none",
  limit: "own",
  countsLogins: "named",
  countRefused: async ({ c, sender }, { email }) => void (await countAttempt(c.env, sender.client, email)),
};
const SIGNED_IN_HEADERS = ["Cache-Control", "Set-Cookie"] as const;

async function replySignedIn(request: Asked, session: SignedIn, status: 200 | 201) {
  const claimed = await claimGuestDrafts(request, session);
  return request.c.json(
    { session_id: session.credential, expires_at: toWireTime(session.expiresAt) },
    { status, headers: { "Cache-Control": "no-store", ...(claimed && { "Set-Cookie": clearGuestCookie() }) } },
  );
}

/** The claim of valuations/README.md §4.7; true when the request named a guest id, which has ended then. */
async function claimGuestDrafts({ c, sender }: Asked, session: SignedIn): Promise<boolean> {
  const guest = await readClaimableGuest(c);
  if (!guest) return false;
  try {
    const { userId } = session;
    await c.env.runMutation(internal.valuations.claims.afterSignIn, {
      userId,
      guestHash: guest.hash,
      client: sender.client,
    });
    return true;
  } catch (error) {
    // The session stands, the guest id stays in force, and the client may claim again.
    console.error(`request ${c.get("requestId")}: drafts were not claimed`, error);
    return false;
  }
}

const Login = z.strictObject({
  email: text({ max: EMAIL_MAX, min: 1 }),
  password: z.string().min(1),
  access_token: z
    .string()
    .max(8_192)
    .optional()
    .describe("An older session of the same user, which moves to the new one"),
});

function readOrigin({ c, sender: { client } }: Asked) {
  const signal = getSignal(c);
  return { client, ...(signal && { hasLeft: () => signal.aborted }) };
}

/** Aborted when the client leaves; null on the hosted platform, whose requests throw when they are asked for it. */
function getSignal({ req }: RestContext): AbortSignal | null {
  try {
    return req.raw.signal;
  } catch {
    return null;
  }
}

for (const path of ["/api/auth/login/", "/api/sessions/create/"])
  declare(signInRest, {
    contract: {
      method: "post",
      path,
      tags: TAGS,
      summary: "Sign in with email and password",
      parameters: GUEST,
      request: { body: { content: { "application/json": { schema: Login } }, required: true } },
      responses: {
        200: json(SignedInBody, "A new session", ...SIGNED_IN_HEADERS),
        ...errors(SignInError, 401),
      },
    },
    ...LOGIN,
    run: async (request) => {
      const { email, password, access_token: accessToken } = request.body;
      return replySignedIn(
        request,
        await signInWithPassword(request.c.env, { email, password, accessToken }, readOrigin(request)),
        200,
      );
    },
  });

const Register = z.strictObject({
  email: text({ max: EMAIL_MAX, min: 1 }),
  password: z.string().openapi({ minLength: PASSWORD_MIN, maxLength: PASSWORD_MAX }),
  first_name: text({ max: 150 }).optional(),
  last_name: text({ max: 150 }).optional(),
  username: text({ max: 150 }).optional(),
});

declare(signInRest, {
  contract: {
    method: "post",
    path: "/api/auth/register/",
    tags: TAGS,
    summary: "Register and sign in",
    parameters: GUEST,
    request: { body: { content: { "application/json": { schema: Register } }, required: true } },
    responses: {
      201: json(SignedInBody, "A new user's session", ...SIGNED_IN_HEADERS),
      ...errors(SignInError, 409),
    },
  },
  ...LOGIN,
  run: async (request) => {
    const { email, password, first_name: firstName = "", last_name: lastName = "", username } = request.body;
    const session = await signUp(
      request.c.env,
      { email, password, firstName, lastName, username },
      readOrigin(request),
    );
    return replySignedIn(request, session, 201);
  },
});

const GoogleLogin = z.strictObject({ id_token: z.string().min(1).max(8_192) });

declare(signInRest, {
  contract: {
    method: "post",
    path: "/api/auth/google/",
    tags: TAGS,
    summary: "Sign in with a Google ID token",
    parameters: GUEST,
    request: { body: { content: { "application/json": { schema: GoogleLogin } }, required: true } },
    responses: {
      200: json(SignedInBody, "A new session", ...SIGNED_IN_HEADERS),
      ...errors(SignInError, 401, 503),
    },
  },
  ...LOGIN,
  run: async (request) => {
    const { client } = request.sender;
    const session = await signInWithGoogle(request.c.env, request.body.id_token, { client });
    return replySignedIn(request, session, 200);
  },
});

declare(signInRest, {
  contract: {
    method: "post",
    path: "/api/auth/token/",
    tags: TAGS,
    summary: "An access token (JWT) for the caller's session, good for 15 minutes",
    security: SESSION_ID,
    responses: { 200: json(AccessBody, "The token", "Cache-Control") },
  },
  run: async ({ c, sender }) => {
    // A token that could renew itself would outlive its fifteen minutes in a thief's hands.
    requireSessionId(sender);
    const subject = await c.env.runQuery(internal.accounts.rest.transactions.tokenSubject, { caller: sender.caller });
    const { access, expiresAt } = await signAccessToken(subject);
    return c.json({ access, expires_at: toWireTime(expiresAt) }, { headers: { "Cache-Control": "no-store" } });
  },
});

declare(signInRest, {
  contract: {
    method: "get",
    path: "/api/sessions/current/",
    tags: TAGS,
    summary: "The caller's session",
    security: SECURITY,
    responses: { 200: json(CurrentSession, "The session") },
  },
  run: (request) => read(request, internal.accounts.rest.transactions.session, { own: true }),
});

/** Whether the header carries the very session id of the path; throws for any other scheme. */
async function isOwnPath({ params, sender }: Pick<Asked, "sender"> & { params: { sessionId: string } }) {
  return requireSessionId(sender) === (await hashSha256(params.sessionId.toLowerCase()));
}

/** The hash of the SessionID that was sent; `UNAUTHENTICATED` for any other scheme. */
function requireSessionId({ caller }: Asked["sender"]): string {
  if (caller.sessionHash === undefined) throw unauthenticated("This needs the header Authorization: SessionID.");
  return caller.sessionHash;
}

const byId = {
  path: "/api/sessions/{sessionId}/",
  tags: TAGS,
  security: SESSION_ID,
  request: { params: z.object({ sessionId: z.guid() }) },
} as const;

declare(signInRest, {
  contract: {
    ...byId,
    method: "get",
    summary: "The session of this SessionID",
    responses: { 200: json(CurrentSession, "The session"), ...errors(SignInError, 403) },
  },
  pattern: { sessionId: UUID },
  run: async (request) => read(request, internal.accounts.rest.transactions.session, { own: await isOwnPath(request) }),
});

declare(signInRest, {
  contract: {
    ...byId,
    method: "delete",
    summary: "End the session of this SessionID",
    responses: { 204: { description: "Ended" }, ...errors(SignInError, 403) },
  },
  pattern: { sessionId: UUID },
  run: async (request) =>
    write(request, internal.accounts.rest.transactions.endSession, { own: await isOwnPath(request) }),
});

declareProfile(signInRest);
