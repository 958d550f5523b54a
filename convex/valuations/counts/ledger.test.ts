import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { MutationCtx } from "../../_generated/server";
import { newBackend } from "../../setup.testing";
import { closeLedger, countDrafts, recordMoves, BLOCK_MAX, countTotal, type Move } from "./ledger";
import { change, check, draftsOf, insert } from "./ledger.testing";
import { listDrafts } from "../drafts/lists";
import type { Status } from "../rules";
import { NO_DRAFTS } from "../tables";

const STATUSES: Status[] = ["IN_PROGRESS", "COMPLETED", "ARCHIVED", "DELETED"];

/** Pages are what sorting all drafts would give. */
async function checkPages(ctx: MutationCtx, owners: string[], offsets: number[], limit: number): Promise<void> {
  for (const status of [null, ...STATUSES] as (Status | null)[]) {
    const all = (await ctx.db.query("valuationDrafts").collect())
      .filter(
        (draft) =>
          owners.includes(draft.owner) && draft.status !== "DELETED" && (status === null || draft.status === status),
      )
      .sort((a, b) => b.updatedAt - a.updatedAt || b._creationTime - a._creationTime);
    if (status !== "DELETED") expect(await countDrafts(ctx, owners, status)).toBe(all.length);
    for (const offset of offsets) {
      const { drafts, total } = await listDrafts(ctx, owners, { status, offset, limit });
      expect(total).toBe(all.length);
      expect(drafts.map(({ reportId }) => reportId)).toEqual(
        all.slice(offset, offset + limit).map(({ reportId }) => reportId),
      );
    }
  }
}

const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("fill" as const),
      owner: fc.nat(1),
      count: fc.integer({ min: 1, max: 250 }),
      spread: fc.constantFrom(0, 1, 40, 100_000),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("touch" as const),
      owner: fc.nat(1),
      count: fc.integer({ min: 1, max: 120 }),
      stride: fc.integer({ min: 1, max: 7 }),
      status: fc.constantFrom(...STATUSES, null),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("move" as const),
      owner: fc.nat(1),
      count: fc.integer({ min: 1, max: 150 }),
    }),
  },
);

test("whatever happens to drafts, blocks and totals hold what is there, and pages are in order", async () => {
  let most = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 4, maxLength: 14 }),
      fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 2, maxLength: 4 }),
      async (steps, offsets) => {
        const t = newBackend();
        const owners = ["user/a", "guest/b"];
        let now = 1_000_000;
        for (const todo of steps) {
          const owner = owners[todo.owner]!;
          await t.run(async (ctx) => {
            const moves: Move[] = [];
            const own = (await draftsOf(ctx, owner)).sort((a, b) => a.updatedAt - b.updatedAt);
            if (todo.kind === "fill") {
              for (let i = 0; i < todo.count; i++)
                moves.push({
                  before: null,
                  after: await insert(ctx, owner, STATUSES[(i * 5) % 4]!, now - ((i * 7_919) % (todo.spread + 1))),
                });
            } else if (todo.kind === "touch") {
              for (let i = 0; i < Math.min(todo.count, Math.floor(own.length / todo.stride)); i++) {
                const draft = own[i * todo.stride]!;
                moves.push(await change(ctx, draft, { updatedAt: (now += 3), status: todo.status ?? draft.status }));
              }
            } else
              for (const draft of own.slice(0, todo.count))
                moves.push(await change(ctx, draft, { owner: owners[1 - todo.owner]! }));
            now += 500;
            await recordMoves(ctx, moves);
            for (const name of owners) most = Math.max(most, (await check(ctx, name)).shelves);
          });
        }
        await t.run(async (ctx) => {
          await checkPages(ctx, owners, [0, BLOCK_MAX + 1, ...offsets], 20);
          await checkPages(ctx, owners.slice(0, 1), offsets, 7);
        });
      },
    ),
    // Chance alone may leave everything in a block or two.
    {
      numRuns: 8,
      examples: [
        [
          Array.from({ length: 4 }, () => ({ kind: "fill" as const, owner: 0, count: 250, spread: 100_000 as const })),
          [150, 700],
        ],
      ],
    },
  );
  expect(most).toBeGreaterThan(2);
});

describe("blocks", () => {
  const fill = async (ctx: MutationCtx, count: number, time: (i: number) => number) => {
    for (let i = 0; i < count; i++)
      await recordMoves(ctx, [{ before: null, after: await insert(ctx, "user/a", "IN_PROGRESS", time(i)) }]);
  };
  const sizes = async (ctx: MutationCtx) =>
    (await ctx.db.query("draftRacks").collect()).flatMap(({ shelves }) =>
      shelves.map(({ counts }) => countTotal(counts)),
    );

  test("stay within their size, however drafts come in", async () => {
    for (const time of [(i: number) => i, (i: number) => -i, (i: number) => (i * 7_919) % 1_000])
      await newBackend().run(async (ctx) => {
        await fill(ctx, 700, time);
        await check(ctx, "user/a");
        expect(Math.max(...(await sizes(ctx)))).toBeLessThanOrEqual(BLOCK_MAX);
        expect((await sizes(ctx)).length).toBeLessThan(30);
      });
  });

  test("of one time cannot be parted, and hold all the same", async () => {
    await newBackend().run(async (ctx) => {
      await fill(ctx, 300, () => 5);
      await check(ctx, "user/a");
      await fill(ctx, 40, () => 6);
      await check(ctx, "user/a");
      await checkPages(ctx, ["user/a"], [0, 39, 40, 41, 200, 339, 340], 20);
    });
  });

  test("of many drafts are kept in several rows, which come and go with them", async () => {
    const t = newBackend();
    const rows = () => t.run(async (ctx) => (await ctx.db.query("draftRacks").collect()).length);
    for (let i = 0; i < 2_250; i += 750)
      await t.run(async (ctx) => {
        const moves: Move[] = [];
        // Half of them come in order, half in between.
        for (let n = i; n < i + 750; n++)
          moves.push({
            before: null,
            after: await insert(ctx, "user/a", STATUSES[n % 3]!, n % 2 ? n : (n * 7_919) % 2_250),
          });
        await recordMoves(ctx, moves);
      });
    expect(await rows()).toBeGreaterThan(1);
    await t.run(async (ctx) => {
      await check(ctx, "user/a");
      await checkPages(ctx, ["user/a"], [200, 1_500, 2_240], 20);
    });
    for (let i = 0; i < 2_250; i += 750)
      await t.run(async (ctx) => {
        const oldest = (await draftsOf(ctx, "user/a")).sort((a, b) => a.updatedAt - b.updatedAt).slice(0, 750);
        const moves: Move[] = [];
        for (const draft of oldest) moves.push(await change(ctx, draft, { status: "DELETED" }));
        for (const draft of oldest) await ctx.db.delete("valuationDrafts", draft._id);
        await recordMoves(
          ctx,
          moves.map(({ before }) => ({ before, after: null })),
        );
        await check(ctx, "user/a");
      });
    expect(await rows()).toBe(1);
  });

  test("join as they empty, and leave with the last draft", async () => {
    await newBackend().run(async (ctx) => {
      await fill(ctx, 600, (i) => i);
      const before = (await sizes(ctx)).length;
      const drafts = await draftsOf(ctx, "user/a");
      for (const draft of drafts.slice(0, 560))
        await recordMoves(ctx, [await change(ctx, draft, { status: "DELETED" })]);
      await check(ctx, "user/a");
      expect((await sizes(ctx)).length).toBeLessThan(before / 2);
      for (const draft of await draftsOf(ctx, "user/a")) {
        await ctx.db.delete("valuationDrafts", draft._id);
        await recordMoves(ctx, [{ before: draft, after: null }]);
      }
      expect((await ctx.db.query("draftLedgers").unique())?.counts).toEqual(NO_DRAFTS);
      await closeLedger(ctx, "user/a");
      expect(await sizes(ctx)).toEqual([]);
    });
  });

  test("a draft at the head that is changed again writes nothing", async () => {
    await newBackend().run(async (ctx) => {
      await fill(ctx, 3, (i) => i);
      const [draft] = await draftsOf(ctx, "user/a");
      const refuse = () => Promise.reject(new Error("written"));
      const db = { ...ctx.db, query: ctx.db.query.bind(ctx.db), patch: refuse, insert: refuse, delete: refuse };
      await recordMoves({ ...ctx, db: db as typeof ctx.db }, [{ before: draft!, after: { ...draft!, updatedAt: 99 } }]);
      await expect(
        recordMoves({ ...ctx, db: db as typeof ctx.db }, [
          { before: draft!, after: { ...draft!, status: "COMPLETED" } },
        ]),
      ).rejects.toThrow("written");
    });
  });
});
