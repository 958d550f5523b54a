/**
 * Random histories of the outbox against a real database: sessions start, end and are corrected while deliveries fail,
 * die before or after they wrote, come late, and run beside each other. Afterwards the store holds exactly what a
 * simple model says, and each session was paid once.
 */
import fc from "fast-check";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { internal } from "../../convex/_generated/api";
import { newBackend, type T } from "../../convex/setup.testing";
import { resultsOf } from "../../convex/store/delivery/run";
import { enqueue, getNextPlace } from "../../convex/store/queue/entries";
import { type CompletePayload, type Delivery, type Outcome, type StorePayload } from "../../convex/store/payload";
import { connect, disconnect, type Database } from "../../convex/store/adapters/postgres/connect";
import { writeBatch } from "../../convex/store/adapters/postgres/write";
import { CLAIM_MS, MAX_ATTEMPTS } from "../../convex/store/rules";
import { NO_XP, STARTED_AT, USERS, complete, databases, register, type TestDatabase } from "./testing";
import { DIMENSIONS, lifeLevel, totalOf } from "../../convex/xp/amounts";

type Command =
  | { do: "start" | "end"; session: number; xp: number }
  | { do: "pass"; ms: number }
  | {
      do: "deliver";
      fate: "ok" | "unreachable" | "rejected" | "dies before writing" | "dies after writing" | "settles late";
    }
  | { do: "late settle" }
  | { do: "stalled write" };

const SESSIONS = 2;
const RUNS = Number(process.env.PROPERTY_RUNS ?? 60);
const session = fc.nat(SESSIONS - 1);
const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("start" as const), session, xp: fc.constant(0) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant("end" as const), session, xp: fc.nat(50_000) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("pass" as const),
      ms: fc.constantFrom(-600_000, 1, 1_500, 7_000, CLAIM_MS + 1, 700_000),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("deliver" as const),
      fate: fc.constantFrom(
        "ok",
        "ok",
        "unreachable",
        "rejected",
        "dies before writing",
        "dies before writing",
        "dies after writing",
        "settles late",
      ),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ do: "late settle" as const }) },
  { weight: 4, arbitrary: fc.constant({ do: "stalled write" as const }) },
);

let database: TestDatabase;
let db: Database;
let client: pg.Client;

beforeAll(async () => {
  database = await databases[0]!.open();
  db = await connect(database.url);
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await disconnect();
  await database.close();
});
beforeEach(() => {
  // The clock is the test's; jobs of the scheduler never start by themselves, the test is the drain.
  vi.useFakeTimers({ toFake: ["setTimeout", "Date"] });
  vi.stubEnv("PERMANENT_STORE_URL", database.url);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

class World {
  readonly t: T = newBackend();
  /** The last word on each session. */
  readonly expected = new Map<string, CompletePayload | "active">();
  readonly #sequences = new Map<string, number>();
  readonly #inFlight: { token: string; claim: string; deliveries: Delivery[]; outcomes: Outcome[] }[] = [];
  readonly #stalled: Delivery[][] = [];

  async run(step: Command): Promise<void> {
    switch (step.do) {
      case "start": {
        const id = `session${step.session}`;
        if (this.expected.has(id)) return;
        this.expected.set(id, "active");
        return await this.#enqueue(register(id, { userId: userOf(step.session), goal: goalOf(step.session) }));
      }
      case "end": {
        const id = `session${step.session}`;
        const payload = complete(id, {
          userId: userOf(step.session),
          goal: goalOf(step.session),
          endedAt: STARTED_AT + 1_000 + step.xp,
          xp: { ...NO_XP, [DIMENSIONS[step.xp % 5]!]: step.xp, social: step.xp % 7 },
        });
        this.expected.set(id, payload);
        return await this.#enqueue(payload);
      }
      case "pass":
        // Also backwards: clocks are corrected.
        vi.setSystemTime(Date.now() + step.ms);
        return;
      case "deliver":
        return await this.#deliver(step.fate);
      case "late settle": {
        const late = this.#inFlight.shift();
        if (late !== undefined) await this.#settle(late.token, late.claim, late.deliveries, late.outcomes);
        return;
      }
      case "stalled write": {
        const late = this.#stalled.shift();
        if (late !== undefined) await writeBatch(db, late, []);
      }
    }
  }

  async #enqueue(payload: StorePayload): Promise<void> {
    const id = payload.sessionId;
    const last = this.#sequences.get(id) ?? 0;
    const { sequence } = await this.t.run(async (ctx) => {
      const place = await getNextPlace(ctx, last);
      await enqueue(ctx, payload, place);
      return { sequence: place.sequence };
    });
    expect(sequence).toBeGreaterThan(last);
    this.#sequences.set(id, sequence);
  }

  async #deliver(fate: Extract<Command, { do: "deliver" }>["fate"]): Promise<void> {
    const work = await this.#claim();
    if (work === null) return;
    const { token, claim, deliveries } = work;
    if (fate === "dies before writing") return void this.#stalled.push(deliveries);
    if (fate === "unreachable" || fate === "rejected") {
      const failure = { kind: "failed", error: fate, cause: fate } as const;
      return await this.#settle(
        token,
        claim,
        deliveries,
        deliveries.map(() => failure),
      );
    }
    const outcomes = await writeBatch(db, deliveries, []);
    expect(outcomes.every(({ kind }) => kind === "delivered")).toBe(true);
    if (fate === "settles late") this.#inFlight.push({ token, claim, deliveries, outcomes });
    else if (fate === "ok") await this.#settle(token, claim, deliveries, outcomes);
  }

  async #claim() {
    await this.t.mutation(internal.store.drain.tick, {});
    const state = await this.t.run(async (ctx) => (await ctx.db.query("storeDrains").unique())?.state);
    if (state?.kind !== "scheduled" || state.dueAt > Date.now()) return null;
    const work = await this.t.mutation(internal.store.drain.claim, { token: state.token });
    return work && { token: state.token, ...work };
  }

  async #settle(token: string, claim: string, deliveries: Delivery[], outcomes: Outcome[]): Promise<void> {
    const results = resultsOf(deliveries, outcomes);
    const goOn = await this.t.mutation(internal.store.drain.settle, { token, claim, ...results });
    if (goOn) await this.t.mutation(internal.store.drain.handOver, { token });
  }

  async #unstall(): Promise<void> {
    for (const late of this.#stalled.splice(0)) await writeBatch(db, late, []);
  }

  /** The store is well again: everything is delivered, failed rows by replay. */
  async recover(): Promise<void> {
    for (let round = 0; round < 200; round++) {
      const rows = await this.t.run((ctx) => ctx.db.query("storeOutbox").collect());
      // The batches that hung all the while come last.
      if (rows.length === 0) return await this.#unstall();
      for (const { _id, state, attempts } of rows) {
        expect(attempts).toBeLessThanOrEqual(MAX_ATTEMPTS);
        if (state.kind !== "failed") continue;
        await this.t.run(async (ctx) => await (await import("../../convex/store/queue/entries")).replayEntry(ctx, _id));
      }
      vi.setSystemTime(Date.now() + CLAIM_MS + 1);
      await this.#deliver("ok");
    }
    throw new Error("The outbox did not become empty.");
  }
}

const userOf = (index: number): string => USERS[index % 2]!;
const goalOf = (index: number) => ({ ...register("x").goal, id: USERS[index % 2]! });

test(
  "whatever happens to deliveries, the store ends with what happened to the sessions, paid once",
  async () => {
    let claimed = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 40 }), async (history) => {
        await client.query("TRUNCATE users, activities CASCADE");
        vi.setSystemTime(STARTED_AT);
        const world = new World();
        for (const step of history) await world.run(step);
        await world.recover();
        claimed += world.expected.size;

        const { rows: sessions } = await client.query<{ id: string; status: string; xp: number }>(
          "SELECT id, status, xp_total::int AS xp FROM sessions ORDER BY id",
        );
        expect(sessions).toEqual(
          [...world.expected]
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([id, last]) =>
              last === "active" ? { id, status: "active", xp: 0 } : { id, status: "completed", xp: totalOf(last.xp) },
            ),
        );
        const paid = [...world.expected.values()].filter((last) => last !== "active");
        for (const userId of USERS) {
          const own = paid.filter((payload) => payload.userId === userId);
          const total = own.reduce((sum, { xp }) => sum + totalOf(xp), 0);
          const { rows } = await client.query("SELECT xp_total::int, life_level FROM life_levels WHERE user_id = $1", [
            userId,
          ]);
          expect(rows).toEqual(own.length === 0 ? [] : [{ xp_total: total, life_level: lifeLevel(total) }]);
          const ledger = await client.query("SELECT count(*)::int AS n FROM xp_ledger WHERE user_id = $1", [userId]);
          expect(ledger.rows).toEqual([{ n: own.length }]);
        }
      }),
      { numRuns: RUNS },
    );
    expect(claimed).toBeGreaterThan(60);
  },
  60_000 + 1_000 * RUNS,
);
