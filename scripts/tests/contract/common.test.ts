/** convex/rest/README.md §0 and §1: what every endpoint has in common, and who answers which path. */
import { describe, expect, test } from "vitest";
import { call, newAccount } from "../support/api";

describe("dispatch on /api/sessions…", () => {
  const uuid = "0b8cf4b4-9d0f-4d5c-8f5e-0d8f8a3f7f11";
  test.each([
    ["/api/sessions", 200, "sessions"],
    ["/api/sessions/some-report", 404, "error"],
    ["/api/sessions/current/", 401, "detail"],
    [`/api/sessions/${uuid}/`, 401, "detail"],
    ["/api/sessions/", 401, "detail"],
    ["/api/sessions/my_sessions/", 401, "detail"],
    ["/api/sessions/123/", 401, "detail"],
    ["/api/sessions/abc/", 404, "error"],
    ["/api/sessions/123/nothing/", 404, "detail"],
    ["/api/nowhere", 404, "error"],
  ])("GET %s → %i {%s}", async (path, status, key) => {
    const answer = await call("GET", path);
    expect(answer.status).toBe(status);
    expect(Object.keys(answer.body)).toContain(key);
  });

  test("slashes are never added, removed or redirected", async () => {
    for (const path of ["/api/v1/goals/x", "/api/auth/login", "/api/business-cards/"]) {
      const answer = await call("GET", path);
      expect(answer.status, path).toBe(404);
    }
  });
});

describe("every answer", () => {
  test("carries X-Request-Id, each its own", async () => {
    const ids = await Promise.all(
      [1, 2, 3].map(async () => (await call("GET", "/api/openapi.json")).headers.get("x-request-id")),
    );
    expect(new Set(ids).size).toBe(3);
  });

  test("405 names the allowed methods, 415 and 413 and 400 the body's fault", async () => {
    const account = await newAccount();
    const wrongMethod = await call("PUT", "/api/auth/login/", { body: {} });
    expect(wrongMethod.status).toBe(405);
    expect(wrongMethod.headers.get("allow")).toContain("POST");
    const path = "/api/v1/sessions/calculate-rates/";
    const form = await call("POST", path, {
      auth: account.session,
      body: "a=b",
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
    });
    expect(form.status).toBe(415);
    const large = await call("POST", path, {
      auth: account.session,
      body: JSON.stringify({ activity_id: "x".repeat(1024 * 1024 + 1) }),
    });
    expect(large.status).toBe(413);
    for (const body of ["{", "[]", "1", "null", '"text"']) {
      const answer = await call("POST", path, { auth: account.session, body });
      expect(answer.status, body).toBe(400);
      expect(answer.body.detail).toBeTypeOf("string");
    }
    const deep = `${'{"a":'.repeat(70)}1${"}".repeat(70)}`;
    expect((await call("POST", path, { auth: account.session, body: deep })).status).toBe(400);
  });

  test("unknown fields and missing ones are named", async () => {
    const account = await newAccount();
    const answer = await call("POST", "/api/v1/sessions/calculate-rates/", {
      auth: account.bearer,
      body: { surprise: 1 },
    });
    expect(answer.status).toBe(400);
    expect(Object.keys(answer.body.fields).sort()).toEqual(["activity_id", "goal_id", "surprise"]);
  });

  test("HEAD behaves as GET without a body", async () => {
    const answer = await call("HEAD", "/api/openapi.json");
    expect(answer.status).toBe(200);
    expect(answer.text).toBe("");
  });
});

describe("credentials", () => {
  const protectedPath = "/api/v1/goals/0b8cf4b4-9d0f-4d5c-8f5e-0d8f8a3f7f11/";
  test("wrong, truncated, foreign and alg none tokens are 401 with WWW-Authenticate", async () => {
    const { jwt } = await newAccount();
    const [, payload] = jwt.split(".");
    const none = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${payload}.`;
    const altered = `${jwt.slice(0, -6)}AAAAAA`;
    for (const credential of [
      "Bearer x",
      `Bearer ${jwt.slice(0, 40)}`,
      `Bearer ${none}`,
      `Bearer ${altered}`,
      "SessionID nope",
      "Basic abc",
      "SessionID 0b8cf4b4-9d0f-4d5c-8f5e-0d8f8a3f7f11",
    ]) {
      const answer = await call("GET", protectedPath, { auth: credential });
      expect(answer.status, credential.slice(0, 20)).toBe(401);
      expect(answer.headers.get("www-authenticate")).toBeTruthy();
      expect(answer.body.detail).toBeTypeOf("string");
    }
  });

  test("the scheme name is case-insensitive", async () => {
    const { jwt, sessionId } = await newAccount();
    expect((await call("GET", protectedPath, { auth: `bearer ${jwt}` })).status).toBe(404);
    expect((await call("GET", protectedPath, { auth: `SESSIONID ${sessionId}` })).status).toBe(404);
  });
});

describe("CORS", () => {
  test("only allow-listed origins are answered", async () => {
    const foreign = await call("GET", "/api/openapi.json", { headers: { Origin: "https://evil.example" } });
    expect(foreign.headers.get("access-control-allow-origin")).toBeNull();
    // A cache must not give one caller's answer to the other, nor that of a caller without an origin.
    for (const answer of [foreign, await call("GET", "/api/openapi.json")])
      expect(answer.headers.get("vary")?.split(", ")).toContain("Origin");
    const preflight = await call("OPTIONS", "/api/sessions", {
      headers: { Origin: "https://evil.example", "Access-Control-Request-Method": "POST" },
    });
    expect(preflight.headers.get("access-control-allow-origin")).toBeNull();
  });
});
