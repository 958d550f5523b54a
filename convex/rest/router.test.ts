import { expect, test } from "vitest";
import http from "../http";
import { KeepingRouter } from "./router";

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

test("a kept match is what the trie finds, with the parameters of its path, and of routes added later", () => {
  const router = new KeepingRouter<string>();
  router.add("GET", "/sessions/:id{[0-9]+}/", "by id");
  router.add("GET", "/sessions/:name/", "by name");
  const find = (path: string) => router.match("GET", path)[0].map(([handler, params]) => [handler, params]);
  for (let round = 0; round < 2; round++) {
    expect(find("/sessions/1/")).toEqual([
      ["by id", { id: "1" }],
      ["by name", { name: "1" }],
    ]);
    expect(find("/sessions/2/")).toEqual([
      ["by id", { id: "2" }],
      ["by name", { name: "2" }],
    ]);
    expect(find("/sessions/a/")).toEqual([["by name", { name: "a" }]]);
    expect(router.match("POST", "/sessions/1/")[0]).toEqual([]);
  }
  router.add("GET", "/sessions/a/", "by path");
  expect(find("/sessions/a/").map(([handler]) => handler)).toContain("by path");
  for (let id = 10; id < 3_000; id++) expect(find(`/sessions/${id}/`)[0]).toEqual(["by id", { id: `${id}` }]);
});
