/** convex/accounts/README.md §2 and §3 over HTTP and the live protocol. */
import { randomUUID } from "node:crypto";
import { anyApi, type FunctionReference } from "convex/server";
import { describe, expect, test } from "vitest";
import { waitFor } from "../../lib/server";
import { call, liveClient, newAccount, type Account, type Answer } from "../support/api";

const accounts = anyApi.accounts as Record<string, Record<string, FunctionReference<any>>>;
const devicesLive = accounts.sessions!.list as FunctionReference<"query">;
const auditMine = (anyApi.audit as typeof accounts).entries!.mine as FunctionReference<"query">;

const CHROME_ON_WINDOWS =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36";
const SPELLINGS = ["/api/v1/auth/users/me/sessions/", "/api/v1/users/me/sessions/"] as const;
const [DEVICES] = SPELLINGS;

type Item = { id: number; is_current: boolean } & Record<string, unknown>;

const login = (body: Record<string, unknown>, headers: Record<string, string> = {}) =>
  call("POST", "/api/auth/login/", { body, headers });

async function signInAgain(account: Account, userAgent?: string, extra: Record<string, unknown> = {}): Promise<string> {
  const { email, password } = account;
  const answer = await login({ email, password, ...extra }, userAgent ? { "User-Agent": userAgent } : {});
  expect(answer.status, answer.text).toBe(200);
  return answer.body.session_id as string;
}

const sessionPath = (id: string) => `/api/sessions/${id}/`;
const check = (id: string) => call("GET", sessionPath(id), { auth: `SessionID ${id}` });
const items = (answer: Answer) => answer.body.data.sessions as Item[];

async function auditedActions(account: Account): Promise<{ action: string; outcome: string }[]> {
  const { page } = (await account.http.query(auditMine, { paginationOpts: { numItems: 100, cursor: null } })) as {
    page: { action: string; outcome: string }[];
  };
  return page;
}

describe("signing in", () => {
  test.each(["/api/auth/login/", "/api/sessions/create/"])("%s opens a session that lasts seven days", async (path) => {
    const account = await newAccount();
    const answer = await call("POST", path, {
      body: { email: account.email.toUpperCase(), password: account.password },
    });
    expect(answer.status).toBe(200);
    expect(Object.keys(answer.body).sort()).toEqual(["expires_at", "session_id"]);
    const days = (Date.parse(answer.body.expires_at as string) - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(6.9);
    expect(days).toBeLessThanOrEqual(7.01);
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });

  test("an unknown e-mail and a wrong password cannot be told apart, by answer or by time", async () => {
    const account = await newAccount();
    const wrong: number[] = [];
    const unknown: number[] = [];
    const texts = new Set<string>();
    const timed = async (into: number[], email: string) => {
      const startedAt = performance.now();
      const answer = await login({ email, password: "not the password" });
      into.push(performance.now() - startedAt);
      texts.add(`${answer.status} ${answer.text} ${answer.headers.get("www-authenticate")}`);
    };
    // Taken in turns, so that whatever else loads the machine loads both alike.
    for (let i = 0; i < 7; i++) {
      await timed(wrong, account.email);
      await timed(unknown, `nobody-${randomUUID()}@example.com`);
    }
    expect(texts.size).toBe(1);
    expect([...texts][0]).toMatch(/^401 \{"detail":/);
    const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
    const ratio = median(wrong) / median(unknown);
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(2);
  });

  test("of sixteen registrations of one e-mail at once one wins", async () => {
    const email = `race-${randomUUID()}@example.com`;
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, index) =>
        call("POST", "/api/auth/register/", {
          body: { email: index % 2 ? email : email.toUpperCase(), password: `password ${index}!` },
        }),
      ),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(statuses.filter((status) => status === 409)).toHaveLength(15);
    const winner = statuses.indexOf(201);
    expect((await login({ email, password: `password ${winner}!` })).status).toBe(200);
    expect((await login({ email, password: `password ${(winner + 1) % 16}!` })).status).toBe(401);
  });

  test.each([
    ["no e-mail address", { email: "nobody", password: "long enough!" }, ["email"]],
    ["a short password", { email: "a@example.com", password: "short" }, ["password"]],
    ["neither", {}, ["email", "password"]],
    ["an unknown field", { email: "a@example.com", password: "long enough!", admin: true }, ["admin"]],
  ])("registering with %s is 400 naming it", async (_, body, names) => {
    const answer = await call("POST", "/api/auth/register/", { body });
    expect(answer.status).toBe(400);
    expect(Object.keys(answer.body.fields).sort()).toEqual(names);
    expect(answer.body.detail).toBeTypeOf("string");
  });

  test("a username never contains the e-mail; a Google token that proves nothing is refused", async () => {
    const account = await newAccount();
    const me = (await account.http.query(accounts.users!.me as FunctionReference<"query">, {})) as { username: string };
    expect(me.username).not.toContain(account.email);
    expect(me.username).not.toContain("@");
    const google = await call("POST", "/api/auth/google/", { body: { id_token: account.jwt } });
    expect([400, 401, 503]).toContain(google.status);
    expect(google.body.session_id).toBeUndefined();
  });
});

describe("the session of the caller", () => {
  test("both credentials read it; the path's SessionID must be the header's", async () => {
    const account = await newAccount();
    const other = await newAccount();
    const own = await check(account.sessionId);
    expect(own.status).toBe(200);
    expect(own.body).toMatchObject({ email: account.email, permissions: [] });
    expect(own.body.tenant_id).toBeTypeOf("string");
    expect(own.body.needs_onboarding && own.body.onboarding_completed).toBe(false);
    for (const auth of [account.session, account.bearer]) {
      const current = await call("GET", "/api/sessions/current/", { auth });
      expect([current.status, current.body]).toEqual([200, own.body]);
    }
    expect((await call("GET", sessionPath(other.sessionId), { auth: account.session })).status).toBe(403);
    expect((await call("DELETE", sessionPath(other.sessionId), { auth: account.session })).status).toBe(403);
    expect((await check(other.sessionId)).status).toBe(200);
    expect((await call("GET", sessionPath(account.sessionId))).status).toBe(401);
    expect((await call("GET", sessionPath(randomUUID()), { auth: `SessionID ${randomUUID()}` })).status).toBeOneOf([
      401, 403,
    ]);
  });

  test("deleting it is 204 and 401 from then on, for the JWT too", async () => {
    const account = await newAccount();
    const gone = await call("DELETE", sessionPath(account.sessionId), { auth: account.session });
    expect([gone.status, gone.text]).toEqual([204, ""]);
    for (const auth of [account.session, account.bearer])
      expect((await call("GET", "/api/sessions/current/", { auth })).status).toBe(401);
    expect((await call("POST", "/api/auth/token/", { auth: account.session, body: {} })).status).toBe(401);
    expect((await call("DELETE", sessionPath(account.sessionId), { auth: account.session })).status).toBe(401);
  });

  test("a token lives at most fifteen minutes and names user and session", async () => {
    const { jwt } = await newAccount();
    const payload = JSON.parse(Buffer.from(jwt.split(".")[1]!, "base64url").toString()) as Record<
      string,
      number | string
    >;
    expect(Number(payload.exp) - Number(payload.iat)).toBeLessThanOrEqual(900);
    expect(String(payload.sub).split("|")).toHaveLength(2);
  });

  test("a token comes for the SessionID alone, so that no token renews itself", async () => {
    const account = await newAccount();
    const token = (auth: string) => call("POST", "/api/auth/token/", { auth, body: {} });
    expect((await token(account.session)).status).toBe(200);
    expect(await token(account.bearer)).toMatchObject({
      status: 401,
      body: { detail: expect.stringContaining("SessionID") as string },
    });
  });

  test("signing in with an older session's token ends that session; a foreign token is ignored and audited", async () => {
    const account = await newAccount();
    const stranger = await newAccount();
    const kept = await signInAgain(account, undefined, { access_token: stranger.jwt });
    expect((await check(stranger.sessionId)).status).toBe(200);
    expect((await check(account.sessionId)).status).toBe(200);
    const moved = await signInAgain(account, undefined, { access_token: account.jwt });
    expect((await check(account.sessionId)).status).toBe(401);
    for (const id of [kept, moved]) expect((await check(id)).status).toBe(200);
    const devices = items(await call("GET", DEVICES, { auth: `SessionID ${moved}` }));
    expect(devices.find(({ is_current }) => is_current)?.login_method).toBe("migration");
    const token = await call("POST", "/api/auth/token/", { auth: `SessionID ${moved}`, body: {} });
    account.http.setAuth(token.body.access as string);
    expect((await auditedActions(account)).map(({ action }) => action)).toContain("migration_ignored");
  });
});

describe.each(SPELLINGS)("devices at %s", (base) => {
  test("lists the caller's own, current first, with the documented keys and no credential", async () => {
    const account = await newAccount();
    const windows = await signInAgain(account, CHROME_ON_WINDOWS);
    const answer = await call("GET", base, { auth: account.session });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ success: true, data: { total_count: 2 } });
    const [current, other] = items(answer);
    expect([current!.is_current, other!.is_current]).toEqual([true, false]);
    expect(Object.keys(other!).sort()).toEqual(
      "created_at device_info device_name id ip_address is_active is_current last_activity location login_method session_key user_agent".split(
        " ",
      ),
    );
    expect(other).toMatchObject({
      device_info: { browser: "Chrome", os: "Windows" },
      device_name: "Chrome on Windows",
      user_agent: CHROME_ON_WINDOWS,
      ip_address: "127.0.0.1",
      location: null,
      is_active: true,
      login_method: "password",
    });
    expect(Object.keys(other!.device_info as object).sort()).toEqual(["browser", "device", "os"]);
    expect(answer.text).not.toContain(windows);
    expect(answer.text).not.toContain(account.sessionId);
    const asBearer = await call("GET", base, { auth: account.bearer });
    expect(
      items(asBearer)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(
      items(answer)
        .map(({ id }) => id)
        .sort(),
    );
  });

  test.each([
    ["Windows", 1],
    ["ROME indows", 1],
    ["127.0.0.1", 2],
    ["password", 2],
    ["nothing of the kind", 0],
  ])("search for %s finds %i", async (search, count) => {
    const account = await newAccount();
    await signInAgain(account, CHROME_ON_WINDOWS);
    const answer = await call("GET", `${base}?search=${encodeURIComponent(search)}`, { auth: account.session });
    expect(answer.body.data.total_count).toBe(count);
  });

  test("ending one answers once; unknown, ended and other people's are alike", async () => {
    const account = await newAccount();
    const stranger = await newAccount();
    const windows = await signInAgain(account, CHROME_ON_WINDOWS);
    const id = items(await call("GET", base, { auth: account.session })).find(({ is_current }) => !is_current)!.id;
    const foreignId = items(await call("GET", base, { auth: stranger.session }))[0]!.id;
    const ended = await call("DELETE", `${base}${id}/`, { auth: account.session });
    expect([ended.status, ended.body]).toEqual([
      200,
      {
        success: true,
        message: "Session terminated successfully",
        data: { session_id: id, device_name: "Chrome on Windows" },
      },
    ]);
    expect((await check(windows)).status).toBe(401);
    const misses = await Promise.all(
      [id, 1, foreignId].map((missing) => call("DELETE", `${base}${missing}/`, { auth: account.session })),
    );
    expect(new Set(misses.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(misses[0]).toMatchObject({ status: 404, body: { success: false, error: { code: "SESSION_NOT_FOUND" } } });
    expect((await check(stranger.sessionId)).status).toBe(200);
    for (const malformed of ["abc", "1e3", "9".repeat(30)])
      expect((await call("DELETE", `${base}${malformed}/`, { auth: account.session })).status).toBe(404);
  });

  test.each(["", "all/"])("DELETE %s ends the others, or with the caller's all", async (suffix) => {
    const account = await newAccount();
    const others = [await signInAgain(account), await signInAgain(account)];
    const some = await call("DELETE", `${base}${suffix}?exclude_current=true`, { auth: account.session });
    expect([some.status, some.body]).toEqual([
      200,
      { success: true, message: "All sessions terminated successfully", data: { terminated_count: 2 } },
    ]);
    for (const id of others) expect((await check(id)).status).toBe(401);
    expect((await check(account.sessionId)).status).toBe(200);
    const malformed = await call("DELETE", `${base}${suffix}?exclude_current=perhaps`, { auth: account.session });
    expect(malformed).toMatchObject({ status: 400, body: { success: false, error: { code: "VALIDATION_ERROR" } } });
    const all = await call("DELETE", `${base}${suffix}`, { auth: account.session });
    expect(all.body.data).toEqual({ terminated_count: 1 });
    expect((await check(account.sessionId)).status).toBe(401);
  });

  test("errors carry their codes", async () => {
    const nobody = await call("GET", base);
    expect(nobody).toMatchObject({ status: 401, body: { success: false, error: { code: "AUTHENTICATION_REQUIRED" } } });
    for (const auth of ["Bearer nonsense", "Bearer x.y.z", "SessionID x", `SessionID ${randomUUID()}`]) {
      const wrong = await call("GET", base, { auth });
      expect(wrong).toMatchObject({ status: 401, body: { success: false, error: { code: "INVALID_TOKEN" } } });
    }
    const { session: auth } = await newAccount();
    expect(await call("DELETE", `${base}?exclude_current=maybe`, { auth })).toMatchObject({
      status: 400,
      body: { error: { code: "VALIDATION_ERROR", fields: { exclude_current: ["Must be true or false."] } } },
    });
    expect(await call("GET", `${base}?search=${"x".repeat(201)}`, { auth })).toMatchObject({
      status: 400,
      body: { error: { code: "VALIDATION_ERROR", fields: { search: [expect.any(String)] } } },
    });
    const method = await call("PATCH", base, { body: {} });
    expect(method).toMatchObject({ status: 405, body: { success: false, error: { code: "METHOD_NOT_ALLOWED" } } });
    expect(method.headers.get("allow")).toContain("DELETE");
  });
});

describe("felt at once", () => {
  test("ending a device fails its live query with SESSION_REVOKED and its REST calls with 401; the list follows", async () => {
    const account = await newAccount();
    const other = await signInAgain(account, CHROME_ON_WINDOWS);
    const token = await call("POST", "/api/auth/token/", { auth: `SessionID ${other}`, body: {} });
    const here = liveClient(account.jwt);
    const there = liveClient(token.body.access as string);
    const lists: { id: number; isCurrent: boolean }[][] = [];
    const failures: (Error & { data?: { code?: string } })[] = [];
    const seenThere: unknown[] = [];
    here.onUpdate(devicesLive, {}, (value) => lists.push(value));
    there.onUpdate(
      devicesLive,
      {},
      (value) => seenThere.push(value),
      (error) => failures.push(error),
    );
    try {
      await waitFor(() => lists.at(-1)?.length === 2 && seenThere.length > 0, 20_000);
      const { id } = lists.at(-1)!.find(({ isCurrent }) => !isCurrent)!;
      await account.http.mutation(accounts.sessions!.end as FunctionReference<"mutation">, { id });
      expect((await check(other)).status).toBe(401);
      expect((await call("GET", DEVICES, { auth: `Bearer ${token.body.access as string}` })).status).toBe(401);
      await waitFor(() => failures.length > 0 && lists.at(-1)?.length === 1, 10_000);
      expect(failures[0]!.data?.code).toBe("SESSION_REVOKED");
    } finally {
      await Promise.all([here.close(), there.close()]);
    }
  });

  test("what was done stands in the audit log", async () => {
    const account = await newAccount();
    await login({ email: account.email, password: "not the password" });
    await signInAgain(account);
    await call("GET", DEVICES, { auth: account.session });
    await call("DELETE", `${DEVICES}?exclude_current=true`, { auth: account.session });
    const entries = await auditedActions(account);
    for (const expected of [
      "register success",
      "sign_in_failed failure",
      "sign_in success",
      "sessions_listed success",
      "sessions_ended success",
    ])
      expect(entries.map(({ action, outcome }) => `${action} ${outcome}`)).toContain(expected);
    const text = JSON.stringify(entries);
    for (const secret of [account.password, account.sessionId, account.jwt, "not the password"])
      expect(text).not.toContain(secret);
  });
});
