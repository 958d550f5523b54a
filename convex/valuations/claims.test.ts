import fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { api, internal } from "../_generated/api";
import { signedInUser, type T } from "../setup.testing";
import { backend, createGuest, send, signedInToAccount, type Sent } from "./valuations.testing";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

const BLANK = {
  userId: null,
  status: "IN_PROGRESS" as const,
  currentView: "MANUAL" as const,
  createdAt: 1_700_000_000_000,
  completedAt: null,
  formData: null,
  collectedData: null,
  conversationHistory: null,
  valuationResult: null,
  businessCardToken: null,
  prefilledFromCard: false,
};

/** A guest with `count` drafts, every tenth of them deleted. */
async function guestWith(t: T, count: number, prefix = "g") {
  const headers = await createGuest(t);
  const guestSessionId = headers["X-Guest-Session-Id"]!;
  const drafts = Array.from({ length: count }, (_, i) => ({
    ...BLANK,
    guestSessionId,
    reportId: `${prefix}${i}`,
    updatedAt: BLANK.createdAt + i,
    status: i % 10 === 9 ? ("DELETED" as const) : BLANK.status,
  }));
  for (let i = 0; i < count; i += 200)
    await t.mutation(internal.valuations.imports.importDrafts, { drafts: drafts.slice(i, i + 200) });
  return {
    headers,
    guestSessionId,
    visible: drafts
      .filter(({ status }) => status !== "DELETED")
      .map(({ reportId }) => reportId)
      .reverse(),
  };
}

const ids = ({ body }: Sent) => body.sessions.map(({ report_id }) => report_id);
async function pagesOf(t: T, headers: Record<string, string>): Promise<string[]> {
  const found: string[] = [];
  for (let offset = 0; ; offset += 100) {
    const page = await send(t, "GET", `/api/sessions?limit=100&offset=${offset}`, headers);
    found.push(...ids(page));
    if (page.body.has_more !== true) return found;
  }
}

test("a claim of any size changes hands in one step, and settles without anybody noticing", async () => {
  vi.useFakeTimers();
  const t = backend();
  const ada = await signedInUser(t);
  await send(t, "POST", "/api/sessions", ada.headers, { report_id: "own" });
  const guest = await guestWith(t, 450);
  const claimed = await send(t, "POST", "/api/sessions/claim", { ...guest.headers, ...ada.headers });
  expect(claimed.body).toEqual({ success: true, migrated_count: 450 });

  const expected = ["own", ...guest.visible];
  const look = async () => {
    expect(await pagesOf(t, ada.headers)).toEqual(expected);
    const { body } = await send(t, "GET", "/api/sessions?limit=1&offset=300", ada.headers);
    expect([body.total, body.sessions[0]?.report_id]).toEqual([expected.length, expected[300]]);
    const live: string[] = [];
    for (let cursor: string | null = null, done = false; !done;) {
      const page: { page: { reportId: string }[]; isDone: boolean; continueCursor: string } = await ada.as.query(
        api.valuations.sessions.list,
        { paginationOpts: { numItems: 70, cursor } },
      );
      live.push(...page.page.map(({ reportId }) => reportId));
      [cursor, done] = [page.continueCursor, page.isDone];
    }
    expect(live).toEqual(expected);
    expect((await send(t, "GET", "/api/sessions/g440", ada.headers)).body).toMatchObject({ user_id: ada.user.uuid });
  };
  // Most drafts still stand under the guest's key.
  expect((await t.run((ctx) => ctx.db.get("users", ada.user._id)))?.draftOwners).toHaveLength(2);
  await look();
  expect((await send(t, "GET", "/api/sessions", guest.headers)).body.total).toBe(0);
  expect((await send(t, "GET", "/api/sessions/g440", guest.headers)).status).toBe(403);
  expect((await send(t, "POST", "/api/sessions/claim", { ...guest.headers, ...ada.headers })).body.migrated_count).toBe(
    0,
  );
  const other = await signedInUser(t);
  expect(
    (await send(t, "POST", "/api/sessions/claim", { ...guest.headers, ...other.headers })).body.migrated_count,
  ).toBe(0);
  expect((await send(t, "GET", "/api/sessions/g440", other.headers)).status).toBe(403);

  // What is done to them meanwhile stays done.
  expect((await send(t, "PATCH", "/api/sessions/g440", ada.headers, { form_data: { a: 1 } })).body.revision).toBe(2);
  expect((await send(t, "DELETE", "/api/sessions/g441", ada.headers)).status).toBe(200);
  expected.splice(expected.indexOf("g441"), 1);
  expected.splice(expected.indexOf("g440"), 1);
  expected.unshift("g440");
  await look();

  await t.finishAllScheduledFunctions(vi.runAllTimers);
  expect((await t.run((ctx) => ctx.db.get("users", ada.user._id)))?.draftOwners).toBeUndefined();
  await look();
  expect(
    await t.run(
      async (ctx) => new Set((await ctx.db.query("valuationDrafts").collect()).map(({ owner }) => owner)).size,
    ),
  ).toBe(1);
  expect(await t.run(async (ctx) => (await ctx.db.query("draftLedgers").collect()).length)).toBe(1);
  const [receipt] = await ada.as.query(api.valuations.claims.receipts, {});
  expect(receipt).toMatchObject({ count: 405, reportIds: guest.visible.slice(0, 20) });
});

test("a cursor from before or after a claim settles sends the client back to the first page", async () => {
  const t = backend();
  const ada = await signedInUser(t);
  const guest = await guestWith(t, 150);
  await send(t, "POST", "/api/sessions/claim", { ...guest.headers, ...ada.headers });
  const list = ada.as.query(api.valuations.sessions.list, {
    paginationOpts: { numItems: 10, cursor: "of another kind" },
  });
  await expect(list).rejects.toThrow("InvalidCursor");
});

test("an anonymous user's drafts go to the account at once, and what they begin afterwards is their own", async () => {
  vi.useFakeTimers();
  const t = backend();
  const anonymous = await signedInUser(t, { isAnonymous: true });
  const guest = await guestWith(t, 250);
  await send(t, "POST", "/api/sessions/claim", { ...guest.headers, ...anonymous.headers });
  const account = await signedInToAccount(t, anonymous);
  const ada = t.withIdentity({ subject: `${account.userId}|${account.authSessionId}` });
  const first = await ada.query(api.valuations.sessions.list, { paginationOpts: { numItems: 100, cursor: null } });
  expect(first.page.map(({ reportId }) => reportId)).toEqual(guest.visible.slice(0, 100));
  const keys = await t.run(async (ctx) => (await ctx.db.get("users", anonymous.user._id))?.draftOwners);
  expect(keys).toHaveLength(1);
  await t.finishAllScheduledFunctions(vi.runAllTimers);
  const [receipt] = await ada.query(api.valuations.claims.receipts, {});
  expect(receipt).toMatchObject({ count: 225 });
  const owners = await t.run(async (ctx) =>
    (await ctx.db.query("valuationDrafts").collect()).map(({ owner }) => owner),
  );
  expect(new Set(owners)).toEqual(new Set([`user/${account.userId}`]));
});

test("claiming is a permutation of ownership: every draft keeps one owner and its content, before and after it settles", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(0, 3, 60, 130), { minLength: 2, maxLength: 2 }),
      fc.array(fc.oneof(fc.tuple(fc.nat(1), fc.nat(1)), fc.constant("settle" as const)), {
        minLength: 1,
        maxLength: 5,
      }),
      async (counts, steps) => {
        vi.useFakeTimers();
        const t = backend();
        const guests = [await guestWith(t, counts[0]!, "a"), await guestWith(t, counts[1]!, "b")];
        const users = [(await signedInUser(t)).headers, (await signedInUser(t)).headers];
        const content = await contentOf(t);
        const owned = { guests: guests.map(({ visible }) => visible), users: [[], []] as string[][] };
        for (const step of steps) {
          if (step === "settle") await t.finishAllScheduledFunctions(vi.runAllTimers);
          else {
            const [guest, user] = step;
            const claimed = await send(t, "POST", "/api/sessions/claim", {
              ...guests[guest]!.headers,
              ...users[user]!,
            });
            expect(claimed.body.migrated_count).toBe(owned.guests[guest]!.length === 0 ? 0 : counts[guest]);
            owned.users[user]!.push(...owned.guests[guest]!.splice(0));
          }
          const seen = [...guests.map(({ headers }) => headers), ...users].map((headers) => pagesOf(t, headers));
          const expected = [...owned.guests, ...owned.users];
          for (const [i, reports] of (await Promise.all(seen)).entries())
            expect([...reports].sort()).toEqual([...expected[i]!].sort());
          expect(await contentOf(t)).toEqual(content);
        }
        await t.finishAllScheduledFunctions(vi.runAllTimers);
        expect(
          await t.run(async (ctx) =>
            (await ctx.db.query("users").collect()).filter(({ draftOwners }) => draftOwners !== undefined),
          ),
        ).toEqual([]);
        vi.useRealTimers();
      },
    ),
    { numRuns: 10 },
  );
});

/** All drafts without their owners. */
const contentOf = (t: T) =>
  t.run(async (ctx) => (await ctx.db.query("valuationDrafts").collect()).map(({ owner: _, ...rest }) => rest));
