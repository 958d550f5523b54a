import { expect, test } from "vitest";
import { identity } from "../engine/testing";
import { QueryCache, type Ran } from "./query-cache";

const named = (argsText: string) => ({ component: "", identifier: "m.js:f", argsText, journal: null });

const ran = (value: string, more: Partial<Ran> = {}): Ran => ({
  outcome: { ok: true, value, logLines: [] },
  reads: new Map(),
  calls: [],
  cost: {},
  journal: null,
  sawIdentity: false,
  sawClock: false,
  keep: true,
  ...more,
});
const key = (args: string, journal: string | null = null) => QueryCache.makeKey("", "m.js:f", args, journal);
const valueOf = (cache: QueryCache, args: string, who: string | null = null) => {
  const outcome = cache.find(key(args), who === null ? null : identity(who), true)?.execution.outcome;
  return outcome?.ok ? outcome.value : null;
};

test("memory stays within its limit; what was used lately stays longest", () => {
  const cache = new QueryCache(20_000);
  for (let n = 0; n < 500; n++) {
    cache.store(named(String(n)), null, ran(`result ${n}`));
    expect(cache.bytes).toBeLessThanOrEqual(20_000);
    expect(valueOf(cache, "0")).toBe("result 0");
  }
  expect(valueOf(cache, "1")).toBe(null);
  expect(valueOf(cache, "499")).toBe("result 499");
});

test("watched results are not evicted, and tell their watcher when code changes", () => {
  const cache = new QueryCache(3_000);
  let told = 0;
  const watcher = { invalidated: () => void told++ };
  cache.attach(cache.store(named("watched"), null, ran("kept")), watcher);
  for (let n = 0; n < 50; n++) cache.store(named(String(n)), null, ran("x"));
  expect(valueOf(cache, "watched")).toBe("kept");
  for (const one of cache.clear()) one.invalidated();
  expect(told).toBe(1);
  expect(valueOf(cache, "watched")).toBe(null);
  expect(cache.bytes).toBe(0);
});

test("a result that looked at the identity replaces the shared one", () => {
  const cache = new QueryCache(1_000_000);
  cache.store(named("a"), null, ran("for all"));
  expect(valueOf(cache, "a", "ann")).toBe("for all");
  cache.store(named("a"), identity("ann"), ran("for ann", { sawIdentity: true }));
  expect([valueOf(cache, "a", "ann"), valueOf(cache, "a", "bob"), valueOf(cache, "a")]).toEqual([
    "for ann",
    null,
    null,
  ]);
  cache.store(named("a"), identity("bob"), ran("for bob", { sawIdentity: true }));
  expect([valueOf(cache, "a", "ann"), valueOf(cache, "a", "bob")]).toEqual(["for ann", "for bob"]);
});

test("a paginated result is found by the journal it made as well", () => {
  const cache = new QueryCache(1_000_000);
  const entry = cache.store(named("a"), null, ran("page", { journal: "end" }));
  expect(cache.find(key("a"), null, true)).toBe(entry);
  expect(cache.find(key("a", "end"), null, true)).toBe(entry);
  expect(cache.find(key("a", "other"), null, true)).toBe(null);
});
