/** The cost of the outbox, and batches that nobody settles; the test plays the store itself. */
import { beforeEach, expect, test, vi } from "vitest";
import { api, internal } from "../_generated/api";
import type { MutationCtx } from "../_generated/server";
import { NOON, stopTheClock } from "../focus/focus.testing";
import { DAY_MS, HOUR_MS } from "../lib/time";
import { newBackend, signedInUser, type T } from "../setup.testing";
import { resultsOf } from "./delivery/run";
import { listRetriedEntries } from "./queue/status";
import * as Outbox from "./queue/entries";
import type { Outcome, RegisterPayload } from "./payload";
import { BATCH_SIZE, LEASE_MS, MAX_ATTEMPTS, OUTAGE_PAUSE_MAX_MS, SUSPECT_BATCH_SIZE } from "./rules";

let t: T;

beforeEach(() => {
  stopTheClock();
  vi.stubEnv("PERMANENT_STORE_URL", "postgres://127.0.0.1:1/none");
  t = newBackend();
  return () => {
    vi.useRealTimers();
    vi.unstubAllEnvs();
  };
});

const register = (sessionId: string): RegisterPayload => ({
  kind: "register",
  sessionId,
  userId: "a1111111-1111-4111-8111-111111111111",
  goal: {
    id: "c3333333-3333-4333-8333-333333333333",
    title: "Draw",
    emoji: "🎨",
    category: { name: "Drawing", color: "#4187a2" },
    status: "active",
    daysTotal: 30,
    daysCompleted: 0,
  },
  activity: {
    id: "d4444444-4444-4444-8444-444444444444",
    name: "Drawing",
    emoji: "🎨",
    category: "Art",
    color: "#4187a2",
  },
  startedAt: NOON,
  devicePlatform: null,
});

type Costs = { reads: number; writes: number };

/** Counts what `work` does to the database: one read or write a call. */
async function counting<R>(work: (ctx: MutationCtx) => Promise<R>): Promise<{ result: R; costs: Costs }> {
  const costs = { reads: 0, writes: 0 };
  const writes = new Set(["insert", "patch", "replace", "delete"]);
  const result = await t.run(async (ctx) => {
    const db = new Proxy(ctx.db, {
      get(target, name, receiver) {
        if (writes.has(String(name))) costs.writes += 1;
        else if (name === "get" || name === "query") costs.reads += 1;
        return Reflect.get(target, name, receiver) as unknown;
      },
    });
    return await work({ ...ctx, db });
  });
  return { result, costs };
}

const enqueueIn = async (ctx: MutationCtx, sessionId: string): Promise<void> =>
  await Outbox.enqueue(ctx, register(sessionId), await Outbox.getNextPlace(ctx, 0));
const enqueue = (...sessionIds: string[]) =>
  t.run(async (ctx) => {
    for (const id of sessionIds) await enqueueIn(ctx, id);
  });
const names = (count: number) => Array.from({ length: count }, (_, i) => `session ${String(i).padStart(3, "0")}`);
const rows = () => t.run((ctx) => ctx.db.query("storeOutbox").collect());
const drain = () => t.run((ctx) => ctx.db.query("storeDrains").unique());

/** The token of the run that is scheduled or under way. */
async function token(): Promise<string> {
  await t.mutation(internal.store.drain.tick, {});
  const state = (await drain())?.state;
  if (state === undefined || state.kind === "idle") throw new Error("no run is on its way");
  return state.token;
}

const claim = async () => await t.mutation(internal.store.drain.claim, { token: await token() });
const settle = async (work: NonNullable<Awaited<ReturnType<typeof claim>>>, outcome: Outcome) =>
  await t.mutation(internal.store.drain.settle, {
    token: await token(),
    claim: work.claim,
    ...resultsOf(
      work.deliveries,
      work.deliveries.map(() => outcome),
    ),
  });
const idsOf = (work: Awaited<ReturnType<typeof claim>>) =>
  work?.deliveries.map(({ payload }) => payload.sessionId) ?? [];
/** The run that has the batch is never heard of again. */
const dies = () => vi.setSystemTime(Date.now() + LEASE_MS + 1);

test("an entry costs one read and one write while a delivery is on its way", async () => {
  await enqueue("first");
  const before = await drain();
  const { costs } = await counting((ctx) => enqueueIn(ctx, "second"));
  expect(costs).toEqual({ reads: 1, writes: 1 });
  // Mutations that enqueue beside each other write no row that the others read.
  expect(await drain()).toEqual(before);
});

test("delivering a batch writes each entry once, when it goes, and four rows more at most", async () => {
  await enqueue(...names(100));
  const run = await token();
  const { result: work, costs } = await counting((ctx) => Outbox.claimBatch(ctx, run));
  expect(idsOf(work)).toEqual(names(100));
  expect(costs.writes).toBeLessThanOrEqual(2);
  expect(costs.reads).toBeLessThanOrEqual(12);
  const settled = await counting((ctx) =>
    Outbox.settleBatch(ctx, {
      token: run,
      claim: work!.claim,
      delivered: work!.deliveries.map(({ id }) => id),
      others: [],
    }),
  );
  expect(settled.costs.writes).toBeLessThanOrEqual(100 + 2);
  expect(await rows()).toEqual([]);
  expect((await drain())?.state).toEqual({ kind: "idle" });
});

test("between batches of a run nothing is written that mutations which enqueue read", async () => {
  await enqueue(...names(BATCH_SIZE + 10));
  const first = (await claim())!;
  expect(first.deliveries).toHaveLength(BATCH_SIZE);
  const running = await drain();
  expect(await settle(first, { kind: "delivered" })).toBe(true);
  const second = (await claim())!;
  expect(await drain()).toEqual(running);
  expect(await settle(second, { kind: "delivered" })).toBe(false);
  expect(await rows()).toEqual([]);
});

test("what a killed run had in hand goes again, in small groups, then alone", async () => {
  await enqueue(...names(40));
  await claim();
  dies();
  const groups = [];
  for (let work = await claim(); ; work = await claim()) {
    groups.push(idsOf(work));
    if (!(await settle(work!, { kind: "delivered" }))) break;
  }
  expect(groups.map((group) => group.length)).toEqual([SUSPECT_BATCH_SIZE, SUSPECT_BATCH_SIZE, 8]);
  expect(groups.flat()).toEqual(names(40));
  expect(await rows()).toEqual([]);
});

test("a run that dies is noticed when its time is up, not a minute later", async () => {
  await enqueue("one");
  const dead = await token();
  await claim();
  vi.advanceTimersByTime(1_000);
  // The cron passes by early in the dead run's time.
  await t.mutation(internal.store.drain.tick, {});
  vi.advanceTimersByTime(LEASE_MS);
  await t.finishInProgressScheduledFunctions();
  const state = (await drain())?.state;
  expect(state?.kind).not.toBe("idle");
  expect(state).not.toMatchObject({ token: dead });
});

test("an entry that kills every delivery fails in the end, and no other with it", async () => {
  await enqueue(...names(40));
  for (let round = 0; round < 200; round++) {
    if ((await rows()).every(({ state }) => state.kind === "failed")) break;
    const work = await claim();
    if (work === null) vi.setSystemTime(Date.now() + 1_000);
    else if (idsOf(work).includes("session 007")) dies();
    else await settle(work, { kind: "delivered" });
  }
  expect(await rows()).toMatchObject([
    {
      sessionId: "session 007",
      attempts: MAX_ATTEMPTS,
      lastError: "The delivery did not finish.",
      state: { kind: "failed" },
    },
  ]);
});

test("what a run settles late is confirmed, but its failures no longer count", async () => {
  await enqueue("one", "two");
  const run = await token();
  const late = (await claim())!;
  dies();
  const now = (await claim())!;
  const [one, two] = late.deliveries;
  await t.mutation(internal.store.drain.settle, {
    token: run,
    claim: late.claim,
    delivered: [one!.id],
    others: [{ id: two!.id, outcome: { kind: "failed", error: "late", cause: "rejected" } }],
  });
  expect(await rows()).toMatchObject([{ sessionId: "two", attempts: 1, lastError: "The delivery did not finish." }]);
  await settle(now, { kind: "delivered" });
  expect(await rows()).toEqual([]);
});

test("an entry that is tried again shows its error from the first attempt on, with when that will be", async () => {
  await enqueue("one", "two");
  const shown = (pausedUntil = 0) => t.run((ctx) => listRetriedEntries(ctx, pausedUntil));
  expect(await shown()).toEqual([]);
  const work = (await claim())!;
  await settle(work, { kind: "failed", error: "no such user", cause: "rejected" });
  const [one] = await shown();
  expect((await shown()).map(({ sessionId }) => sessionId).sort()).toEqual(["one", "two"]);
  expect(one).toMatchObject({ attempts: 1, lastError: "no such user" });
  expect(one!.nextAttemptAt).toBeGreaterThan(Date.now());
  expect((await shown(Date.now() + DAY_MS))[0]!.nextAttemptAt).toBe(Date.now() + DAY_MS);
  vi.setSystemTime(Date.now() + HOUR_MS);
  await settle((await claim())!, { kind: "delivered" });
  expect(await shown()).toEqual([]);
});

test("an entry waits for the earlier one of its session, and no other waits for either", async () => {
  await enqueue("held", "free");
  const work = (await claim())!;
  await settle(work, { kind: "failed", error: "no", cause: "rejected" });
  await t.run(async (ctx) =>
    Outbox.enqueue(ctx, register("held"), await Outbox.getNextPlace(ctx, work.deliveries[0]!.sequence)),
  );
  await enqueue("other");
  const next = (await claim())!;
  expect(idsOf(next)).toEqual(["other"]);
  await settle(next, { kind: "delivered" });
  vi.setSystemTime(Date.now() + 60_000);
  expect(idsOf(await claim())).toEqual(["held", "free", "held"]);
});

test("a run that cannot even begin is told of as an outage and tried again", async () => {
  await enqueue("one");
  const run = await token();
  await claim();
  await t.mutation(internal.store.drain.broken, { token: run, error: "no such module" });
  expect(await drain()).toMatchObject({ state: { kind: "scheduled" }, outage: { error: "no such module" } });
  vi.setSystemTime(Date.now() + 60_000);
  expect(idsOf(await claim())).toEqual(["one"]);
});

test("what waits when the clock is put back by a day goes with the next tick, whatever it waits for", async () => {
  await enqueue("delayed");
  await settle((await claim())!, { kind: "failed", error: "no", cause: "rejected" });
  await enqueue("held up");
  await settle((await claim())!, { kind: "failed", error: "away", cause: "unreachable" });
  expect((await drain())?.outage).not.toBeNull();
  await enqueue("in hand");
  vi.setSystemTime((await drain())!.outage!.pausedUntil);
  // A run that dies has a lease till then.
  await claim();
  expect((await drain())?.state.kind).toBe("running");
  vi.setSystemTime(NOON - DAY_MS);
  await t.mutation(internal.store.drain.tick, {});
  const { state } = (await drain())!;
  expect(state.kind === "scheduled" && state.dueAt - Date.now()).toBeLessThanOrEqual(OUTAGE_PAUSE_MAX_MS);
  for (const { state: row } of await rows())
    expect(row.kind === "failed" ? Infinity : row.dueAt).toBeLessThanOrEqual(Date.now() + HOUR_MS);
});

test("a failed entry is read, sent again or given up by who may; one that waits is neither", async () => {
  const operator = await signedInUser(t, { permissions: ["view_operations"] });
  const [waiting, failed] = await t.run(async (ctx) => {
    await enqueueIn(ctx, "waits");
    await enqueueIn(ctx, "failed");
    const rows = await ctx.db.query("storeOutbox").collect();
    const state = { kind: "failed", failedAt: NOON, cause: "rejected" } as const;
    await ctx.db.patch("storeOutbox", rows[1]!._id, { attempts: MAX_ATTEMPTS, lastError: "no", state });
    return rows.map(({ _id }) => _id as string);
  });
  expect(await operator.as.query(api.store.outbox.payload, { id: failed! })).toEqual(register("failed"));
  await expect(operator.as.mutation(api.store.outbox.discard, { id: waiting! })).rejects.toThrow("Only a failed entry");
  await operator.as.mutation(api.store.outbox.discard, { id: failed! });
  await expect(operator.as.query(api.store.outbox.payload, { id: failed! })).rejects.toThrow("not in the outbox");
  await expect(operator.as.mutation(api.store.outbox.discard, { id: failed! })).rejects.toThrow("not in the outbox");
  expect(await operator.as.query(api.store.outbox.status, {})).toMatchObject({ depth: 1, failed: [] });
  const stranger = await signedInUser(t);
  await expect(stranger.as.query(api.store.outbox.payload, { id: waiting! })).rejects.toThrow("view_operations");
});
