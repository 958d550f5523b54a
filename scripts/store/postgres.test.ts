import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Delivery, StorePayload } from "../../convex/store/payload";
import { connect, disconnect, type Database } from "../../convex/store/adapters/postgres/connect";
import { migrate } from "../../convex/store/adapters/postgres/migrate";
import { migrations } from "../../convex/store/adapters/postgres/migrations";
import { pageEndedSessions, readBusinessCard, totalsByUser } from "../../convex/store/adapters/postgres/read";
import { writeBatch, writeBusinessCards } from "../../convex/store/adapters/postgres/write";
import { NO_XP, STARTED_AT, USERS, complete, databases, register, type TestDatabase } from "./testing";
import { lifeLevel } from "../../convex/xp/amounts";

const DELIVERED = { kind: "delivered" };

describe.each(databases)("on the $name", ({ open }) => {
  let database: TestDatabase;
  let db: Database;
  let client: pg.Client;
  let sequence = 0;

  beforeAll(async () => {
    database = await open();
    db = await connect(database.url);
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await disconnect();
    await database.close();
  });
  beforeEach(() => void (sequence = 0));
  afterEach(() => client.query("TRUNCATE users, activities, business_cards CASCADE"));

  const delivery = (payload: StorePayload, at = ++sequence) =>
    ({ id: `row${at}`, sequence: at, payload }) as unknown as Delivery;
  const write = (...payloads: StorePayload[]) =>
    writeBatch(
      db,
      payloads.map((payload) => delivery(payload)),
      [],
    );
  const rows = async (sql: string) => (await client.query<Record<string, unknown>>(sql)).rows;
  const session = async () => (await rows("SELECT * FROM sessions"))[0];
  const totals = () => rows("SELECT user_id, xp_total::int, life_level FROM life_levels ORDER BY user_id");

  test("migrations apply once, however many start at the same time, and again change nothing", async () => {
    const empty = await open();
    const starters = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const starter = new pg.Client({ connectionString: empty.url });
        await starter.connect();
        return starter;
      }),
    );
    const state = async () =>
      (await starters[0]!.query<Record<string, unknown>>("SELECT * FROM store_migrations")).rows;
    await Promise.all(starters.map((starter) => migrate(starter)));
    const applied = await state();
    expect(applied).toMatchObject(migrations.map(({ name }) => ({ name })));
    await migrate(starters[1]!);
    expect(await state()).toEqual(applied);
    await Promise.all(starters.map((starter) => starter.end()));
    await empty.close();
  });

  test("a store of a newer version is refused", async () => {
    await expect(migrate(client, [])).rejects.toThrow(/migrations this version does not know: 0000_initial/);
  });

  test("a session is registered, then completed, with its ledger and level", async () => {
    expect(await write(register("s1"), complete("s1"))).toEqual([DELIVERED, DELIVERED]);
    expect(await session()).toMatchObject({
      id: "s1",
      user_id: USERS[0],
      status: "completed",
      started_at: new Date(STARTED_AT),
      ended_at: new Date(STARTED_AT + 3_600_000),
      total_duration_seconds: "3600",
      focused_duration_seconds: "3200",
      xp_total: "28000",
      completed_reason: "manual",
      device_platform: "web",
    });
    expect(await rows("SELECT session_id, xp_physique::int, xp_total::int FROM xp_ledger")).toEqual([
      { session_id: "s1", xp_physique: 16_000, xp_total: 28_000 },
    ]);
    expect(await totals()).toEqual([{ user_id: USERS[0], xp_total: 28_000, life_level: lifeLevel(28_000) }]);
    expect(await rows("SELECT title, category_name FROM goals")).toEqual([
      { title: "Learn to paint", category_name: "Art" },
    ]);
  });

  test("a completion that arrives first creates the row, and the register that follows leaves it", async () => {
    const late = delivery(register("s1"));
    await write(complete("s1"));
    expect(await writeBatch(db, [late], [])).toEqual([DELIVERED]);
    await write(register("s1"));
    expect(await session()).toMatchObject({ status: "completed", xp_total: "28000" });
  });

  test("repeats change nothing, not even the time of change", async () => {
    await write(complete("s1"));
    const everything = async () => ({
      session: { ...(await session()), sync_sequence: null },
      ledger: await rows("SELECT * FROM xp_ledger"),
      level: await rows("SELECT * FROM life_levels"),
    });
    const before = await everything();
    expect(await write(complete("s1"), complete("s1"))).toEqual([DELIVERED, DELIVERED]);
    expect(await everything()).toEqual(before);
  });

  test("corrected totals replace the session's entry and move the user's by the difference", async () => {
    await write(complete("s1"), complete("s2"));
    await write(complete("s1", { xp: { ...NO_XP, logic: 1_000 }, completedReason: "abandoned" }));
    expect(await totals()).toEqual([{ user_id: USERS[0], xp_total: 29_000, life_level: lifeLevel(29_000) }]);
    expect(await rows("SELECT xp_physique::int, xp_logic::int FROM life_levels")).toEqual([
      { xp_physique: 16_000, xp_logic: 1_000 },
    ]);
    expect(await rows("SELECT status FROM sessions WHERE id = 's1'")).toEqual([{ status: "abandoned" }]);
  });

  test("an entry older than what is stored changes nothing", async () => {
    const stalled = delivery(complete("s1"));
    await write(complete("s1", { xp: { ...NO_XP, social: 5 } }));
    expect(await writeBatch(db, [stalled], [])).toEqual([DELIVERED]);
    expect(await totals()).toMatchObject([{ xp_total: 5 }]);
  });

  test("an entry the database refuses takes no other with it, and holds up its own session only", async () => {
    const outcomes = await write(
      register("good"),
      register("bad", { devicePlatform: "longer than ten" }),
      complete("bad"),
      complete("good"),
    );
    expect(outcomes).toMatchObject([DELIVERED, { kind: "failed", cause: "rejected" }, { kind: "skipped" }, DELIVERED]);
    expect(outcomes[1]).toMatchObject({ error: "value too long for type character varying(10)" });
    expect(await rows("SELECT id, status FROM sessions")).toEqual([{ id: "good", status: "completed" }]);
  });

  test("of a large batch only what the database refuses stays out, wherever it stands", async () => {
    const ids = Array.from({ length: 60 }, (_, i) => `s${i}`);
    const bad = new Set(["s0", "s17", "s18", "s59"]);
    const platform = (id: string) => ({ devicePlatform: bad.has(id) ? "longer than ten" : "web" });
    const outcomes = await write(
      ...ids.map((id) => register(id, platform(id))),
      ...ids.map((id) => complete(id)),
      ...ids.map((id) => complete(id, { xp: { ...NO_XP, logic: 100 } })),
    );
    expect(outcomes.map(({ kind }) => kind)).toEqual([
      ...ids.map((id) => (bad.has(id) ? "failed" : "delivered")),
      ...ids.map((id) => (bad.has(id) ? "skipped" : "delivered")),
      ...ids.map((id) => (bad.has(id) ? "skipped" : "delivered")),
    ]);
    expect(await totals()).toMatchObject([{ xp_total: 56 * 100 }]);
    expect(await rows("SELECT count(*)::int AS n FROM sessions WHERE status = 'completed'")).toEqual([{ n: 56 }]);
  });

  test("of several entries about one goal the newest counts, and text is stored as well as it can be", async () => {
    const { goal } = complete("x");
    const [newer, older] = [
      delivery(complete("s1", { goal: { ...goal, title: "New", daysCompleted: 4 } }), 20),
      delivery(complete("s2", { goal: { ...goal, title: "Old", daysCompleted: 3 } }), 10),
    ];
    expect(await writeBatch(db, [newer, older], [])).toEqual([DELIVERED, DELIVERED]);
    expect(await rows("SELECT title, days_completed FROM goals")).toEqual([{ title: "New", days_completed: 4 }]);
    const halved = delivery(complete("s3", { activity: { ...complete("x").activity, name: "half \ud83c" } }), 30);
    expect(await writeBatch(db, [halved], [])).toEqual([DELIVERED]);
    expect(await rows("SELECT name FROM activities")).toEqual([{ name: "half \ufffd" }]);
  });

  test("users' first totals and further ones move in the same batch, each by their own", async () => {
    const theirs = { userId: USERS[1], goal: { ...complete("x").goal, id: USERS[1] } };
    await write(complete("s1"));
    await write(complete("s1", { xp: NO_XP }), complete("s2"), complete("t1", theirs), complete("t2", theirs));
    expect(await totals()).toEqual([
      { user_id: USERS[0], xp_total: 28_000, life_level: lifeLevel(28_000) },
      { user_id: USERS[1], xp_total: 56_000, life_level: lifeLevel(56_000) },
    ]);
  });

  test("a session of somebody else is refused", async () => {
    await write(complete("s1"));
    expect(await write(complete("s1", { userId: USERS[1] }))).toMatchObject([
      { kind: "failed", error: "The session belongs to another user.", cause: "rejected" },
    ]);
    expect(await totals()).toMatchObject([{ user_id: USERS[0], xp_total: 28_000 }]);
  });

  test("two deliveries of the same entries at once count once", async () => {
    const batch = Array.from({ length: 10 }, (_, i) => delivery(complete(`s${i}`)));
    await Promise.all([writeBatch(db, batch, []), writeBatch(db, batch, []), writeBatch(db, batch, [])]);
    expect(await totals()).toMatchObject([{ xp_total: 280_000, life_level: 6 }]);
    expect(await rows("SELECT count(*)::int AS n FROM xp_ledger")).toEqual([{ n: 10 }]);
  });

  test("the database computes the same levels as the rule", async () => {
    const edges = [0, 9_999, 10_000, 39_999, 40_000, 28_000, 999_999, 1_000_000, 99_999_999, 100_000_000];
    for (const total of edges) {
      await write(complete("s1", { xp: { ...NO_XP, energy: total } }));
      expect((await totals())[0]).toMatchObject({ xp_total: total, life_level: lifeLevel(total) });
    }
  });

  test("history pages newest first without gaps or overlaps, ties included", async () => {
    const ended = Array.from({ length: 12 }, (_, i) =>
      complete(`s${i}`, { startedAt: STARTED_AT + Math.floor(i / 3) * 1_000 }),
    );
    await write(
      ...ended,
      register("running"),
      complete("other", { userId: USERS[1], goal: { ...complete("x").goal, id: USERS[1] } }),
    );
    const goalId = ended[0]!.goal.id;
    const seen: string[] = [];
    let before: { startedAt: number; sessionId: string } | null = null;
    for (;;) {
      const page = await pageEndedSessions(db, { goalId, before, limit: 5 });
      seen.push(...page.map(({ sessionId }) => sessionId));
      const last = page.at(-1);
      if (page.length < 5 || last === undefined) break;
      before = last;
    }
    const expected = ended
      .sort((a, b) => b.startedAt - a.startedAt || (a.sessionId < b.sessionId ? 1 : -1))
      .map(({ sessionId }) => sessionId);
    expect(seen).toEqual(expected);
    const [newest] = await pageEndedSessions(db, { goalId: USERS[1], before: null, limit: 5 });
    expect(newest).toMatchObject({
      sessionId: "other",
      startedAt: STARTED_AT,
      endedAt: STARTED_AT + 3_600_000,
      xp: { physique: 16_000, creativity: 8_000 },
      activity: { name: "Sketching", emoji: "✏️" },
    });
  });

  test("totals by user cover exactly the time asked for", async () => {
    await write(
      complete("early", { endedAt: STARTED_AT - 1 }),
      complete("first", { endedAt: STARTED_AT }),
      complete("last", { endedAt: STARTED_AT + 999 }),
      complete("late", { endedAt: STARTED_AT + 1_000 }),
      complete("theirs", {
        userId: USERS[1],
        endedAt: STARTED_AT,
        goal: { ...complete("x").goal, id: USERS[1] },
      }),
    );
    const range = { from: STARTED_AT, to: STARTED_AT + 1_000 };
    const all = await totalsByUser(db, { ...range, afterUserId: null, limit: 10 });
    expect(all.map(({ userId, count }) => [userId, count])).toEqual([
      [USERS[0], 2],
      [USERS[1], 1],
    ]);
    expect(all[0]?.xp.physique).toBe(32_000);
    expect(await totalsByUser(db, { ...range, afterUserId: USERS[0], limit: 10 })).toEqual(all.slice(1));
    expect(await totalsByUser(db, { ...range, afterUserId: null, limit: 1 })).toEqual(all.slice(0, 1));
  });

  test("business cards are read by token, and an import again replaces them", async () => {
    const card = {
      companyName: "Bäckerei Sønne",
      industry: "Food",
      businessTypeId: null,
      countryCode: "DE",
      description: null,
      city: "Kiel",
      businessHighlights: null,
      reasonForSelling: null,
      revenue: 1234.5,
      employeeCount: 7,
      foundingYear: 1987,
    };
    await writeBusinessCards(db, [{ token: "t1", ...card, revenue: null }]);
    await writeBusinessCards(db, [{ token: "t1", ...card }]);
    expect(await readBusinessCard(db, "t1")).toEqual(card);
    expect(await readBusinessCard(db, "t2")).toBeNull();
  });

  test("deleting a user takes sessions, ledger and level along", async () => {
    await write(complete("s1"));
    await client.query("DELETE FROM users");
    expect(
      await rows("SELECT 1 FROM sessions UNION ALL SELECT 1 FROM xp_ledger UNION ALL SELECT 1 FROM life_levels"),
    ).toEqual([]);
  });
});

test("a store that is not there fails as a whole, without a word of the password", async () => {
  await expect(connect("postgres://someone:secret-word@127.0.0.1:4599/none")).rejects.toThrow(/ECONNREFUSED/);
  await disconnect();
});

test("the embedded migrations are those of the SQL files", async () => {
  const { readFileSync } = await import("node:fs");
  const { EMBEDDED, embed } = await import("./generate-migrations");
  expect(readFileSync(EMBEDDED, "utf8")).toBe(embed());
});
