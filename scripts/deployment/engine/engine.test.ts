import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { DiskFullError } from "../storage";
import { identity, publicCall, startEngine, type TestEngine } from "./testing";

const schema = `import { defineSchema, defineTable, v } from "./server";
export default defineSchema({ items: defineTable({ k: v.number(), text: v.optional(v.string()) }).index("by_k", ["k"]) });`;

const items = `import { query, mutation, internalMutation, action, fn, v, ConvexError, createFunctionHandle, log } from "./server";
const k = { k: v.number() };
let loads = 0;
export const count = query({ args: k, returns: v.number(), handler: async (ctx, { k }) =>
  (await ctx.db.query("items").withIndex("by_k", (q) => q.eq("k", k)).collect()).length });
// Counts in the global scope, which only a module that reuses its contexts may.
export const experimental_reuseContext = true;
export const runs = query({ args: k, handler: async (ctx, { k }) => {
  await ctx.db.query("items").withIndex("by_k", (q) => q.eq("k", k)).collect();
  return ++loads;
} });
export const add = mutation({ args: k, handler: async (ctx, { k }) => { console.log("adding", { k }); return ctx.db.insert("items", { k }); } });
export const addThenFail = internalMutation({ args: k, handler: async (ctx, { k }) => {
  await ctx.db.insert("items", { k });
  await ctx.scheduler.runAfter(0, fn("items:add"), { k });
  throw new ConvexError({ code: "REFUSED", k });
} });
export const tryFailing = mutation({ args: k, handler: async (ctx, { k }) => {
  await ctx.db.insert("items", { k });
  const before = (await ctx.db.system.query("_scheduled_functions").collect()).length;
  try {
    await ctx.runMutation(fn("items:addThenFail"), { k: k + 1 });
    return "not refused";
  } catch (error) {
    const after = (await ctx.db.system.query("_scheduled_functions").collect()).length;
    return { isConvexError: error instanceof ConvexError, data: error.data, scheduled: after - before };
  }
} });
export const nested = mutation({ args: k, handler: async (ctx, { k }) => {
  await ctx.runMutation(fn("items:add"), { k });
  return ctx.runQuery(fn("items:count"), { k });
} });
export const writeFromQuery = query({ args: {}, handler: async (ctx) => ctx.runMutation?.(fn("items:add"), { k: 1 }) ?? "no runMutation" });
export const wrongReturn = query({ args: {}, returns: v.string(), handler: async () => 5 });
export const fail = mutation({ args: {}, handler: async () => deeper() });
function deeper() { throw new Error("deliberate"); }
export const spin = mutation({ args: {}, handler: async () => { for (;;); } });
export const spinAsync = query({ args: {}, handler: async () => { for (;;) await null; } });
export const never = query({ args: {}, handler: () => new Promise(() => {}) });
export const clock = query({ args: { salt: v.string() }, handler: async () => {
  const first = Date.now();
  for (let i = 0; i < 1e6; i++);
  return { still: Date.now() === first, date: new Date().getTime() === first, random: Math.random(), uuid: crypto.randomUUID() };
} });
export const fetches = query({ args: {}, handler: async () => { await fetch("http://localhost"); } });
export const timers = mutation({ args: {}, handler: async () => { setTimeout(() => {}, 1); } });
export const who = query({ args: {}, handler: async (ctx) => (await ctx.auth.getUserIdentity())?.subject ?? null });
export const handle = mutation({ args: {}, handler: async (ctx) => {
  const handle = await createFunctionHandle(fn("items:addThenFail"));
  const add = await createFunctionHandle(fn("items:add"));
  await ctx.runMutation(add, { k: 77 });
  return { handle, add };
} });
export const callHandle = mutation({ args: { handle: v.string() }, handler: (ctx, { handle }) => ctx.runMutation(handle, { k: 78 }) });
export const variable = query({ args: {}, handler: async () => process.env.GREETING ?? null });
export const recurse = mutation({ args: {}, handler: (ctx) => ctx.runMutation(fn("items:recurse"), {}) });
const limits = { limits: v.any() };
export const readAll = query({ args: {}, handler: async (ctx) => (await ctx.db.query("items").take(10)).length });
export const addTen = mutation({ args: {}, handler: async (ctx) => {
  for (let k = 0; k < 5; k++) { await ctx.db.insert("items", { k: 700 }); await ctx.scheduler.runAfter(0, fn("items:add"), { k: 701 }); }
} });
export const readLimited = query({ args: limits, handler: async (ctx, { limits }) => {
  const inner = await ctx.runQuery(fn("items:readAll"), {}, { transactionLimits: limits });
  return [inner, (await ctx.db.query("items").take(10)).length];
} });
export const writeLimited = mutation({ args: limits, handler: async (ctx, { limits }) => {
  const { documentsWritten, functionsScheduled } = await ctx.meta.getTransactionMetrics();
  let failed = null;
  try { await ctx.runMutation(fn("items:addTen"), {}, { transactionLimits: limits }); } catch (error) { failed = error.message; }
  const after = await ctx.meta.getTransactionMetrics();
  return { failed, written: after.documentsWritten.used - documentsWritten.used, scheduled: after.functionsScheduled.used - functionsScheduled.used };
} });
const audited = async () => { await log.audit({ action: "seen", ip: log.vars.ip }); return "ok"; };
export const auditedMutation = mutation({ args: {}, handler: audited });
export const auditedAction = action({ args: {}, handler: audited });
export default query({ args: {}, handler: (ctx) => ctx.meta.getFunctionMetadata() });
export const meta = mutation({ args: {}, handler: async (ctx) => ({ fn: await ctx.meta.getFunctionMetadata(), request: await ctx.meta.getRequestMetadata() }) });
export const act = action({ args: k, handler: async (ctx, { k }) => {
  await new Promise((resolve) => setTimeout(resolve, 2));
  const id = await ctx.runMutation(fn("items:add"), { k });
  console.log("acting", k);
  return { known: typeof id, count: await ctx.runQuery(fn("items:count"), { k }), who: (await ctx.auth.getUserIdentity())?.subject ?? null };
} });
export const actFails = action({ args: {}, handler: async (ctx) => {
  try { await ctx.runMutation(fn("items:addThenFail"), { k: 5 }); } catch (error) { return { convex: error instanceof ConvexError, data: error.data }; }
} });
export const files = action({ args: {}, handler: async (ctx) => {
  const id = await ctx.storage.store(new Blob(["hello"]));
  return [await (await ctx.storage.get(id)).text(), await ctx.storage.getUrl(id)];
} });
export const rejects = action({ args: {}, handler: async () => { void Promise.reject(new Error("stray")); return "done"; } });`;

let t: TestEngine;
beforeAll(async () => {
  t = await startEngine({ "schema.ts": schema, "items.ts": items }, { functionTimeoutMs: 300 });
});
afterAll(() => t.close());

describe("queries and mutations", () => {
  test("a write is seen by the next read, and console lines come back", async () => {
    const outcome = await t.engine.mutation(publicCall("items:add", { k: 1 }));
    expect(outcome).toMatchObject({ ok: true, logLines: ["[LOG] 'adding' {\n  k: 1\n}"] });
    expect(t.query("items:count", { k: 1 })).toBe(1);
    expect(outcome.ts).toBe(t.store.lastTs);
  });

  test("a nested mutation that fails leaves neither writes nor jobs, and its data reaches the caller", async () => {
    expect(await t.mutation("items:tryFailing", { k: 10 })).toEqual({
      isConvexError: true,
      data: { code: "REFUSED", k: 11 },
      scheduled: 0,
    });
    expect(t.query("items:count", { k: 10 })).toBe(1);
    expect(t.query("items:count", { k: 11 })).toBe(0);
  });

  test("nested calls see the caller's writes", async () => {
    expect(await t.mutation("items:nested", { k: 20 })).toBe(1);
  });

  test("an uncaught ConvexError gives its data, and nothing was written", async () => {
    const outcome = await t.engine.mutation({ ...publicCall("items:addThenFail", { k: 30 }), reach: "all" });
    expect(outcome).toMatchObject({ ok: false, errorData: '{"code":"REFUSED","k":30}' });
    expect(t.query("items:count", { k: 30 })).toBe(0);
  });

  test("errors name the request, the message and the developer's own line", async () => {
    const outcome = await t.engine.mutation({ ...publicCall("items:fail"), requestId: "abc123" });
    const text = outcome.ok ? "" : outcome.errorMessage;
    expect(text).toMatch(
      /^\[Request ID: abc123\] Server Error\nUncaught Error: deliberate\n {4}at deeper \(.*items\.ts:\d+:\d+\)/,
    );
  });

  test.each([
    ["a wrong argument", "items:count", { k: "one" }, /ArgumentValidationError/],
    ["an extra argument", "items:count", { k: 1, extra: 1 }, /ArgumentValidationError/],
    ["an argument named a secret", "items:count", { k: 1, newPassword: "hunter2" }, /"newPassword":"…"/],
    ["a wrong result", "items:wrongReturn", {}, /ReturnsValidationError/],
    ["an internal function", "items:addThenFail", { k: 1 }, /Could not find public function for 'items:addThenFail'\./],
    ["an unknown function", "items:nothing", {}, /Could not find public function for 'items:nothing'\./],
    ["the wrong kind", "items:add", { k: 1 }, /Trying to execute items:add as Query, but it is defined as Mutation\./],
    ["fetch", "items:fetches", {}, /Can't use fetch\(\) in queries and mutations/],
    ["a promise nobody settles", "items:never", {}, /awaits something that never resolves/],
  ])("%s is refused", (_what, path, args, message) => {
    expect(() => t.query(path, args)).toThrow(message);
  });

  test("timers are refused in mutations, endless recursion ends", async () => {
    await expect(t.mutation("items:timers")).rejects.toThrow(/Can't use setTimeout/);
    await expect(t.mutation("items:recurse")).rejects.toThrow(/call depth limit exceeded/);
  });

  test("a mutation that never ends fails alone; the ones before and after it succeed", async () => {
    const outcomes = await Promise.all(
      ["items:add", "items:spin", "items:add"].map((path) =>
        t.engine.mutation(publicCall(path, path === "items:spin" ? {} : { k: 40 })),
      ),
    );
    expect(outcomes.map((outcome) => outcome.ok)).toEqual([true, false, true]);
    expect(outcomes[1]).toMatchObject({
      errorMessage: expect.stringMatching(/timed out \(maximum duration: 0\.3s\)/),
    });
    expect(t.query("items:count", { k: 40 })).toBe(2);
  });

  test("a query that awaits for ever is stopped, inside an event-loop callback too", async () => {
    for (let round = 0; round < 3; round++) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      expect(() => t.query("items:spinAsync")).toThrow(/timed out/);
    }
    expect(t.query("items:count", { k: 40 })).toBe(2);
  });

  test("the clock stands still, chance differs between executions", () => {
    const [first, second] = ["a", "b"].map(
      (salt) => t.query("items:clock", { salt }) as { still: boolean; date: boolean; random: number; uuid: string },
    );
    expect(first).toMatchObject({ still: true, date: true });
    expect(first?.random).not.toBe(second?.random);
    expect(first?.uuid).not.toBe(second?.uuid);
  });

  test("handles call what they name, internal functions too, and cannot be made up", async () => {
    const { handle, add } = (await t.mutation("items:handle")) as { handle: string; add: string };
    expect(t.query("items:count", { k: 77 })).toBe(1);
    await t.mutation("items:callHandle", { handle: add });
    expect(t.query("items:count", { k: 78 })).toBe(1);
    const forged = `function://${Buffer.from("\nitems.js:add").toString("base64url")}.${handle.split(".")[1]}`;
    await expect(t.mutation("items:callHandle", { handle: forged })).rejects.toThrow(/Function handle not found/);
    await expect(t.mutation(add, { k: 1 })).rejects.toThrow(/Function handle not found/);
  });

  test("a change of environment reaches functions and their cached results", () => {
    expect(t.query("items:variable")).toBe(null);
    t.env.GREETING = "hello";
    t.engine.environmentChanged();
    expect(t.query("items:variable")).toBe("hello");
  });

  test("limits of one call hold for what it reads, not for its caller", async () => {
    await t.mutation("items:addTen");
    await t.mutation("items:addTen");
    expect(t.query("items:readLimited", { limits: { documentsRead: 10 } })).toEqual([10, 10]);
    expect(() => t.query("items:readLimited", { limits: { documentsRead: 5 } })).toThrow(
      /Too many documents read in a single function execution \(limit: 5\)/,
    );
    expect(() => t.query("items:readLimited", { limits: { documentsRead: "5" } })).toThrow(/must be a number/);
    expect(t.query("items:readLimited", { limits: {} })).toEqual([10, 10]);
  });

  test("what a failed call wrote and scheduled is not counted", async () => {
    const attempt = (limits: Record<string, number>) => t.mutation("items:writeLimited", { limits });
    expect(await attempt({})).toEqual({ failed: null, written: 5, scheduled: 5 });
    expect(await attempt({ documentsWritten: 4 })).toMatchObject({
      failed: expect.stringContaining("Too many documents written") as string,
      written: 0,
      scheduled: 0,
    });
    expect(await attempt({ functionsScheduled: 2 })).toMatchObject({
      failed: expect.stringContaining("Too many functions scheduled") as string,
      written: 0,
      scheduled: 0,
    });
  });

  test("audit log entries are accepted", async () => {
    expect(await t.mutation("items:auditedMutation")).toBe("ok");
    expect(await t.action("items:auditedAction")).toBe("ok");
  });

  test("metadata names the function and the caller", async () => {
    const call = {
      ...publicCall("items:meta"),
      requestId: "r1",
      client: { ip: "1.2.3.4", userAgent: "test" },
    };
    const outcome = await t.engine.mutation(call);
    expect(outcome.ok && JSON.parse(outcome.value)).toEqual({
      fn: { name: "items:meta", componentPath: "", type: "mutation", visibility: "public" },
      request: {
        ip: "1.2.3.4",
        userAgent: "test",
        requestId: "r1",
        scheduledFunctionId: null,
        authToken: null,
      },
    });
    expect(t.query("items")).toMatchObject({ name: "items" });
  });
});

describe("exactly once", () => {
  test("a repeated request gets the stored outcome with its original time", async () => {
    const session = { sessionId: "s1", requestId: 7 };
    const together = await Promise.all(
      [1, 2].map(() => t.engine.mutation(publicCall("items:add", { k: 50 }), session)),
    );
    await t.mutation("items:add", { k: 51 });
    const later = await t.engine.mutation(publicCall("items:add", { k: 50 }), session);
    expect(together[1]).toEqual(together[0]);
    expect(later).toEqual(together[0]);
    expect(t.query("items:count", { k: 50 })).toBe(1);
  });

  test("hooks: refused jobs do not run; bookkeeping commits with success and without a failure's writes", async () => {
    expect(await t.engine.mutationWith(publicCall("items:add", { k: 60 }), { admit: () => false })).toBe(null);
    const note = (kind: number) => (tx: { insert(c: string, t: string, v: { k: number }): string }) =>
      void tx.insert("", "items", { k: kind });
    await t.engine.mutationWith(publicCall("items:add", { k: 60 }), { settle: note(61) });
    const all = { ...publicCall("items:addThenFail", { k: 62 }), reach: "all" as const };
    const failed = await t.engine.mutationWith(all, { settle: note(63) });
    expect(failed?.ok).toBe(false);
    expect([60, 61, 62, 63].map((k) => t.query("items:count", { k }))).toEqual([1, 1, 0, 1]);
  });

  test("the deployment's own work invalidates like a mutation, and a throw drops it", async () => {
    expect(t.query("items:count", { k: 70 })).toBe(0);
    await t.engine.transact((tx) => tx.insert("", "items", { k: 70 }));
    expect(t.query("items:count", { k: 70 })).toBe(1);
    const failing = t.engine.transact((tx) => {
      tx.insert("", "items", { k: 70 });
      throw new Error("changed my mind");
    });
    await expect(failing).rejects.toThrow("changed my mind");
    expect(t.query("items:count", { k: 70 })).toBe(1);
  });
});

describe("the query cache", () => {
  test("only a write inside the range that was read runs the query again", async () => {
    const run = () => t.query("items:runs", { k: 200 });
    const first = run();
    expect(run()).toBe(first);
    await t.mutation("items:add", { k: 201 });
    expect(run()).toBe(first);
    await t.mutation("items:add", { k: 200 });
    expect(run()).not.toBe(first);
  });

  test("a hit returns the same string", () => {
    const [one, two] = [1, 2].map(() => t.engine.query(publicCall("items:count", { k: 1 })));
    expect(one?.ok && two?.ok && Object.is(one.value, two.value)).toBe(true);
  });

  test("results that looked at the identity are kept for each, others are shared", () => {
    expect(["ann", "bob", "ann"].map((name) => t.query("items:who", {}, identity(name)))).toEqual([
      "ann",
      "bob",
      "ann",
    ]);
    expect(t.query("items:who")).toBe(null);
    const runs = ["ann", "bob"].map((name) => t.query("items:runs", { k: 300 }, identity(name)));
    expect(runs[1]).toBe(runs[0]);
  });

  test("a thousand watches of one query run it once, and each is told once", async () => {
    let told = 0;
    const call = publicCall("items:runs", { k: 400 });
    const watches = Array.from({ length: 1000 }, () => t.engine.watch(call, null, () => told++));
    const value = (index: number) => {
      const outcome = watches[index]?.refresh();
      return outcome?.ok ? (JSON.parse(outcome.value) as number) : -1;
    };
    const first = watches.map((_, index) => value(index));
    expect(new Set(first).size).toBe(1);
    await t.mutation("items:add", { k: 401 });
    expect(told).toBe(0);
    await Promise.all([t.mutation("items:add", { k: 400 }), t.mutation("items:add", { k: 400 })]);
    expect(told).toBe(1000);
    expect(watches.every((watch) => watch.dirty)).toBe(true);
    const second = new Set(watches.map((_, index) => value(index)));
    expect([...second]).toEqual([(first[0] ?? 0) + 1]);
    for (const watch of watches) watch.close();
    await t.mutation("items:add", { k: 400 });
    expect(told).toBe(1000);
  });

  test("watches of different identities each get their own answer in one refresh", () => {
    const names = Array.from({ length: 50 }, (_, index) => `user${index}`);
    const watches = names.map((name) => t.engine.watch(publicCall("items:who", {}, identity(name)), null, () => {}));
    const answers = watches.map((watch) => watch.refresh());
    expect(answers.map((answer) => answer.ok && JSON.parse(answer.value))).toEqual(names);
    t.engine.environmentChanged();
    expect(watches.every((watch) => watch.dirty)).toBe(true);
    expect(watches.map((watch) => watch.refresh()).every((answer) => answer.ok)).toBe(true);
    for (const watch of watches) watch.close();
  });
});

describe("actions", () => {
  test("call queries and mutations with the caller's identity, many at a time", async () => {
    const outcomes = await Promise.all(
      [500, 501, 502].map((k) => t.engine.action(publicCall("items:act", { k }, identity(`user${k}`)))),
    );
    expect(outcomes.map((outcome) => outcome.ok && JSON.parse(outcome.value))).toEqual(
      [500, 501, 502].map((k) => ({ known: "string", count: 1, who: `user${k}` })),
    );
    expect(outcomes.map((outcome) => outcome.logLines)).toEqual([500, 501, 502].map((k) => [`[LOG] 'acting' ${k}`]));
  });

  test("see the data of a failed mutation's ConvexError", async () => {
    expect(await t.action("items:actFails")).toEqual({ convex: true, data: { code: "REFUSED", k: 5 } });
  });

  test("store and read files", async () => {
    expect(await t.action("items:files")).toEqual(["hello", "http://cloud.test/file/file0"]);
  });

  test("a rejection nobody handles fails its action and does not end the process", async () => {
    await expect(t.action("items:rejects")).rejects.toThrow("Uncaught Error: stray");
    expect(t.query("items:count", { k: 1 })).toBe(1);
  });
});

test("what the deployment does after a function is not cut by the function's time limit", async () => {
  const slow = await startEngine({ "schema.ts": schema, "items.ts": items }, { functionTimeoutMs: 200 });
  slow.engine.onLog(() => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300));
  expect(slow.query("items:runs", { k: 1 })).toBe(1);
  await slow.mutation("items:add", { k: 2 });
  expect(slow.query("items:count", { k: 2 })).toBe(1);
  expect(slow.query("items:runs", { k: 2 })).toBe(2);
  await slow.close();
});

test("equal queries of a batch share one execution, unless they look at who asks", async () => {
  const ask = (path: string, name: string) =>
    t.engine.watch(publicCall(path, { k: 900 }, identity(name)), null, () => {});
  const watches = Array.from({ length: 20 }, (_, n) => ask("items:runs", `user${n % 2}`));
  const answers = watches.map((watch) => watch.refresh());
  expect(new Set(answers.map((answer) => answer.ok && answer.value)).size).toBe(1);
  t.engine.environmentChanged();
  const personal = Array.from({ length: 20 }, (_, n) =>
    t.engine.watch(publicCall("items:who", {}, identity(`user${n % 2}`)), null, () => {}),
  );
  expect(personal.map((watch) => watch.refresh()).map((answer) => answer.ok && JSON.parse(answer.value))).toEqual(
    personal.map((_, n) => `user${n % 2}`),
  );
  for (const watch of [...watches, ...personal]) watch.close();
});

test("when the disk is full, callers are told, and the deployment's own work is rejected to try again", async () => {
  const call = publicCall("items:add", { k: 910 });
  const turn = t.store.groupCommit.bind(t.store);
  const failing = vi.spyOn(t.store, "groupCommit").mockImplementation((work) =>
    turn((writer) => {
      work(writer);
      throw new DiskFullError();
    }),
  );
  const outcome = await t.engine.mutation(call, { sessionId: "s", requestId: 910 });
  expect(outcome).toMatchObject({
    ok: false,
    errorMessage: expect.stringMatching(
      /^\[Request ID: \w+\] Server Error\nThe deployment's disk is full; nothing was saved\.$/,
    ) as string,
  });
  await expect(t.action("items:act", { k: 910 })).rejects.toThrow("The deployment's disk is full; nothing was saved.");
  await expect(t.engine.mutationWith(call, { settle: () => {} })).rejects.toThrow(DiskFullError);
  failing.mockRestore();
  expect(t.query("items:count", { k: 910 })).toBe(0);
  expect(await t.engine.mutation(call, { sessionId: "s", requestId: 910 })).toMatchObject({ ok: true });
  expect(t.query("items:count", { k: 910 })).toBe(1);
});
