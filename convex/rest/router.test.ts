import { expect, test } from "vitest";
import http from "../http";

test.each([
  ["GET", "/api/sessions/current/", "GET /api/sessions/current/"],
  ["HEAD", "/api/sessions/current/", "GET /api/sessions/current/"],
  ["DELETE", "/api/sessions/0b8cf4b4-9d0f-4d5c-8f5e-0d8f8a3f7f11/", "DELETE /api/sessions/:sessionId/"],
  ["POST", "/api/sessions/12/join/", "POST /api/sessions/:id/join/"],
  ["GET", "/.well-known/jwks.json", "GET /.well-known/jwks.json"],
  ["GET", "/api/nowhere", "GET *"],
] as const)("%s %s is %s in the logs", (method, path, name) => {
  const [, verb, pattern] = http.lookup(path, method) ?? [];
  expect(`${verb} ${pattern}`).toBe(name);
});
