import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { api } from "../_generated/api";
import type { Id } from "../_generated/dataModel";
import { signedInUser } from "../setup.testing";
import { DRAWING, NOON, RUNNING, send, stopTheClock, withGoal, withSession, some, type Setting } from "./focus.testing";
import { decodePlace, encodePlace, mergePages } from "./history/pages";
import type { HistoryItem } from "./shapes";
import { storePort } from "./storePort";
import { zeros } from "../xp/amounts";

beforeEach(() => stopTheClock());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

/** Ended sessions of Ada's goal that started so many minutes before noon. */
async function ended({ t, ada, goalId }: Setting, minutesAgo: number[]): Promise<Id<"focusSessions">[]> {
  return await t.run(async (ctx) => {
    const goal = await ctx.db
      .query("goals")
      .withIndex("by_uuid", (q) => q.eq("uuid", goalId))
      .unique();
    const ids = [];
    for (const [index, minutes] of minutesAgo.entries())
      ids.push(
        await ctx.db.insert("focusSessions", {
          userId: ada.user._id,
          goalId: goal!._id,
          activity: { id: DRAWING, name: "Drawing", emoji: "🎨" },
          startedAt: NOON - minutes * 60_000,
          devicePlatform: null,
          externalId: `session ${index}`,
          measured: true,
          timeZone: "UTC",
          syncSequence: 0,
          state: {
            kind: "ended",
            endedAt: NOON - minutes * 60_000 + 30_000,
            reason: "manual",
            totalSeconds: 30,
            focusedSeconds: 20,
            xp: { ...zeros(), creativity: 100 },
          },
        }),
      );
    return ids;
  });
}

type Body = { results: { id: string; started_at: string }[]; next: string | null };
const page = async ({ t, ada, goalId }: Setting, query = "") => {
  const { status, body } = await send(t, "GET", `/api/v1/goals/${goalId}/sessions/${query}`, ada.headers);
  return { status, body: body as Body & { fields?: object } };
};

describe("5.6 over REST", () => {
  test("the documented shape", async () => {
    const running = await withSession();
    vi.advanceTimersByTime(40_000);
    await running.ada.as.mutation(api.focus.sessions.complete, { sessionId: running.sessionId });
    const { status, body } = await page(running);
    expect(status).toBe(200);
    expect(body).toEqual({
      results: [
        {
          id: running.sessionId,
          started_at: "2026-03-10T12:00:00.000Z",
          ended_at: "2026-03-10T12:00:40.000Z",
          total_duration_seconds: 40,
          focused_duration_seconds: 40,
          xp_total: some(Number),
          xp_physique: some(Number),
          xp_energy: some(Number),
          xp_logic: some(Number),
          xp_creativity: some(Number),
          xp_social: some(Number),
          completed_reason: "manual",
          activity: { id: DRAWING, name: "Drawing", emoji: "🎨" },
        },
      ],
      next: null,
    });
  });

  test("newest first, 50 to a page, every session once, through sessions that started together", async () => {
    const setting = await withGoal();
    await ended(
      setting,
      Array.from({ length: 120 }, (_, index) => Math.floor(index / 7)),
    );
    const first = await page(setting);
    expect(first.body.results).toHaveLength(50);
    for (const limit of [1, 3, 49, 100]) {
      const seen: string[] = [];
      let next: string | null = null;
      do {
        const { body } = await page(setting, `?limit=${limit}${next === null ? "" : `&cursor=${next}`}`);
        expect(body.results.length).toBeLessThanOrEqual(limit);
        seen.push(...body.results.map(({ id, started_at }) => `${started_at} ${id}`));
        next = body.next;
      } while (next !== null);
      expect(seen).toHaveLength(120);
      expect(seen).toEqual([...seen].sort().reverse());
    }
  });

  test("running and registered sessions and those of other goals are not part of it", async () => {
    const running = await withSession();
    await send(running.t, "POST", "/api/v1/sessions/", running.ada.headers, {
      session_id: "elsewhere",
      user_id: running.ada.user.uuid,
      goal_id: running.goalId,
      activity_id: RUNNING,
      status: "active",
      started_at: "2026-03-10T09:30:00Z",
    });
    expect((await page(running)).body).toEqual({ results: [], next: null });
  });

  test.each(["?limit=0", "?limit=101", "?limit=many", "?limit=-1", "?cursor=", "?cursor=%C3%A4", "?cursor=WzEsMl0"])(
    "400 for %s",
    async (query) => {
      const { status, body } = await page(await withGoal(), query);
      expect(status).toBe(400);
      expect(Object.keys(body.fields!)).toEqual([query.slice(1).split("=")[0]]);
    },
  );

  test("404 to strangers, 401 to nobody, unknown parameters are ignored", async () => {
    const setting = await withGoal();
    const stranger = await signedInUser(setting.t);
    expect((await page({ ...setting, ada: stranger })).status).toBe(404);
    expect((await send(setting.t, "GET", `/api/v1/goals/${setting.goalId}/sessions/`, {})).status).toBe(401);
    expect((await page(setting, "?offset=7")).status).toBe(200);
  });
});

test("live history pages through the same sessions", async () => {
  const setting = await withGoal();
  await ended(setting, [3, 1, 2]);
  const { ada, goalId } = setting;
  const first = await ada.as.query(api.focus.sessions.history, {
    goalId,
    paginationOpts: { numItems: 2, cursor: null },
  });
  expect(first.page.map(({ id }) => id)).toEqual(["session 1", "session 2"]);
  const second = await ada.as.query(api.focus.sessions.history, {
    goalId,
    paginationOpts: { numItems: 2, cursor: first.continueCursor },
  });
  expect(second.page).toMatchObject([
    { id: "session 0", xpTotal: 100, completedReason: "manual", focusedDurationSeconds: 20 },
  ]);
  const stranger = await signedInUser(setting.t);
  await expect(
    stranger.as.query(api.focus.sessions.history, { goalId, paginationOpts: { numItems: 2, cursor: null } }),
  ).rejects.toThrow("NOT_FOUND");
});

describe("the live database and the permanent store as one history", () => {
  const item = (startedAt: number, id: string): HistoryItem => ({
    id,
    startedAt,
    endedAt: startedAt + 1,
    totalDurationSeconds: 1,
    focusedDurationSeconds: 1,
    xpTotal: 0,
    xp: zeros(),
    completedReason: "manual",
    activity: { id: DRAWING, name: "Drawing", emoji: "🎨" },
  });
  const newestFirst = (a: HistoryItem, b: HistoryItem) =>
    b.startedAt - a.startedAt || (a.id === b.id ? 0 : a.id < b.id ? 1 : -1);
  /** Answers of both sides to the same question. */
  const part = (all: HistoryItem[], after: HistoryItem | null, limit: number) => {
    const rest = [...all].sort(newestFirst).filter((each) => after === null || newestFirst(after, each) < 0);
    const last = rest[limit - 1];
    return {
      items: rest.slice(0, limit),
      next: rest.length > limit ? { startedAt: last!.startedAt, sessionId: last!.id } : null,
    };
  };

  test("every session comes once and in order, wherever it is kept and however pages are cut", () => {
    const kept = fc.uniqueArray(
      fc.record({
        id: fc.stringMatching(/^[a-d]{1,3}$/),
        at: fc.integer({ min: 0, max: 6 }),
        here: fc.boolean(),
        there: fc.boolean(),
      }),
      {
        selector: (each) => each.id,
        maxLength: 30,
      },
    );
    fc.assert(
      fc.property(kept, fc.integer({ min: 1, max: 7 }), (sessions, limit) => {
        const all = sessions.filter(({ here, there }) => here || there).map(({ id, at }) => item(at, id));
        const side = (of: "here" | "there") => sessions.filter((each) => each[of]).map(({ id, at }) => item(at, id));
        const seen: HistoryItem[] = [];
        let after: HistoryItem | null = null;
        for (let pages = 0; pages < 100; pages++) {
          const merged = mergePages(
            part(side("here"), after, limit),
            part(side("there"), after, limit).items,
            limit,
            limit,
          );
          expect(merged.items.length).toBeLessThanOrEqual(limit);
          seen.push(...merged.items);
          if (merged.next === null) break;
          after = item(merged.next.startedAt, merged.next.sessionId);
        }
        expect(seen).toEqual(all.sort(newestFirst));
      }),
    );
  });

  test("cursors carry any id", () => {
    fc.assert(
      fc.property(fc.integer(), fc.string({ unit: "grapheme", maxLength: 100 }), (startedAt, sessionId) => {
        expect(decodePlace(encodePlace({ startedAt, sessionId }))).toEqual({ startedAt, sessionId });
      }),
    );
  });
});

describe("what the store asks for", () => {
  test("ended sessions by their end, of all users or one", async () => {
    const setting = await withGoal();
    await ended(setting, [5, 1, 3]);
    const list = (range: object) =>
      setting.t.run((ctx) => storePort.listEnded(ctx, { from: 0, to: NOON, cursor: null, limit: 10, ...range }));
    const all = await list({});
    expect(all).toMatchObject({
      cursor: null,
      sessions: [
        { sessionId: "session 0" },
        { sessionId: "session 2" },
        { sessionId: "session 1", userId: setting.ada.user.uuid, startedAt: NOON - 60_000, endedAt: NOON - 30_000 },
      ],
    });
    expect((await list({ userId: setting.ada.user.uuid })).sessions).toEqual(all.sessions);
    expect((await list({ userId: "somebody" })).sessions).toEqual([]);
    expect(
      (await list({ from: NOON - 3 * 60_000, to: NOON - 30_000 })).sessions.map(({ sessionId }) => sessionId),
    ).toEqual(["session 2"]);
    const first = await list({ limit: 2 });
    expect(first.sessions).toHaveLength(2);
    expect((await list({ limit: 2, cursor: first.cursor })).sessions.map(({ sessionId }) => sessionId)).toEqual([
      "session 1",
    ]);
  });

  test("the payload of an end, and nothing for what has not ended", async () => {
    const running = await withSession();
    const payload = (id: string) => running.t.run((ctx) => storePort.completePayload(ctx, id));
    expect(await payload(running.sessionId)).toBeNull();
    await running.ada.as.mutation(api.focus.sessions.complete, { sessionId: running.sessionId });
    expect(await payload(running.sessionId)).toMatchObject({
      kind: "complete",
      sessionId: running.sessionId,
      activity: { category: "Creativity" },
    });
  });

  test("a session that leaves keeps its XP, level and days, and history knows to look further", async () => {
    const running = await withSession();
    vi.advanceTimersByTime(60_000);
    const { ended: end } = await running.ada.as.mutation(api.focus.sessions.complete, { sessionId: running.sessionId });
    await running.t.run((ctx) => storePort.removeStored(ctx, running.sessionId));
    await running.t.run((ctx) => storePort.removeStored(ctx, running.sessionId));
    expect(await running.t.run((ctx) => ctx.db.query("focusSessions").collect())).toEqual([]);
    expect(await running.ada.as.query(api.focus.progress.mine, {})).toMatchObject({
      xpTotal: end!.xpTotal,
      streakDays: 1,
    });
    expect(await running.t.run((ctx) => ctx.db.query("goals").collect())).toMatchObject([
      { archivedThrough: NOON, daysCompleted: 1 },
    ]);
  });
});
