import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { api, internal } from "../_generated/api";
import { DAY_MS } from "../lib/time";
import { newBackend, signedInUser, type T, type TestUser } from "../setup.testing";
import { deleteNotifications, NOTIFY_BATCH, notifyUser, notifyUsers } from "./model";
import type { News } from "./tables";

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-03-10T12:00:00Z") });
  vi.stubEnv("RATE_LIMIT_SCALE", "1000");
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

const news = (title: string): News => ({ title, message: "Something happened.", type: "general", session: null });
const told = (t: T, who: TestUser, ...titles: string[]) =>
  t.run(async (ctx) => {
    for (const title of titles) await notifyUser(ctx, who.user._id, news(title));
  });
const listed = async (who: TestUser, numItems = 50) =>
  (await who.as.query(api.notifications.inbox.list, { paginationOpts: { numItems, cursor: null } })).page;
const unread = (who: TestUser) => who.as.query(api.notifications.inbox.unreadCount, {});

/** Each user's count is what it counts. */
async function expectCounted(t: T): Promise<void> {
  await t.run(async (ctx) => {
    for (const counted of await ctx.db.query("notificationCounts").collect()) {
      const rows = await ctx.db
        .query("notifications")
        .withIndex("by_userId", (q) => q.eq("userId", counted.userId))
        .collect();
      expect(counted.unread).toBe(rows.filter(({ read, number }) => !read && number > counted.readThrough).length);
    }
  });
}

async function rest(t: T, method: string, path: string, who: TestUser | null) {
  const response = await t.fetch(path, { method, ...(who && { headers: who.headers }) });
  return { status: response.status, body: await response.json(), headers: response.headers };
}

test("marking one, marking all, and what comes after", async () => {
  const t = newBackend();
  const ada = await signedInUser(t);
  await told(t, ada, "first", "second", "third");
  const [newest, second] = await listed(ada);
  expect([newest!.title, await unread(ada)]).toEqual(["third", 3]);
  for (let i = 0; i < 2; i++) await ada.as.mutation(api.notifications.inbox.markRead, { id: newest!.id });
  expect((await listed(ada)).map(({ read }) => read)).toEqual([true, false, false]);
  expect(await unread(ada)).toBe(2);
  expect(await rest(t, "POST", `/api/notifications/${second!.id}/mark_as_read/`, ada)).toMatchObject({
    status: 200,
    body: { message: "Marked as read" },
  });
  expect(await rest(t, "POST", "/api/notifications/mark_all_as_read/", ada)).toMatchObject({
    status: 200,
    body: { message: "All marked as read" },
  });
  expect((await listed(ada)).every(({ read }) => read)).toBe(true);
  expect(await unread(ada)).toBe(0);
  await told(t, ada, "fourth");
  expect((await listed(ada)).map(({ read }) => read)).toEqual([false, true, true, true]);
  expect(await unread(ada)).toBe(1);
  await expectCounted(t);
});

test("nobody reads or marks another person's", async () => {
  const t = newBackend();
  const ada = await signedInUser(t);
  const bob = await signedInUser(t, { tenantId: ada.user.tenantId });
  await told(t, ada, "private");
  const [item] = await listed(ada);
  expect(await listed(bob)).toEqual([]);
  await expect(bob.as.mutation(api.notifications.inbox.markRead, { id: item!.id })).rejects.toThrow("NOT_FOUND");
  for (const [method, path] of [
    ["GET", `${item!.id}/`],
    ["POST", `${item!.id}/mark_as_read/`],
    ["GET", "1/"],
  ] as const) {
    const answer = await rest(t, method, `/api/notifications/${path}`, bob);
    expect([answer.status, Object.keys(answer.body as object)]).toEqual([404, ["detail", "code"]]);
  }
  await bob.as.mutation(api.notifications.inbox.markAllRead, {});
  expect(await unread(ada)).toBe(1);
});

test("over REST it has the documented shape, and ends at 200 with a link to the rest", async () => {
  const t = newBackend();
  const ada = await signedInUser(t);
  await told(t, ada, ...Array.from({ length: 201 }, (_, i) => `${i}`));
  const first = await rest(t, "GET", "/api/notifications/", ada);
  expect(first.body[0]).toEqual({
    id: expect.any(Number) as number,
    user: ada.user.publicId,
    title: "200",
    message: "Something happened.",
    type: "general",
    session: null,
    read: false,
    created_at: expect.stringMatching(/^2026-03-10T12:00:00\.\d{3}Z$/) as string,
  });
  const link =
    /<([^>]+)>; rel="next"/.exec(first.headers.get("Link") ?? "")?.[1]?.replace(/^https?:\/\/[^/]+/, "") ?? "";
  const second = await rest(t, "GET", link, ada);
  expect([first.body.length, second.body.length, second.body[0].title, second.headers.get("Link")]).toEqual([
    200,
    1,
    "0",
    null,
  ]);
});

test("a crowd is told once each, however often somebody is named and however many transactions it takes", async () => {
  const t = newBackend();
  const ada = await signedInUser(t);
  const crowd = [ada];
  for (let i = 0; i < NOTIFY_BATCH + 5; i++) crowd.push(await signedInUser(t, { tenantId: ada.user.tenantId }));
  const ids = crowd.map(({ user }) => user._id);
  await t.run((ctx) => notifyUsers(ctx, [...ids, ...ids.slice(0, 10)], news("to all")));
  await t.finishAllScheduledFunctions(() => vi.advanceTimersByTime(1_000));
  const rows = await t.run((ctx) => ctx.db.query("notifications").collect());
  expect(rows.map(({ userId }) => userId).sort()).toEqual([...ids].sort());
  await expectCounted(t);
});

test("a title longer than the documented model allows is cut", async () => {
  const t = newBackend();
  const ada = await signedInUser(t);
  await told(t, ada, "x".repeat(300));
  const [item] = await listed(ada);
  expect([item!.title.length, item!.title.at(-1)]).toEqual([200, "…"]);
});

test.each([
  [undefined, 180],
  ["30", 30],
  ["soon", 180],
])(
  "with NOTIFICATION_RETENTION_DAYS=%s they leave after %i days, and their counts with them",
  async (setting, days) => {
    if (setting !== undefined) vi.stubEnv("NOTIFICATION_RETENTION_DAYS", setting);
    const t = newBackend();
    const ada = await signedInUser(t);
    const bob = await signedInUser(t);
    await told(t, ada, "old and read");
    await ada.as.mutation(api.notifications.inbox.markAllRead, {});
    await told(t, ada, "old");
    await told(t, bob, ...Array.from({ length: 600 }, (_, i) => `${i}`));
    vi.setSystemTime(Date.now() + days * DAY_MS - 1_000);
    await t.mutation(internal.notifications.sweep.deleteOld, {});
    expect(await listed(ada)).toHaveLength(2);
    await told(t, ada, "new");
    vi.setSystemTime(Date.now() + 10_000);
    await t.mutation(internal.notifications.sweep.deleteOld, {});
    await t.finishAllScheduledFunctions(() => vi.advanceTimersByTime(1_000));
    expect((await listed(ada)).map(({ title }) => title)).toEqual(["new"]);
    expect([await unread(ada), await unread(bob)]).toEqual([1, 0]);
    expect(await listed(bob)).toEqual([]);
    await expectCounted(t);
  },
);

describe("live pages", () => {
  type Options = { numItems: number; cursor: string | null; endCursor?: string };
  const page = (who: TestUser, paginationOpts: Options) =>
    who.as.query(api.notifications.inbox.list, { paginationOpts });

  test("stay side by side while notifications come and go, and the first one never grows", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            fc.integer({ min: 1, max: 9 }),
            fc.nat({ max: 60 }).map((at) => ({ deleted: at })),
          ),
        ),
        async (changes) => {
          const t = newBackend();
          const ada = await signedInUser(t);
          let told = 0;
          const tell = async (count: number) => {
            for (let n = 0; n < count; n++) await t.run((ctx) => notifyUser(ctx, ada.user._id, news(`${told++}`)));
          };
          await tell(30);
          const loaded: Options[] = [];
          for (let cursor: string | null = null, isDone = false; !isDone;) {
            const start: string | null = cursor;
            ({ continueCursor: cursor, isDone } = await page(ada, { numItems: 5, cursor }));
            // Later pages end where they did, which a deployment keeps for those who watch them.
            loaded.push({ numItems: 5, cursor: start, ...(start !== null && { endCursor: cursor }) });
          }
          for (const change of changes) {
            if (typeof change === "number") await tell(change);
            else
              await t.run(async (ctx) => {
                const rows = await ctx.db.query("notifications").order("desc").collect();
                await deleteNotifications(ctx, rows.slice(change.deleted, change.deleted + 7));
              });
            const pages = await Promise.all(loaded.map((options) => page(ada, options)));
            const all = await t.run((ctx) => ctx.db.query("notifications").order("desc").collect());
            expect(pages[0]!.page.length).toBe(Math.min(5, all.length));
            expect(pages.flatMap(({ page }) => page.map(({ title }) => title))).toEqual(all.map(({ title }) => title));
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  test("end where the client says", async () => {
    const t = newBackend();
    const ada = await signedInUser(t);
    await told(t, ada, ...Array.from({ length: 12 }, (_, i) => `${i}`));
    const first = await page(ada, { numItems: 5, cursor: null });
    const second = await page(ada, { numItems: 5, cursor: first.continueCursor });
    await told(t, ada, "new");
    const pinned = await page(ada, { numItems: 5, cursor: null, endCursor: first.continueCursor });
    expect(pinned.page.map(({ title }) => title)).toEqual(["new", "11", "10", "9", "8", "7"]);
    const middle = await page(ada, {
      numItems: 1,
      cursor: first.continueCursor,
      endCursor: second.continueCursor,
    });
    expect(middle.page.map(({ title }) => title)).toEqual(["7", "6", "5", "4", "3", "2"]);
  });

  test.each(["", "x", "null", "[]", '{"first":0,"from":1,"at":null}', '{"first":1e9,"from":1,"at":null}'])(
    "begin again when the cursor is %j",
    async (cursor) => {
      const t = newBackend();
      const ada = await signedInUser(t);
      await expect(page(ada, { numItems: 5, cursor })).rejects.toThrow("InvalidCursor");
    },
  );
});
