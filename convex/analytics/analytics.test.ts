import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { api, internal } from "../_generated/api";
import { newBackend, signedInUser, type T } from "../setup.testing";
import { DAY_MS } from "../lib/time";
import { noteEvent } from "./writer";

beforeEach(() => void vi.useFakeTimers({ now: Date.parse("2026-03-11T12:00:00Z"), toFake: ["Date"] }));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

const fold = (t: T) => t.mutation(internal.analytics.folding.run, {});

/** A user who may see the figures. */
async function newViewer(t: T) {
  const ada = await signedInUser(t, { permissions: ["view_analytics"] });
  const { user } = ada;
  const happen = (day: string, event: Parameters<typeof noteEvent>[2], people: string[]) =>
    t.run(async (ctx) => {
      vi.setSystemTime(Date.parse(`${day}T10:00:00Z`));
      for (const who of people) await noteEvent(ctx, user.tenantId, event, who);
      vi.setSystemTime(Date.parse("2026-03-11T12:00:00Z"));
    });
  const ask = async (query: string, headers: Record<string, string> = {}) => {
    const response = await t.fetch(`/api/v1/analytics/daily/${query}`, { headers: { ...ada.headers, ...headers } });
    return { status: response.status, text: await response.text(), headers: response.headers };
  };
  return { client: ada.as, happen, ask };
}

test("days count events and people, as JSON and as a table; another tenant's stay apart", async () => {
  const t = newBackend();
  const { happen, ask } = await newViewer(t);
  await fold(t);
  await happen("2026-03-09", "draft_started", ["a", "b", "a"]);
  await happen("2026-03-10", "draft_started", ["a"]);
  await happen("2026-03-10", "attended", ["c"]);
  const other = await t.run((ctx) => ctx.db.insert("tenants", { uuid: "other", name: "Other" }));
  await t.run((ctx) => noteEvent(ctx, other, "attended", "z"));
  await fold(t);
  const figures = [
    { day: "2026-03-09", event: "draft_started", count: 3, people: 2 },
    { day: "2026-03-10", event: "attended", count: 1, people: 1 },
    { day: "2026-03-10", event: "draft_started", count: 1, people: 1 },
  ];
  const read = async (query: string) => JSON.parse((await ask(query)).text) as { results: object[] };
  expect((await read("?from=2026-03-09&to=2026-03-10")).results).toEqual(figures);
  expect((await read("?from=2026-03-10&to=2026-03-10&event=attended")).results).toEqual([figures[1]]);
  const table = await ask("?from=2026-03-09&to=2026-03-09", { Accept: "text/csv" });
  expect(table.text).toBe("day,event,count,people\r\n2026-03-09,draft_started,3,2\r\n");
  expect(table.headers.get("Content-Type")).toBe("text/csv; charset=utf-8");
  expect(await t.run((ctx) => ctx.db.query("analyticsNotes").collect())).toEqual([]);
});

test("a range that goes backward, a day that is none and an unknown event are refused by name", async () => {
  const t = newBackend();
  const { ask } = await newViewer(t);
  const fields = async (query: string) => {
    const { status, text } = await ask(query);
    return [status, Object.keys((JSON.parse(text) as { fields?: object }).fields ?? {})];
  };
  expect(await fields("?from=2026-03-10&to=2026-03-09")).toEqual([400, ["from"]]);
  expect(await fields("?from=2020-03-10&to=2026-03-09")).toEqual([400, ["from"]]);
  expect(await fields("?from=2026-02-30")).toEqual([400, ["from"]]);
  expect(await fields("?to=yesterday")).toEqual([400, ["to"]]);
  expect(await fields("?from=&to=2026-11-30")).toEqual([400, ["from"]]);
  expect(await fields("?from=2026-11-30&to=")).toEqual([400, ["to"]]);
  expect(await fields("?from=x&to=y")).toEqual([400, ["from", "to"]]);
  for (const from of ["", "2026-13-01", "9"])
    expect(JSON.parse((await ask(`?from=${from}&to=2026-11-30`)).text)).toMatchObject({
      fields: { from: ["Must be a day, as 2026-03-10."] },
    });
  expect(await fields("?event=nothing")).toEqual([400, ["event"]]);
  expect((await ask("?from=2026-04-01")).status).toBe(200);
});

test("figures are for who may see them, by permission or by a key's scope", async () => {
  const t = newBackend();
  const bob = await signedInUser(t);
  const ask = async (headers: HeadersInit) => (await t.fetch("/api/v1/analytics/daily/", { headers })).status;
  expect([await ask(bob.headers), await ask({})]).toEqual([403, 401]);
  const make = (name: string, scopes: string[]) => t.mutation(internal.identity.serviceKeys.make, { name, scopes });
  const [reader, scraper] = [await make("reader", ["analytics:read"]), await make("scraper", ["metrics"])];
  expect(await ask({ Authorization: `Bearer ${reader}` })).toBe(200);
  expect(await ask({ Authorization: `Bearer ${scraper}` })).toBe(403);
  await expect(bob.as.query(api.analytics.reports.funnels, {})).rejects.toThrow("FORBIDDEN");
});

test("funnels tell who went on, and returns who came back", async () => {
  const t = newBackend();
  const { client, happen } = await newViewer(t);
  await fold(t);
  await t.run(async (ctx) => {
    for await (const row of ctx.db.query("analyticsSketches")) await ctx.db.delete("analyticsSketches", row._id);
  });
  await happen("2026-03-03", "draft_started", ["a", "b", "c", "d"]);
  await happen("2026-03-10", "draft_completed", ["a"]);
  await fold(t);
  const [valuations] = (await client.query(api.analytics.reports.funnels, {})).filter(
    ({ name }) => name === "valuations",
  );
  expect(valuations!.steps).toEqual([
    { event: "page_opened.valuations", people: 0, percentOfBefore: null },
    { event: "draft_started", people: 4, percentOfBefore: null },
    { event: "draft_completed", people: 1, percentOfBefore: 25 },
  ]);
  expect(await client.query(api.analytics.reports.returns, { weeks: 2 })).toEqual([
    { week: "2026-03-02", people: 4, returned: 1 },
    { week: "2026-03-09", people: 1, returned: 0 },
  ]);
});

test("pages are noted, unknown ones together, none for who opted out, and not without bounds", async () => {
  vi.stubEnv("RATE_LIMIT_SCALE", "1");
  const t = newBackend();
  const { as: client } = await signedInUser(t);
  await fold(t);
  const note = (page: string, optedOut?: boolean) =>
    client.mutation(api.analytics.note, { page, ...(optedOut !== undefined && { optedOut }) });
  await note("focus");
  await note("<script>");
  await note("focus", true);
  const notes = await t.run((ctx) => ctx.db.query("analyticsNotes").collect());
  expect(notes.map(({ event }) => event).sort()).toEqual([
    "page_opened",
    "page_opened",
    "page_opened.focus",
    "page_opened.other",
  ]);
  expect(Object.keys(notes[0]!).sort()).toEqual([
    "_creationTime",
    "_id",
    "day",
    "event",
    "rank",
    "register",
    "tenantId",
  ]);
  await expect(
    (async () => {
      for (let n = 0; n < 200; n++) await note("home");
    })(),
  ).rejects.toThrow("RATE_LIMITED");
});

test("sketches leave after a hundred days, figures stay", async () => {
  const t = newBackend();
  const { happen } = await newViewer(t);
  await happen("2026-03-10", "attended", ["a"]);
  await fold(t);
  vi.setSystemTime(Date.now() + 101 * DAY_MS);
  await t.mutation(internal.analytics.folding.deleteOld, {});
  expect(await t.run((ctx) => ctx.db.query("analyticsSketches").collect())).toEqual([]);
  expect(await t.run((ctx) => ctx.db.query("analyticsDays").collect())).not.toEqual([]);
});
