/**
 * convex/valuations/README.md §4 (caller, ownership) and §4.7: guests by cookie and header, the Origin rule, claims on
 * sign-in.
 */
import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { call, newAccount, target, type Answer } from "../support/api";
import { newGuestHeaders } from "../support/valuations";

const EVIL = "https://evil.example";
const ours = () => ({ Origin: target().webUrl });
const rows = ({ body }: Answer): string[] => body.sessions.map((row: { report_id: string }) => row.report_id);

/** A guest whose id is a cookie, as a browser of the web application has it. */
async function cookieGuest() {
  const reportId = `g-${randomUUID()}`;
  const created = await call("POST", "/api/sessions", { body: { report_id: reportId }, headers: ours() });
  expect(created.status).toBe(201);
  const setCookie = created.headers.get("set-cookie") ?? "";
  return { reportId, created, setCookie, cookie: setCookie.split(";")[0]!, id: /=([^;]*)/.exec(setCookie)?.[1] ?? "" };
}

describe("the cookie", () => {
  test("is issued with the first draft, HttpOnly and Secure for 90 days, and proves who comes back", async () => {
    const { created, reportId, setCookie, cookie, id } = await cookieGuest();
    const [, ...attributes] = setCookie.split("; ");
    expect(attributes.sort()).toEqual([
      "HttpOnly",
      "Max-Age=7776000",
      "Path=/",
      expect.stringMatching(/^SameSite=(Lax|None)$/),
      "Secure",
    ]);
    expect(id).toMatch(/^[A-Za-z0-9_-]{22,}$/);
    expect(created.body).toMatchObject({ user_id: null, guest_session_id: null });
    expect(created.text).not.toContain(id);
    expect(created.headers.get("x-guest-session-id")).toBeNull();
    const restored = await call("GET", `/api/sessions/${reportId}`, {
      headers: { Cookie: `theme=dark; ${cookie}; other=1` },
    });
    expect([restored.status, restored.body]).toEqual([200, created.body]);
    const second = await call("POST", "/api/sessions", { body: {}, headers: { Cookie: cookie, ...ours() } });
    expect([second.status, second.headers.get("set-cookie")]).toEqual([201, null]);
    expect((await call("GET", "/api/sessions", { headers: { Cookie: cookie } })).body.total).toBe(2);
  });

  test("alone it changes nothing without an allowed Origin; reading and a credential need none", async () => {
    const { reportId, cookie } = await cookieGuest();
    const path = `/api/sessions/${reportId}`;
    for (const origin of [
      {},
      { Origin: EVIL },
      { Origin: "null" },
      { Origin: `${target().webUrl}.evil.example` },
      { Origin: "" },
    ] as Record<string, string>[]) {
      const headers = { Cookie: cookie, ...origin };
      for (const [method, at, body] of [
        ["POST", "/api/sessions", {}],
        ["PATCH", path, { form_data: { a: 1 } }],
        ["DELETE", path],
      ] as const) {
        const answer = await call(method, at, { headers, body });
        expect([method, origin.Origin, answer.status, Object.keys(answer.body)]).toEqual([
          method,
          origin.Origin,
          403,
          ["error", "code"],
        ]);
      }
      expect((await call("GET", path, { headers })).body.revision).toBe(1);
    }
    const account = await newAccount();
    expect(
      (
        await call("POST", "/api/sessions", {
          auth: account.session,
          headers: { Cookie: cookie, Origin: EVIL },
          body: {},
        })
      ).status,
    ).toBe(201);
    expect(
      (await call("PATCH", path, { headers: { Cookie: cookie, ...ours() }, body: { form_data: { a: 1 } } })).status,
    ).toBe(200);
    expect((await call("DELETE", path, { headers: { Cookie: cookie, ...ours() } })).status).toBe(200);
  });

  test("a malformed or unissued one counts for nothing and is replaced", async () => {
    for (const value of ["", "short", "a".repeat(32), "a".repeat(5_000), "%00", '"quoted"', "a=b=c"]) {
      const headers = { Cookie: `guest_session_id=${value}`, ...ours() };
      expect((await call("GET", "/api/sessions", { headers })).body).toEqual({
        sessions: [],
        total: 0,
        has_more: false,
      });
      const created = await call("POST", "/api/sessions", { headers, body: {} });
      expect([value.slice(0, 9), created.status]).toEqual([value.slice(0, 9), 201]);
      const issued = created.headers.get("set-cookie") ?? "";
      expect(issued).toMatch(/^guest_session_id=[A-Za-z0-9_-]{32};/);
      expect(issued).not.toContain("aaaa");
    }
  });
});

describe("the header", () => {
  test("`new` issues an id on any method, in the answer's header and not in a cookie", async () => {
    const issued = await call("POST", "/api/sessions", {
      body: {},
      headers: { "X-Guest-Session-Id": "new", Origin: EVIL },
    });
    expect([issued.status, issued.headers.get("set-cookie")]).toEqual([201, null]);
    const id = issued.headers.get("x-guest-session-id") ?? "";
    expect(id).toMatch(/^[A-Za-z0-9_-]{22,}$/);
    expect(issued.text).not.toContain(id);
    const headers = { "X-Guest-Session-Id": id };
    expect(rows(await call("GET", "/api/sessions", { headers }))).toEqual([issued.body.report_id]);
    expect(
      (
        await call("PATCH", `/api/sessions/${issued.body.report_id}`, {
          headers: { ...headers, Origin: EVIL },
          body: {},
        })
      ).status,
    ).toBe(200);
    expect((await newGuestHeaders())["X-Guest-Session-Id"]).not.toBe(id);
  });

  test("wins over the cookie, also when nobody issued it", async () => {
    const byCookie = await cookieGuest();
    const byHeader = await newGuestHeaders();
    const { report_id } = (await call("POST", "/api/sessions", { body: {}, headers: byHeader })).body;
    const both = { ...byHeader, Cookie: byCookie.cookie };
    expect(rows(await call("GET", "/api/sessions", { headers: both }))).toEqual([report_id]);
    expect((await call("GET", `/api/sessions/${byCookie.reportId}`, { headers: both })).status).toBe(403);
    const unissued = { "X-Guest-Session-Id": "b".repeat(32), Cookie: byCookie.cookie };
    expect((await call("GET", `/api/sessions/${byCookie.reportId}`, { headers: unissued })).status).toBe(403);
    const created = await call("POST", "/api/sessions", { headers: unissued, body: {} });
    const next = { "X-Guest-Session-Id": created.headers.get("x-guest-session-id") ?? "" };
    expect(rows(await call("GET", "/api/sessions", { headers: next }))).toEqual([created.body.report_id]);
    // The cookie that was not looked at goes on leading to its own drafts.
    expect(created.headers.get("set-cookie")).toBeNull();
  });

  test.each(["", "  "])("a blank one, %j, is none: the cookie counts, with its rules", async (blank) => {
    const { cookie, reportId } = await cookieGuest();
    const headers = { "X-Guest-Session-Id": blank, Cookie: cookie };
    expect(rows(await call("GET", "/api/sessions", { headers }))).toEqual([reportId]);
    expect((await call("POST", "/api/sessions", { headers, body: {} })).status).toBe(403);
    const created = await call("POST", "/api/sessions", { headers: { ...headers, ...ours() }, body: {} });
    expect([created.status, created.headers.get("set-cookie"), created.headers.get("x-guest-session-id")]).toEqual([
      201,
      null,
      null,
    ]);
    expect((await call("GET", "/api/sessions", { headers })).body.total).toBe(2);
  });

  test("nobody can plant an id: a chosen one stays unknown", async () => {
    const planted = { "X-Guest-Session-Id": `planted-${randomUUID()}` };
    const created = await call("POST", "/api/sessions", { headers: planted, body: {} });
    expect(created.status).toBe(201);
    expect((await call("GET", "/api/sessions", { headers: planted })).body.total).toBe(0);
    expect((await call("GET", `/api/sessions/${created.body.report_id}`, { headers: planted })).status).toBe(403);
    const cookie = (created.headers.get("set-cookie") ?? "").split(";")[0]!;
    expect((await call("GET", `/api/sessions/${created.body.report_id}`, { headers: { Cookie: cookie } })).status).toBe(
      200,
    );
  });

  test("without cookies one goes on after the id has ended: the next one comes in the header", async () => {
    const guest = await newGuestHeaders();
    const account = await newAccount();
    expect((await call("POST", "/api/sessions/claim", { auth: account.session, headers: guest })).status).toBe(200);
    const created = await call("POST", "/api/sessions", { headers: guest, body: {} });
    const next = { "X-Guest-Session-Id": created.headers.get("x-guest-session-id") ?? "" };
    expect((await call("GET", `/api/sessions/${created.body.report_id}`, { headers: next })).status).toBe(200);
  });

  test("a guest's Idempotency-Key replays the draft, to that guest alone", async () => {
    const [one, other] = [await newGuestHeaders(), await newGuestHeaders()];
    const key = { "Idempotency-Key": randomUUID() };
    const post = (guest: Record<string, string>) =>
      call("POST", "/api/sessions", { body: {}, headers: { ...guest, ...key } });
    const first = await post(one);
    expect((await post(one)).text).toBe(first.text);
    expect((await post(other)).body.report_id).not.toBe(first.body.report_id);
  });
});

test("preflight: an allowed origin may send the documented headers with credentials, another nothing", async () => {
  const preflight = (Origin: string) =>
    call("OPTIONS", "/api/sessions/x", {
      headers: {
        Origin,
        "Access-Control-Request-Method": "PATCH",
        "Access-Control-Request-Headers": "content-type,if-match",
      },
    });
  const { status, headers } = await preflight(target().webUrl);
  expect(status).toBe(204);
  const listed = (name: string) => (headers.get(name) ?? "").toLowerCase().split(/\s*,\s*/);
  expect(headers.get("access-control-allow-origin")).toBe(target().webUrl);
  expect(headers.get("access-control-allow-credentials")).toBe("true");
  expect(listed("access-control-allow-methods")).toEqual(expect.arrayContaining(["get", "post", "patch", "delete"]));
  expect(listed("access-control-allow-headers").sort()).toEqual([
    "authorization",
    "content-type",
    "idempotency-key",
    "if-match",
    "x-guest-session-id",
  ]);
  expect(headers.get("vary")?.toLowerCase()).toContain("origin");
  const actual = await call("GET", "/api/sessions", { headers: ours() });
  const exposed = (actual.headers.get("access-control-expose-headers") ?? "").toLowerCase().split(/\s*,\s*/);
  expect(exposed).toEqual(expect.arrayContaining(["etag", "link", "retry-after", "x-guest-session-id"]));
  for (const name of [
    "access-control-allow-origin",
    "access-control-allow-methods",
    "access-control-allow-credentials",
  ])
    expect((await preflight(EVIL)).headers.get(name)).toBeNull();
});

describe("claiming", () => {
  test("needs a user, moves everything once with its updated_at, and retires id and cookie", async () => {
    const { reportId, cookie, created } = await cookieGuest();
    const headers = { Cookie: cookie, ...ours() };
    const deleted = (await call("POST", "/api/sessions", { body: {}, headers })).body.report_id as string;
    await call("DELETE", `/api/sessions/${deleted}`, { headers });
    const anonymous = await call("POST", "/api/sessions/claim", { headers });
    expect([anonymous.status, anonymous.body]).toEqual([
      401,
      { error: "Unauthorized", code: "AUTHENTICATION_REQUIRED" },
    ]);

    const ada = await newAccount();
    expect(rows(await call("GET", "/api/sessions", { auth: ada.session, headers }))).toEqual([reportId]);
    const claimed = await call("POST", "/api/sessions/claim", { auth: ada.session, headers });
    expect([claimed.status, claimed.body]).toEqual([200, { success: true, migrated_count: 2 }]);
    const attributes = (claimed.headers.get("set-cookie") ?? "").split("; ");
    expect(attributes[0]).toBe("guest_session_id=");
    expect(attributes).toEqual(expect.arrayContaining(["Path=/", "Max-Age=0", "HttpOnly", "Secure"]));
    const again = await call("POST", "/api/sessions/claim", { auth: ada.session, headers });
    expect([again.status, again.body]).toEqual([200, { success: true, migrated_count: 0 }]);

    const mine = await call("GET", `/api/sessions/${reportId}`, { auth: ada.session });
    expect(mine.body).toEqual({ ...created.body, user_id: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect((await call("DELETE", `/api/sessions/${deleted}`, { auth: ada.session })).status).toBe(200);
    expect((await call("GET", "/api/sessions", { headers })).body.total).toBe(0);
    expect((await call("GET", `/api/sessions/${reportId}`, { headers })).status).toBe(403);
  });

  test("what has an owner is never reassigned", async () => {
    const guest = await newGuestHeaders();
    const { report_id } = (await call("POST", "/api/sessions", { body: {}, headers: guest })).body;
    const [ada, eve] = [await newAccount(), await newAccount()];
    const answers = await Promise.all(
      [ada, eve, ada, eve].map((user) => call("POST", "/api/sessions/claim", { auth: user.session, headers: guest })),
    );
    expect(answers.map(({ body }) => body.migrated_count as number).sort()).toEqual([0, 0, 0, 1]);
    const owners = await Promise.all(
      [ada, eve].map((user) => call("GET", `/api/sessions/${report_id}`, { auth: user.session })),
    );
    expect(owners.map(({ status }) => status).sort()).toEqual([200, 403]);
    expect((await call("POST", "/api/sessions/claim", { auth: eve.session })).body).toEqual({
      success: true,
      migrated_count: 0,
    });
  });

  test("a claim and an edit at once: the edit is kept, whoever comes first", async () => {
    const guest = await newGuestHeaders();
    const ada = await newAccount();
    const { report_id } = (await call("POST", "/api/sessions", { body: {}, headers: guest })).body;
    const [edited, claimed] = await Promise.all([
      call("PATCH", `/api/sessions/${report_id}`, { headers: guest, body: { form_data: { a: 1 } } }),
      call("POST", "/api/sessions/claim", { auth: ada.session, headers: guest }),
    ]);
    expect(claimed.body.migrated_count).toBe(1);
    const { body } = await call("GET", `/api/sessions/${report_id}`, { auth: ada.session });
    if (edited.status === 200) expect(body).toMatchObject({ form_data: { a: 1 }, revision: 2 });
    else expect([edited.status, body.revision]).toEqual([403, 1]);
  });

  test("signing in or registering with a guest id takes the drafts along, not for a page of another site", async () => {
    const ada = await newAccount();
    const login = (headers: Record<string, string>) =>
      call("POST", "/api/auth/login/", { body: { email: ada.email, password: ada.password }, headers });
    const byCookie = await cookieGuest();
    const signedIn = await login({ Cookie: byCookie.cookie, ...ours() });
    const attributes = (signedIn.headers.get("set-cookie") ?? "").split("; ");
    expect(attributes[0]).toBe("guest_session_id=");
    expect(attributes).toEqual(expect.arrayContaining(["Path=/", "Max-Age=0"]));
    const byHeader = await newGuestHeaders();
    const { report_id } = (await call("POST", "/api/sessions", { body: {}, headers: byHeader })).body;
    await login(byHeader);
    const lured = await cookieGuest();
    await login({ Cookie: lured.cookie, Origin: EVIL });
    const seen = rows(await call("GET", "/api/sessions", { auth: ada.session }));
    expect(seen.sort()).toEqual([byCookie.reportId, report_id].sort());
    const failed = await call("POST", "/api/auth/login/", {
      body: { email: ada.email, password: "wrong password" },
      headers: { Cookie: lured.cookie, ...ours() },
    });
    expect([failed.status, failed.headers.get("set-cookie")]).toEqual([401, null]);
    expect((await call("GET", "/api/sessions", { headers: { Cookie: lured.cookie } })).body.total).toBe(1);
  });
});
