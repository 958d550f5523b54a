/**
 * convex/rest/README.md §0 and §1: paths match byte for byte, whoever else would tidy them up; methods and their 405.
 */
import { describe, expect, test } from "vitest";
import { call } from "../support/api";
import { rawCall } from "../support/raw";

const uuid = "0b8cf4b4-9d0f-4d5c-8f5e-0d8f8a3f7f11";

describe("a path that is not quite another", () => {
  test.each([
    // Percent-encodings of letters that would make a known path.
    ["/api/sessions/%63urrent/", "error"],
    ["/api/auth/%6Cogin/", "detail"],
    ["/api/sessions/%31%32/", "error"],
    // Dot segments, backslashes and fragments.
    ["/api/auth/x/../login/", "detail"],
    ["/api/auth/./login/", "detail"],
    ["/api/auth/%2e/login/", "detail"],
    ["/api/auth\\login/", "error"],
    ["/api/sessions#x", "error"],
    // Doubled, missing and added slashes.
    ["//api/sessions", "error"],
    ["/api//sessions", "error"],
    ["/api/sessions//", "error"],
    ["/api/sessions/current//", "error"],
    [`/api/sessions/${uuid}//`, "error"],
    ["/api/auth/login", "detail"],
    ["/api/auth/login//", "detail"],
    ["/api/notifications", "detail"],
    ["/api/v1/goals", "detail"],
    ["/api/v1/goals/", "detail"],
    [`/api/v1/goals/${uuid}/nothing/`, "detail"],
    [`/api/v1/activities/${uuid}`, "detail"],
    ["/api/v1/sessions/a/b/", "detail"],
    ["/api/v1/nothing/", "error"],
    ["/api/openapi.json/", "error"],
    ["/api/docs/", "error"],
    // Another case, and segments that are no integer.
    ["/api/sessions/CURRENT/", "error"],
    ["/api/Sessions/current/", "error"],
    ["/api/sessions/-1/", "error"],
    ["/api/sessions/1.5/", "error"],
    ["/api/sessions/1e3/", "error"],
    [`/api/sessions/${uuid}/join/`, "error"],
    ["/", "error"],
  ])("GET %s is 404 {%s}", async (target, key) => {
    const answer = await rawCall("GET", target);
    expect([answer.status, Object.keys(answer.body)]).toEqual([404, [key, "code"]]);
    expect(answer.headers.get("location")).toBeNull();
    expect(answer.headers.get("x-request-id")).toBeTruthy();
  });

  test.each([
    "/api/v1/auth/users/me/sessions",
    "/api/v1/users/me/sessions",
    "/api/v1/users/me/sessions/all",
    "/api/v1/users/me/sessions/abc/",
    "/api/v1/users/me/sessions/%31/",
    "/api/v1/users/me/sessions/12/x/",
  ])("GET %s is 404 in the devices' shape", async (target) => {
    const answer = await rawCall("GET", target);
    expect(answer).toMatchObject({ status: 404, body: { success: false, error: { code: "SESSION_NOT_FOUND" } } });
  });
});

describe("without a trailing slash the path is a draft's", () => {
  test.each(["current", "create", "my_sessions", "12", uuid])("GET /api/sessions/%s", async (name) => {
    expect(await call("GET", `/api/sessions/${name}`)).toMatchObject({
      status: 404,
      body: { error: "Session not found" },
    });
  });
});

describe("methods", () => {
  const paths = [
    ["/api/auth/login/", "OPTIONS, POST"],
    ["/api/auth/register/", "OPTIONS, POST"],
    ["/api/auth/token/", "OPTIONS, POST"],
    ["/api/auth/google/", "OPTIONS, POST"],
    ["/api/sessions/create/", "OPTIONS, POST"],
    ["/api/sessions/current/", "GET, HEAD, OPTIONS"],
    [`/api/sessions/${uuid}/`, "DELETE, GET, HEAD, OPTIONS"],
    ["/api/v1/auth/users/me/sessions/", "DELETE, GET, HEAD, OPTIONS"],
    ["/api/v1/users/me/sessions/", "DELETE, GET, HEAD, OPTIONS"],
    ["/api/v1/users/me/sessions/all/", "DELETE, OPTIONS"],
    ["/api/v1/users/me/sessions/12/", "DELETE, OPTIONS, PATCH"],
    // A focus session and a draft may have these ids.
    ["/api/v1/sessions/calculate-rates/", "OPTIONS, POST, PUT"],
    ["/api/sessions/claim", "DELETE, GET, HEAD, OPTIONS, PATCH, POST"],
    ["/api/openapi.json", "GET, HEAD, OPTIONS"],
    ["/api/docs", "GET, HEAD, OPTIONS"],
  ] as const;

  test.each(paths)("%s allows %s", async (path, allow) => {
    for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE", "PROPFIND", "TRACE"]) {
      if (allow.split(", ").includes(method)) continue;
      const answer = await rawCall(method, path);
      expect([answer.status, answer.headers.get("allow")], method).toEqual([405, allow]);
      expect(answer.body, method).toBeTypeOf("object");
    }
    const options = await rawCall("OPTIONS", path);
    expect([options.status, options.headers.get("allow"), options.text]).toEqual([204, allow, ""]);
  });
});
