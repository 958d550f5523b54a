import { afterEach, expect, test, vi } from "vitest";
import { api, internal } from "../_generated/api";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../lib/time";
import type { TestUser } from "../setup.testing";
import { draft, NOON, pass, people, seat, send, withOpenSession } from "./tutoring.testing";
import type { T } from "../setup.testing";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

const START = NOON + 48 * HOUR_MS;

/** Lets time pass as on a running server: the cron every minute. */
async function run(t: T, until: number): Promise<void> {
  while (Date.now() < until) {
    await t.mutation(internal.tutoring.sweep.startClock, {});
    await pass(t, 1);
    await pass(t, Math.min(MINUTE_MS, until - Date.now()));
  }
}

const statusOf = async (who: TestUser, id: number) => (await who.as.query(api.tutoring.sessions.get, { id })).status;
const reminders = async (who: TestUser) => {
  const { page } = await who.as.query(api.notifications.inbox.list, { paginationOpts: { numItems: 50, cursor: null } });
  return page
    .filter(({ type }) => type === "reminder")
    .map(({ createdAt, message }) => [Math.floor(createdAt / 1_000) * 1_000, message]);
};

test("a session begins and ends at its very time", async () => {
  const setting = await withOpenSession();
  const { t, ada, bob, id } = setting;
  expect(await statusOf(ada, id)).toBe("approved");
  await seat(setting, id, bob);
  expect(await statusOf(ada, id)).toBe("scheduled");
  vi.setSystemTime(START - 90_000);
  await run(t, START - 1);
  expect(await statusOf(ada, id)).toBe("scheduled");
  await pass(t, 1);
  expect(await statusOf(ada, id)).toBe("ongoing");
  expect((await ada.as.query(api.tutoring.sessions.get, { id })).updatedAt).toBe(START);
  vi.setSystemTime(START + HOUR_MS - 30_000);
  await run(t, START + HOUR_MS);
  expect(await statusOf(ada, id)).toBe("completed");
  expect(await t.run((ctx) => ctx.db.query("tutoringClocks").collect())).toEqual([]);
});

test("one that begins and ends between two runs of the cron does both at its very time", async () => {
  const { t, ada, moderator } = await people();
  const ids: number[] = [];
  for (const [startsIn, duration] of [
    [30_000, 1],
    [45_000, 3],
  ] as const) {
    const date = new Date(NOON + startsIn).toISOString();
    ids.push(await ada.as.mutation(api.tutoring.sessions.create, { ...draft, date, duration }));
    await moderator.as.mutation(api.tutoring.sessions.approve, { id: ids.at(-1)! });
  }
  const statuses = () => Promise.all(ids.map((id) => statusOf(ada, id)));
  await pass(t, 30_000);
  await pass(t, 15_000);
  expect(await statuses()).toEqual(["ongoing", "ongoing"]);
  await pass(t, 45_000);
  expect(await statuses()).toEqual(["expired", "ongoing"]);
  await pass(t, 135_000);
  expect(await statuses()).toEqual(["expired", "expired"]);
});

test("one that nobody approved, or nobody came to, expires; requests nobody answered are turned down", async () => {
  const { t, ada, bob, moderator } = await people();
  const pending = await ada.as.mutation(api.tutoring.sessions.create, draft);
  const empty = await ada.as.mutation(api.tutoring.sessions.create, draft);
  await moderator.as.mutation(api.tutoring.sessions.approve, { id: empty });
  await bob.as.mutation(api.tutoring.sessions.join, { id: empty });
  vi.setSystemTime(START);
  await run(t, START + MINUTE_MS);
  expect([await statusOf(ada, pending), await statusOf(ada, empty)]).toEqual(["expired", "ongoing"]);
  vi.setSystemTime(START + HOUR_MS);
  await run(t, START + HOUR_MS + MINUTE_MS);
  const seen = await ada.as.query(api.tutoring.sessions.get, { id: empty });
  expect(seen).toMatchObject({ status: "expired", pendingRequestCount: 0, bookingRequests: [{ status: "rejected" }] });
});

test("creator and participants are reminded a day and an hour before, once each", async () => {
  const setting = await withOpenSession();
  const { t, ada, bob, id } = setting;
  await seat(setting, id, bob);
  for (const before of [24 * HOUR_MS, HOUR_MS]) {
    vi.setSystemTime(START - before - 2 * MINUTE_MS);
    await run(t, START - before + 3 * MINUTE_MS);
  }
  for (const who of [ada, bob])
    expect(await reminders(who)).toEqual([
      [START - HOUR_MS, "Fractions, gently starts in 1 hour."],
      [START - 24 * HOUR_MS, "Fractions, gently starts in 24 hours."],
    ]);
});

test("a reminder missed while the server was down comes once, late, and says what is left", async () => {
  const setting = await withOpenSession();
  const { t, ada, bob, id } = setting;
  await seat(setting, id, bob);
  vi.setSystemTime(START - 20 * HOUR_MS);
  for (let i = 0; i < 3; i++) await t.mutation(internal.tutoring.sweep.runClock, {});
  expect(await reminders(bob)).toMatchObject([[START - 20 * HOUR_MS, "Fractions, gently starts in 20 hours."]]);
  vi.setSystemTime(START + 10 * HOUR_MS);
  for (let i = 0; i < 3; i++) await t.mutation(internal.tutoring.sweep.runClock, {});
  expect(await reminders(ada)).toHaveLength(1);
  expect(await statusOf(ada, id)).toBe("completed");
});

test("two sweeps at once do nothing twice", async () => {
  const setting = await withOpenSession();
  const { t, bob, id } = setting;
  await seat(setting, id, bob);
  vi.setSystemTime(START - HOUR_MS);
  await Promise.all([1, 2, 3, 4].map(() => t.mutation(internal.tutoring.sweep.runClock, {})));
  expect(await reminders(bob)).toHaveLength(1);
});

test("another date moves the clock; a canceled session has none", async () => {
  const setting = await withOpenSession();
  const { t, ada, bob, id } = setting;
  await seat(setting, id, bob);
  await ada.as.mutation(api.tutoring.sessions.update, { id, date: new Date(START + 24 * HOUR_MS).toISOString() });
  vi.setSystemTime(START);
  await t.mutation(internal.tutoring.sweep.runClock, {});
  expect(await statusOf(ada, id)).toBe("scheduled");
  expect(await reminders(bob)).toHaveLength(1);
  await ada.as.mutation(api.tutoring.sessions.cancel, { id });
  vi.setSystemTime(START + 24 * HOUR_MS);
  await t.mutation(internal.tutoring.sweep.runClock, {});
  expect(await statusOf(ada, id)).toBe("cancelled");
  expect(await reminders(bob)).toHaveLength(1);
});

test("a reminder that is due already comes although the length changes first; another start leaves it behind", async () => {
  const setting = await withOpenSession();
  const { t, ada, bob, id } = setting;
  const other = await ada.as.mutation(api.tutoring.sessions.create, draft);
  await setting.moderator.as.mutation(api.tutoring.sessions.approve, { id: other });
  await seat(setting, id, bob);
  await seat(setting, other, bob);
  vi.setSystemTime(START - 24 * HOUR_MS + 5_000);
  await ada.as.mutation(api.tutoring.sessions.update, { id, duration: 90 });
  await ada.as.mutation(api.tutoring.sessions.update, { id: other, date: new Date(START - MINUTE_MS).toISOString() });
  await pass(t, 1);
  await t.mutation(internal.tutoring.sweep.runClock, {});
  expect(await reminders(bob)).toMatchObject([[START - 24 * HOUR_MS + 5_000, "Fractions, gently starts in 24 hours."]]);
});

test("one that begins before the cron comes round begins on time all the same", async () => {
  const { t, ada, moderator } = await people();
  const id = await ada.as.mutation(api.tutoring.sessions.create, {
    ...draft,
    date: new Date(NOON + 20_000).toISOString(),
  });
  await moderator.as.mutation(api.tutoring.sessions.approve, { id });
  await pass(t, 20_000);
  expect(await statusOf(ada, id)).toBe("ongoing");
  await expect(
    ada.as.mutation(api.tutoring.sessions.update, { id, date: new Date(NOON + HOUR_MS).toISOString() }),
  ).rejects.toThrow("has begun");
});

test("a late sweep catches up many sessions, batch by batch", async () => {
  const { t, ada } = await people();
  for (let i = 0; i < 45; i++) await ada.as.mutation(api.tutoring.sessions.create, draft);
  vi.setSystemTime(START + 1);
  await t.mutation(internal.tutoring.sweep.startClock, {});
  for (let i = 0; i < 5; i++) await pass(t, 1);
  const sessions = await t.run((ctx) => ctx.db.query("tutoringSessions").collect());
  expect(sessions.map(({ status }) => status)).toEqual(Array(45).fill("expired"));
});

test("sessions of many members share no transaction", async () => {
  const { t, ada } = await people();
  for (let i = 0; i < 3; i++) await ada.as.mutation(api.tutoring.sessions.create, draft);
  await t.run(async (ctx) => {
    for (const { _id } of await ctx.db.query("tutoringSeats").collect())
      await ctx.db.patch("tutoringSeats", _id, { memberCount: 1_500 });
  });
  vi.setSystemTime(START + 1);
  const expired = async () =>
    (await t.run((ctx) => ctx.db.query("tutoringSessions").collect())).filter(({ status }) => status === "expired")
      .length;
  for (const count of [1, 2, 3]) {
    if (count === 1) await t.mutation(internal.tutoring.sweep.runClock, {});
    else await pass(t, 1);
    expect(await expired()).toBe(count);
  }
});

test("where the clock was put back, no session is changed before it was created", async () => {
  const { t, ada, bob, id } = await withOpenSession();
  vi.setSystemTime(Date.now() - DAY_MS);
  const dates = async () => {
    const { body } = await send<{ created_at: string; updated_at: string }>(t, "GET", `/api/sessions/${id}/`, ada);
    return [Date.parse(body.created_at), Date.parse(body.updated_at)] as const;
  };
  await ada.as.mutation(api.tutoring.sessions.update, { id, title: "Fractions, slowly" });
  let [createdAt, updatedAt] = await dates();
  expect(updatedAt).toBeGreaterThanOrEqual(createdAt);
  await seat({ ada }, id, bob);
  await ada.as.mutation(api.tutoring.sessions.cancel, { id });
  [createdAt, updatedAt] = await dates();
  expect(updatedAt).toBeGreaterThanOrEqual(createdAt);
});
