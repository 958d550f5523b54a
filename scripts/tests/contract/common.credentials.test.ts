/**
 * convex/rest/README.md §0 and §2: tokens that prove nothing, seen by every domain; and what a session's end means for
 * each proof.
 */
import { randomUUID } from "node:crypto";
import { importPKCS8, SignJWT, generateKeyPair, type JWTPayload } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { adminClient } from "../../lib/admin";
import { call, newAccount, target, type Account } from "../support/api";

let account: Account;
let claims: JWTPayload & { sub: string };
let key: Awaited<ReturnType<typeof importPKCS8>>;

beforeAll(async () => {
  account = await newAccount();
  claims = JSON.parse(Buffer.from(account.jwt.split(".")[1]!, "base64url").toString()) as typeof claims;
  const { JWT_PRIVATE_KEY = "" } = await adminClient(target().convexUrl, target().adminKey).environment();
  key = await importPKCS8(JWT_PRIVATE_KEY, "RS256");
});

/** One guarded endpoint of each domain, with the name under which its 401 says why. */
const DOMAINS = [
  ["sign-in", "/api/sessions/current/", "detail"],
  ["devices", "/api/v1/users/me/sessions/", "error"],
  ["valuations", "/api/sessions", "error"],
  ["focus", "/api/v1/activities/0b8cf4b4-9d0f-4d5c-8f5e-0d8f8a3f7f11/", "detail"],
  ["tutoring", "/api/sessions/", "detail"],
  ["notifications", "/api/notifications/", "detail"],
] as const;

async function assertRefused(credential: string): Promise<void> {
  for (const [domain, path, name] of DOMAINS) {
    const answer = await call("GET", path, { auth: credential });
    const seen = `${credential.slice(0, 30)} in ${domain}: ${answer.text}`;
    expect(answer.status, seen).toBe(401);
    expect(answer.headers.get("www-authenticate"), seen).toMatch(/^Bearer .*SessionID /);
    expect(answer.body, seen).toHaveProperty(name);
    if (domain === "devices") expect(answer.body.error.code, seen).toBe("INVALID_TOKEN");
  }
}

type Change = (token: SignJWT, claims: JWTPayload & { sub: string }) => SignJWT;
/** The account's own token as the deployment itself would sign it, but for one thing. */
const signed = (change: Change = (token) => token, withKey = key) => {
  const token = new SignJWT({ ...claims }).setProtectedHeader({ alg: "RS256" });
  return change(token, claims).sign(withKey);
};

describe("a token", () => {
  test("signed by the deployment is good, to the second of its expiry", async () => {
    const now = Math.floor(Date.now() / 1000);
    const good = await signed((token) => token.setIssuedAt(now).setExpirationTime(now + 60));
    expect((await call("GET", "/api/sessions/current/", { auth: `Bearer ${good}` })).status).toBe(200);
  });

  test.each<[string, Change]>([
    ["that has expired", (token) => token.setIssuedAt(1_700_000_000).setExpirationTime(1_700_000_900)],
    ["for another audience", (token) => token.setAudience("another-app")],
    ["of another issuer", (token) => token.setIssuer("https://issuer.example")],
    ["of a session that never was", (token, { sub }) => token.setSubject(`${sub.split("|")[0]}|${sub.split("|")[0]}`)],
    ["without a session", (token, { sub }) => token.setSubject(sub.split("|")[0]!)],
  ])("%s is refused by every domain", async (_, change) => {
    await assertRefused(`Bearer ${await signed(change)}`);
  });

  test("with another key, without one, cut or put together is refused by every domain", async () => {
    const [head, payload, signature] = account.jwt.split(".") as [string, string, string];
    const other = (await newAccount()).jwt.split(".")[1]!;
    const none = Buffer.from('{"alg":"none"}').toString("base64url");
    const { privateKey } = await generateKeyPair("RS256");
    for (const token of [
      await signed(undefined, privateKey),
      `${none}.${payload}.`,
      `${none}.${payload}.${signature}`,
      `${head}.${other}.${signature}`,
      account.jwt.slice(0, -5),
      account.jwt.slice(0, 40),
    ])
      await assertRefused(`Bearer ${token}`);
  });
});

test.each(["SessionID", "SessionID nope", "Bearer", "Basic YTpi", "SessionID 0b8cf4b4-9d0f-4d5c-8f5e-0d8f8a3f7f11"])(
  "“%s” is refused by every domain",
  (credential) => assertRefused(credential),
);

test("each proof of the wrong kind, and two in one header, are refused", async () => {
  for (const credential of [
    `Bearer ${account.sessionId}`,
    `SessionID ${account.jwt}`,
    `${account.session}, ${account.session}`,
    `${account.session} x`,
    "SessionID",
    "Bearer",
  ])
    await assertRefused(credential);
});

test("an empty Authorization is one that does not hold, not none", async () => {
  for (const Authorization of ["", "  "])
    expect((await call("GET", "/api/sessions", { headers: { Authorization } })).status).toBe(401);
});

test("no cookie proves who a user is", async () => {
  const Cookie = `access=${account.jwt}; session_id=${account.sessionId}; sessionid=${account.sessionId}`;
  expect((await call("GET", "/api/sessions/current/", { headers: { Cookie } })).status).toBe(401);
});

test("the service key opens the synchroniser's endpoints and nothing else", async () => {
  const auth = `Bearer ${target().serviceKey}`;
  await assertRefused(auth);
  expect((await call("PUT", "/api/v1/sessions/x/", { auth, body: {} })).status).toBe(400);
  expect((await call("PUT", "/api/v1/sessions/x/", { auth: `${auth.slice(0, -1)}!`, body: {} })).status).toBe(401);
});

test("when a session ends, its SessionID and all its tokens are refused by every domain at once", async () => {
  const ended = await newAccount();
  await call("DELETE", `/api/sessions/${ended.sessionId}/`, { auth: ended.session });
  await assertRefused(ended.session);
  await assertRefused(ended.bearer);
});

test("that a session has ended comes before whatever else is wrong with a request", async () => {
  const ended = await newAccount();
  const malformed = [
    ["GET", "/api/v1/users/me/sessions/?search=a&search=b"],
    ["DELETE", "/api/v1/users/me/sessions/?exclude_current=perhaps"],
    ["GET", "/api/sessions?limit=x"],
    ["GET", "/api/v1/goals/x/"],
    ["POST", "/api/v1/sessions/", "{"],
    ["POST", "/api/v1/sessions/", "text", "text/plain"],
    ["POST", "/api/sessions/", "{}"],
    ["POST", "/api/sessions/5/materials/", "{}"],
    ["POST", "/api/auth/token/", '{"lifetime":1}'],
  ] as const;
  const statuses = async (auth: string) => {
    const answers = malformed.map(([method, path, body, type]) =>
      call(method, path, { auth, ...(body && { body }), ...(type && { headers: { "Content-Type": type } }) }),
    );
    return (await Promise.all(answers)).map(({ status }) => status);
  };
  const proofs = [ended.session, ended.bearer];
  for (const auth of proofs) expect((await call("GET", "/api/sessions/current/", { auth })).status).toBe(200);
  expect(await statuses(ended.session)).toEqual([400, 400, 400, 404, 400, 415, 400, 400, 400]);
  await call("DELETE", `/api/sessions/${ended.sessionId}/`, { auth: ended.session });
  for (const auth of proofs) expect(await statuses(auth)).toEqual(malformed.map(() => 401));
});

describe("Idempotency-Key", () => {
  const draft = (title: string) => ({
    title,
    description: "d",
    subject: "maths",
    level: "beginner",
    date: new Date(Date.now() + 86_400_000).toISOString(),
    duration: 30,
  });
  const create = (auth: string, key: string, title = "one") =>
    call("POST", "/api/sessions/", { auth, body: draft(title), headers: { "Idempotency-Key": key } });

  test("ten at once run once, either credential; another body is 409, another caller is another key", async () => {
    const key = randomUUID();
    const body = draft("one");
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        call("POST", "/api/sessions/", {
          auth: n % 2 ? account.session : account.bearer,
          body,
          headers: { "Idempotency-Key": key },
        }),
      ),
    );
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers[0]!.status).toBe(201);
    const replayed = answers.map(({ headers }) => headers.get("Idempotent-Replayed"));
    expect(replayed.sort()).toEqual([null, ...Array.from({ length: 9 }, () => "true")].sort());
    expect(await create(account.session, key, "two")).toMatchObject({
      status: 409,
      body: { error: expect.any(String) as string },
    });
    const stranger = await newAccount();
    const theirs = await create(stranger.session, key, "one");
    expect(theirs.status).toBe(201);
    expect(theirs.body.id).not.toBe(answers[0]!.body.id);
  });

  test("has 1 to 255 characters, and means nothing where sessions begin", async () => {
    expect((await create(account.session, "k".repeat(255), "255")).status).toBe(201);
    for (const key of ["", "k".repeat(256)])
      expect(await create(account.session, key)).toMatchObject({
        status: 400,
        body: { fields: { "Idempotency-Key": expect.any(Array) as string[] } },
      });
    for (const path of ["/api/auth/login/", "/api/sessions/create/"]) {
      const login = () =>
        call("POST", path, {
          body: { email: account.email, password: account.password },
          headers: { "Idempotency-Key": "k".repeat(300) },
        });
      const [first, second] = await Promise.all([login(), login()]);
      expect([first.status, second.status]).toEqual([200, 200]);
      expect(first.body.session_id).not.toBe(second.body.session_id);
    }
  });
});
