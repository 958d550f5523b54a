import { afterEach, expect, test, vi } from "vitest";
import { api } from "../_generated/api";
import { BLOCK_SIZE } from "./views/cards";
import { another, draft, people, seat, send, withOpenSession } from "./tutoring.testing";
import type { WireSession } from "./rest/schemas";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

const SUBJECTS = ["Mathematics", "Applied Maths", "Physics", "C++ & more"];
const LEVELS = ["beginner", "intermediate", "advanced"] as const;
type Page = { count: number; next: string | null; previous: string | null; results: WireSession[] };

async function withMany(count: number) {
  const setting = await people();
  const { t, ada } = setting;
  for (let i = 0; i < count; i++) {
    const id = await ada.as.mutation(api.tutoring.sessions.create, {
      ...draft,
      title: `Session ${i}`,
      subject: SUBJECTS[i % SUBJECTS.length] ?? "",
      level: LEVELS[i % LEVELS.length] ?? "beginner",
    });
    if (i % 5 === 0) await setting.moderator.as.mutation(api.tutoring.sessions.approve, { id });
  }
  const titles = async (query: string) =>
    (await send<WireSession[]>(t, "GET", `/api/sessions/${query}`, setting.bob)).body.map(({ title }) => title);
  return { ...setting, titles };
}

const expected = (count: number, keep: (i: number) => boolean) =>
  Array.from({ length: count }, (_, i) => count - 1 - i)
    .filter(keep)
    .map((i) => `Session ${i}`);

test("filters apply as documented, newest first", async () => {
  const { titles } = await withMany(30);
  expect(await titles("")).toEqual(expected(30, () => true));
  expect(await titles("?status=approved")).toEqual(expected(30, (i) => i % 5 === 0));
  expect(await titles("?level=advanced")).toEqual(expected(30, (i) => i % 3 === 2));
  expect(await titles("?status=pending_approval&level=beginner")).toEqual(
    expected(30, (i) => i % 5 !== 0 && i % 3 === 0),
  );
  expect(await titles("?subject=MATH")).toEqual(expected(30, (i) => i % 4 < 2));
  expect(await titles("?subject=%2B%2B%20%26")).toEqual(expected(30, (i) => i % 4 === 3));
  expect(await titles("?subject=math&status=approved&level=intermediate")).toEqual(
    expected(30, (i) => i % 4 < 2 && i % 5 === 0 && i % 3 === 1),
  );
  for (const nothing of ["?status=unheard", "?level=expert", "?subject=chemistry", "?status=approved&level=x"])
    expect(await titles(nothing)).toEqual([]);
  expect(await titles("?unknown=1")).toHaveLength(30);
});

test("a blank filter is none, over REST and live", async () => {
  const { t, bob, titles } = await withMany(10);
  const all = expected(10, () => true);
  for (const blank of ["?status=", "?level=", "?subject=", "?status=%20&level=&subject=%20", "?search=&status="])
    expect(await titles(blank)).toEqual(all);
  expect(await titles("?status=&level=advanced")).toEqual(expected(10, (i) => i % 3 === 2));
  expect((await send<Page>(t, "GET", "/api/sessions/?status=&page=2&page_size=4", bob)).body).toMatchObject({
    count: 10,
    results: expected(10, () => true)
      .slice(4, 8)
      .map((title) => ({ title })),
  });
  expect(await titles("?status=&search=session")).toEqual(all);
  const live = await bob.as.query(api.tutoring.sessions.list, {
    status: "",
    level: " ",
    paginationOpts: { numItems: 20, cursor: null },
  });
  expect(live.page.map(({ title }) => title)).toEqual(all);
});

test("pages carry count, next and previous, and put together are the list", async () => {
  const { t, bob } = await withMany(23);
  const get = async (path: string) => (await send<Page>(t, "GET", path, bob)).body;
  let page = await get("/api/sessions/?page_size=5");
  expect(page).toMatchObject({ count: 23, previous: null });
  const titles: string[] = [];
  for (;;) {
    titles.push(...page.results.map(({ title }) => title));
    if (!page.next) break;
    page = await get(page.next.replace(/^https?:\/\/[^/]+/, ""));
  }
  expect(titles).toEqual(expected(23, () => true));
  expect(page.previous).toContain("page=4&page_size=5");
  expect(await get("/api/sessions/?page=9&page_size=5")).toEqual({
    count: 23,
    next: null,
    previous: expect.stringContaining("page=5") as string,
    results: [],
  });
  expect(await get("/api/sessions/?subject=phys&page=2&page_size=2")).toMatchObject({
    count: 6,
    results: [{ title: "Session 14" }, { title: "Session 10" }],
  });
  for (const wrong of ["page=0", "page=x", "page_size=101", "page_size=0", "before=x"])
    expect(await send(t, "GET", `/api/sessions/?${wrong}`, bob)).toMatchObject({
      status: 400,
      body: { fields: { [wrong.split("=")[0] ?? ""]: [expect.any(String)] } },
    });
});

test("the bare list ends at 200 and links to the rest; blocks are skipped for pages far down", async () => {
  const { t, ada, bob } = await withMany(BLOCK_SIZE * 2 + 11);
  const total = BLOCK_SIZE * 2 + 11;
  const first = await send<WireSession[]>(t, "GET", "/api/sessions/", bob);
  expect(first.body).toHaveLength(200);
  const link = /<([^>]+)>; rel="next"/.exec(first.headers.get("Link") ?? "")?.[1] ?? "";
  const second = await send<WireSession[]>(t, "GET", link.replace(/^https?:\/\/[^/]+/, ""), bob);
  expect(second.headers.get("Link")).toBeNull();
  expect([...first.body, ...second.body].map(({ title }) => title)).toEqual(expected(total, () => true));
  // Deleting from the middle keeps pages exact.
  for (const victim of [first.body[30], first.body[31], first.body[150]])
    await ada.as.mutation(api.tutoring.sessions.remove, { id: victim!.id });
  const kept = [...first.body.filter((_, i) => ![30, 31, 150].includes(i)), ...second.body].map(({ title }) => title);
  const far = await send<Page>(t, "GET", "/api/sessions/?page=20&page_size=10", bob);
  expect(far.body).toMatchObject({ count: total - 3 });
  expect(far.body.results.map(({ title }) => title)).toEqual(kept.slice(190, 200));
});

test("search finds all the words, wherever they stand", async () => {
  const { titles } = await withMany(12);
  expect(await titles("?search=session+7")).toEqual(["Session 7"]);
  expect(await titles("?search=lovelace+physics")).toEqual(["Session 10", "Session 6", "Session 2"]);
  expect(await titles("?search=absent")).toEqual([]);
});

test("search and the filter by subject know letters of any language", async () => {
  const { t, ada, bob } = await people();
  for (const [title, subject] of [
    ["高等数学辅导课程", "数学"],
    ["İstanbul tarihi", "TARİH"],
    ["Übung", "Straßenbau"],
    ["Ubung", "x"],
    ["IŞIK OKULU", "IŞIK"],
    ["ışık kursu", "ışık"],
    ["Class by night", "music"],
    ["C++ by night", "music"],
    ["№5", "x"],
  ] as const)
    await ada.as.mutation(api.tutoring.sessions.create, { ...draft, title, subject });
  const titles = async (query: Record<string, string>) => {
    const path = `/api/sessions/?${new URLSearchParams(query).toString()}`;
    return (await send<WireSession[]>(t, "GET", path, bob)).body.map(({ title }) => title);
  };
  expect(await titles({ search: "数学" })).toEqual(["高等数学辅导课程"]);
  expect(await titles({ search: "istanbul" })).toEqual(["İstanbul tarihi"]);
  expect(await titles({ search: "ubung" })).toEqual(["Ubung", "Übung"]);
  expect(await titles({ search: "übung" })).toEqual(["Ubung", "Übung"]);
  expect(await titles({ search: "ışık" })).toEqual(["ışık kursu", "IŞIK OKULU"]);
  expect(await titles({ search: "c++" })).toEqual(["C++ by night"]);
  expect(await titles({ search: "night!" })).toEqual(["C++ by night", "Class by night"]);
  expect(await titles({ search: "5" })).toEqual(["№5"]);
  expect(await titles({ search: '"' })).toEqual([]);
  expect(await titles({ subject: "tarih" })).toEqual(["İstanbul tarihi"]);
  expect(await titles({ subject: "STRASSE" })).toEqual(["Übung"]);
  expect(await titles({ subject: "ışık" })).toEqual(["ışık kursu", "IŞIK OKULU"]);
});

test.each([{}, { search: "session" }])("the live list with %j pages on, and is what REST lists", async (filters) => {
  const setting = await withMany(7);
  const { bob } = setting;
  const page = (paginationOpts: { numItems: number; cursor: string | null; endCursor?: string }) =>
    bob.as.query(api.tutoring.sessions.list, { ...filters, paginationOpts });
  const first = await page({ numItems: 5, cursor: null });
  const second = await page({ numItems: 5, cursor: first.continueCursor });
  expect([first.isDone, second.isDone]).toEqual([false, true]);
  expect([...first.page, ...second.page].map(({ title }) => title)).toEqual(expected(7, () => true));
  await setting.ada.as.mutation(api.tutoring.sessions.create, { ...draft, title: "Session, newer" });
  const again = await page({ numItems: 5, cursor: null, endCursor: first.continueCursor });
  expect(again.page.map(({ title }) => title)).toEqual(["Session, newer", ...first.page.map(({ title }) => title)]);
  expect(again.continueCursor).toBe(first.continueCursor);
});

test("what a list reads does not grow with what is nested in it", async () => {
  const setting = await withOpenSession();
  const { t, id } = setting;
  const stranger = await another(setting);
  const rowsRead = async () => {
    const answer = await stranger.as.query(api.tutoring.sessions.list, {
      paginationOpts: { numItems: 50, cursor: null },
    });
    const read = await stranger.as.run(async (ctx) => {
      await ctx.runQuery(api.tutoring.sessions.list, { paginationOpts: { numItems: 50, cursor: null } });
      return (await ctx.meta.getTransactionMetrics()).documentsRead.used;
    });
    return { participants: answer.page[0]?.participants.length, read };
  };
  const before = await rowsRead();
  for (let i = 0; i < 6; i++) await seat(setting, id, await another(setting));
  const after = await rowsRead();
  expect(after.participants).toBe(6);
  expect(after.read).toBe(before.read);
  // Session and tenant and user of the caller, and the one card.
  expect(after.read).toBeLessThanOrEqual(5);
  expect(await t.run(async (ctx) => (await ctx.db.query("tutoringMembers").collect()).length)).toBe(6);
});

test("what other people's requests change is read by nobody's list but the creator's", async () => {
  const setting = await withOpenSession();
  const { t, ada, bob, id } = setting;
  const stranger = await another(setting);
  await seat(setting, id, bob);
  const seenBy = async (who: typeof ada) => [
    (await who.as.query(api.tutoring.sessions.list, { paginationOpts: { numItems: 5, cursor: null } })).page,
    await who.as.query(api.tutoring.sessions.mine, {}),
    (await send<WireSession[]>(t, "GET", "/api/sessions/", who)).body,
  ];
  const before = [await seenBy(bob), await seenBy(stranger)];
  // Whoever read the one row that a request writes beside those of its sender would now fail.
  await t.run(async (ctx) => {
    for (const { _id } of await ctx.db.query("tutoringFullCards").collect())
      await ctx.db.patch("tutoringFullCards", _id, { text: "unreadable" });
  });
  expect([await seenBy(bob), await seenBy(stranger)]).toEqual(before);
  await expect(
    ada.as.query(api.tutoring.sessions.list, { paginationOpts: { numItems: 5, cursor: null } }),
  ).rejects.toThrow("JSON");
});
