import { afterAll, beforeAll, expect, test } from "vitest";
import { identity, startEngine, type TestEngine } from "../engine/testing";
import type { LogRecord } from "../functions";
import { LeanRequest, Received } from "./lean-request";

const http = `import { httpRouter, httpAction, fn } from "./server";
const http = httpRouter();
const route = (method, path, handler) => http.route({ method, path, handler: httpAction(handler) });
route("GET", "/count", async (ctx) => Response.json(await ctx.runQuery(fn("data:count"), {})));
route("POST", "/echo", async (_ctx, request) => {
  const body = await request.json();
  return Response.json({ body, isArray: body instanceof Array, query: new URL(request.url).searchParams.get("q") }, { status: 201 });
});
route("GET", "/stream", async () => new Response(new ReadableStream({
  async start(controller) {
    for (const part of ["one ", "two ", "three"]) {
      controller.enqueue(new TextEncoder().encode(part));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    controller.close();
  },
})));
route("GET", "/who", async (ctx) => Response.json((await ctx.auth.getUserIdentity())?.subject ?? null));
route("GET", "/fail", async () => { throw new Error("broken handler"); });
route("GET", "/nothing", async () => undefined);
route("GET", "/log", async () => { console.warn("careful"); return new Response("ok"); });
route("GET", "/cookies", async () => {
  const headers = new Headers();
  headers.append("set-cookie", "a=1");
  headers.append("set-cookie", "b=2");
  return new Response(null, { status: 302, headers });
});
route("GET", "/fetch", async () => {
  try { await fetch("http://127.0.0.1:1"); return new Response("reached"); } catch (error) {
    return Response.json([error instanceof Error, error instanceof TypeError, error.message]);
  }
});
route("POST", "/again", async (_ctx, request) => {
  const again = new Request(request, { headers: { a: "2" } });
  const passedOn = await fetch(new Request(again.clone(), { method: "PUT" })).catch((error) => error.message);
  return Response.json([request instanceof Request, again instanceof Request, again.headers.get("a"), await again.json(), passedOn]);
});
route("POST", "/add", async (ctx) => { await ctx.runMutation(fn("data:add"), {}); return new Response(null, { status: 204 }); });
http.route({ method: "GET", pathPrefix: "/files/", handler: httpAction(async (_ctx, request) => new Response("short " + new URL(request.url).pathname)) });
http.route({ method: "GET", pathPrefix: "/files/deep/", handler: httpAction(async () => new Response("deep")) });
export default http;`;

const data = `import { query, mutation } from "./server";
export const count = query({ args: {}, handler: async (ctx) => (await ctx.db.query("rows").collect()).length });
export const add = mutation({ args: {}, handler: async (ctx) => { await ctx.db.insert("rows", {}); } });`;

let t: TestEngine;
beforeAll(async () => {
  t = await startEngine({ "http.ts": http, "data.ts": data });
});
afterAll(() => t.close());

test("a handler reads and writes the database", async () => {
  expect(await (await t.http("/count")).json()).toBe(0);
  expect((await t.http("/add", { method: "POST" })).status).toBe(204);
  expect(await (await t.http("/count")).json()).toBe(1);
});

test("bodies are objects of the function's own realm", async () => {
  const response = await t.http("/echo?q=x", { method: "POST", body: "[1,2]" });
  expect(response.status).toBe(201);
  expect(await response.json()).toEqual({ body: [1, 2], isArray: true, query: "x" });
});

test("a handler makes requests of the one it got", async () => {
  const received = new Received({
    method: "POST",
    url: "http://127.0.0.1:1/again",
    headers: new Headers({ a: "1" }),
    body: new TextEncoder().encode("[1]"),
  });
  for (const request of [
    new LeanRequest(received),
    new Request("http://127.0.0.1:1/again", { method: "POST", body: "[1]" }),
  ]) {
    const response = await t.engine.httpAction(request, null);
    expect(await response?.json()).toEqual([true, true, "2", [1], "fetch failed"]);
  }
});

test("responses stream", async () => {
  const reader = (await t.http("/stream")).body?.getReader();
  const first = await reader?.read();
  expect(new TextDecoder().decode(first?.value)).toBe("one ");
  let rest = "";
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read())
    rest += new TextDecoder().decode(part.value);
  expect(rest).toBe("two three");
});

test("exact routes first, then the longest prefix; HEAD is GET; other methods and paths have no route", async () => {
  expect(await (await t.http("/files/a")).text()).toBe("short /files/a");
  expect(await (await t.http("/files/deep/b")).text()).toBe("deep");
  expect((await t.http("/count", { method: "HEAD" })).status).toBe(200);
  expect((await t.http("/count", { method: "DELETE" })).status).toBe(404);
  expect((await t.http("/elsewhere")).status).toBe(404);
});

test("the identity belongs to its own request, also when many run at once", async () => {
  const subjects = await Promise.all(
    ["ann", null, "bob"].map(async (name) => {
      const response = await t.engine.httpAction(
        new Request("http://site.test/who"),
        name === null ? null : identity(name),
      );
      return response?.json() as Promise<unknown>;
    }),
  );
  expect(subjects).toEqual(["ann", null, "bob"]);
});

test("several cookies stay several", async () => {
  const response = await t.http("/cookies");
  expect(response.status).toBe(302);
  expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
});

test("a network failure is an Error of the function's realm", async () => {
  expect(await (await t.http("/fetch")).json()).toEqual([true, true, "fetch failed"]);
});

test.each(["/fail", "/nothing"])("%s: a failure is a 500 that names the request", async (path) => {
  const response = await t.http(path);
  expect(response.status).toBe(500);
  const { code, trace } = (await response.json()) as { code: string; trace: string };
  expect(code).toMatch(/^\[Request ID: [0-9a-f]{16}\] Server Error$/);
  expect(trace).toMatch(
    path === "/fail" ? /^Uncaught Error: broken handler\n {4}at .*http\.ts:\d+/ : /did not return a Response/,
  );
});

test("lines and completions are logged", async () => {
  const records: LogRecord[] = [];
  t.engine.onLog((record) => records.push(record));
  await t.http("/log");
  expect(records).toMatchObject([
    {
      kind: "Progress",
      udfType: "HttpAction",
      identifier: "GET /log",
      logLines: [{ level: "WARN", messages: ["'careful'"] }],
    },
    { kind: "Completion", udfType: "HttpAction", identifier: "GET /log", success: true, logLines: [] },
  ]);
  expect(records[0]?.executionId).toBe(records[1]?.executionId);
});
