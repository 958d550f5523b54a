import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { internal } from "../_generated/api";
import type { MutationCtx } from "../_generated/server";
import { hashSha256 } from "../lib/ids";
import { newBackend, signedInUser, type T } from "../setup.testing";
import { countUncounted, recordMoves, type Move } from "./counts/ledger";
import { change, check, draftsOf, insert } from "./counts/ledger.testing";
import { toGuestOwner } from "./guests/owners";
import type { Status } from "./rules";
import { backend, createGuest, send } from "./valuations.testing";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

const STATUSES: Status[] = ["IN_PROGRESS", "COMPLETED", "ARCHIVED", "DELETED"];

/** Drafts as they were left by a version without ledgers. */
async function old(t: T, owner: string, count: number, time = (n: number) => 1_000 + n): Promise<void> {
  await t.run(async (ctx) => {
    for (let n = 0; n < count; n++) await insert(ctx, owner, STATUSES[n % 4]!, time(n));
  });
}

async function migrate(t: T): Promise<void> {
  await t.mutation(internal.valuations.migrations.countAll, {});
  await t.finishAllScheduledFunctions(vi.runAllTimers);
}

const checkAll = (t: T, owners: string[]) =>
  t.run(async (ctx) => {
    for (const owner of owners) await check(ctx, owner);
  });

const ledgers = (t: T) =>
  t.run(async (ctx) => [await ctx.db.query("draftLedgers").collect(), await ctx.db.query("draftRacks").collect()]);

test("drafts without a ledger are counted once, whoever has how many; again, nothing changes", async () => {
  const t = newBackend();
  const few = Array.from({ length: 60 }, (_, n) => `guest/${n}`);
  for (const [n, owner] of few.entries()) await old(t, owner, (n % 5) + 1);
  await old(t, "user/many", 900);
  await old(t, "user/bulk", 500, (n) => n % 2);
  await t.run(
    async (ctx) => await recordMoves(ctx, [{ before: null, after: await insert(ctx, "user/new", "COMPLETED", 5) }]),
  );
  const owners = [...few, "user/many", "user/bulk", "user/new"];
  await migrate(t);
  await checkAll(t, owners);
  const before = await ledgers(t);
  expect(before[0]).toHaveLength(owners.length);
  await migrate(t);
  await t.mutation(internal.valuations.migrations.countOwner, { owner: "user/many" });
  expect(await ledgers(t)).toEqual(before);
});

test("once done, a run reads one row", async () => {
  const t = newBackend();
  await migrate(t);
  expect(await t.run((ctx) => ctx.db.query("migrations").collect())).toMatchObject([{ after: null }]);
  await old(t, "guest/later", 1);
  await migrate(t);
  expect((await ledgers(t))[0]).toEqual([]);
});

test("what happens to drafts while they are counted is counted too", async () => {
  const owners = ["user/a", "guest/b"];
  const step = fc.oneof(
    fc.record({ kind: fc.constant("count" as const), owner: fc.nat(1) }),
    fc.record({ kind: fc.constant("create" as const), owner: fc.nat(1), count: fc.integer({ min: 1, max: 150 }) }),
    fc.record({
      kind: fc.constant("touch" as const),
      owner: fc.nat(1),
      stride: fc.integer({ min: 1, max: 9 }),
      status: fc.constantFrom(...STATUSES, null),
    }),
    fc.record({ kind: fc.constant("move" as const), owner: fc.nat(1), count: fc.integer({ min: 1, max: 150 }) }),
    fc.record({ kind: fc.constant("delete" as const), owner: fc.nat(1), stride: fc.integer({ min: 2, max: 9 }) }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(fc.nat(600), fc.nat(40)),
      fc.constantFrom(1, 3, 1_000),
      fc.array(step, { maxLength: 10 }),
      async (counts, spread, steps) => {
        const t = newBackend();
        for (const [i, owner] of owners.entries()) await old(t, owner, counts[i]!, (n) => 1_000 + (n % spread));
        let now = 5_000;
        for (const todo of steps)
          await t.run(async (ctx) => {
            now += 10;
            await perform(ctx, todo, now);
          });
        await migrate(t);
        await checkAll(t, owners);
      },
    ),
    { numRuns: 25 },
  );

  type Step =
    | { owner: number; kind: "count" }
    | { owner: number; kind: "create"; count: number }
    | { owner: number; kind: "move"; count: number }
    | { owner: number; kind: "touch"; stride: number; status: Status | null }
    | { owner: number; kind: "delete"; stride: number };
  async function perform(ctx: MutationCtx, todo: Step, now: number): Promise<void> {
    const [owner, other] = [owners[todo.owner]!, owners[1 - todo.owner]!];
    if (todo.kind === "count") return void (await countUncounted(ctx, owner));
    const own = await draftsOf(ctx, owner);
    const moves: Move[] = [];
    if (todo.kind === "create")
      for (let n = 0; n < todo.count; n++)
        moves.push({ before: null, after: await insert(ctx, owner, STATUSES[n % 4]!, n % 3 === 0 ? 900 + n : now) });
    else if (todo.kind === "move")
      for (const draft of own.slice(0, todo.count)) moves.push(await change(ctx, draft, { owner: other }));
    else
      for (const draft of own.filter((_, n) => n % todo.stride === 0)) {
        if (todo.kind === "touch")
          moves.push(await change(ctx, draft, { updatedAt: now, status: todo.status ?? draft.status }));
        else {
          await ctx.db.delete("valuationDrafts", draft._id);
          moves.push({ before: draft, after: null });
        }
      }
    await recordMoves(ctx, moves);
  }
});

test.each([true, false])("an old guest's drafts move with a claim (counted before: %s)", async (isCounted) => {
  const t = backend();
  const headers = await createGuest(t);
  const owner = toGuestOwner(await hashSha256(headers["X-Guest-Session-Id"]!));
  await old(t, owner, 8);
  const ada = await signedInUser(t);
  await old(t, `user/${ada.user._id}`, 4);
  if (isCounted) await migrate(t);
  const claimed = await send(t, "POST", "/api/sessions/claim", { ...headers, ...ada.headers });
  expect(claimed.body).toEqual({ success: true, migrated_count: 8 });
  await t.finishAllScheduledFunctions(vi.runAllTimers);
  await migrate(t);
  expect((await send(t, "GET", "/api/sessions?limit=1", ada.headers)).body.total).toBe(9);
  await checkAll(t, [owner, `user/${ada.user._id}`]);
});

test("an old owner who goes on before the count has reached them is counted by themselves", async () => {
  const t = backend();
  const headers = await createGuest(t);
  await old(t, toGuestOwner(await hashSha256(headers["X-Guest-Session-Id"]!)), 8);
  await send(t, "POST", "/api/sessions", headers, { report_id: "new" });
  await t.finishAllScheduledFunctions(vi.runAllTimers);
  expect((await send(t, "GET", "/api/sessions?limit=1", headers)).body.total).toBe(7);
});
