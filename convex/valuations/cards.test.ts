import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { api, internal } from "../_generated/api";
import { getErrorData } from "../lib/errors";
import { signedInUser, type T } from "../setup.testing";
import { forgetStore } from "../store/delivery/breaker";
import { forgetHeldCards } from "./businessCards/cache";
import { PREFILL_AGAIN_MS, selectPrefill, planRefresh, type CardFields, type JsonObject } from "./rules";
import { backend, cardStore, send, WIRE_CARD } from "./valuations.testing";

beforeEach(() => {
  forgetHeldCards();
  forgetStore();
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const card = (t: T, token: string) => send(t, "GET", `/api/business-cards?token=${token}`);

test("a card has the documented fields, and is cached for five minutes", async () => {
  vi.useFakeTimers({ now: Date.parse("2026-03-10T12:00:00Z") });
  const t = backend();
  const store = cardStore({ abc: WIRE_CARD });
  const first = await card(t, "abc");
  expect([first.status, first.body, first.headers.get("Cache-Control")]).toEqual([
    200,
    WIRE_CARD,
    "private, max-age=300",
  ]);
  await card(t, "abc");
  expect(store.asked).toBe(1);
  forgetHeldCards();
  await card(t, "abc");
  expect(store.asked).toBe(1);
  vi.advanceTimersByTime(5 * 60_000 + 1);
  store.cards.abc = { ...WIRE_CARD, city: "Ockham" };
  expect((await card(t, "abc")).body.city).toBe("Ockham");
  expect(store.asked).toBe(2);
});

test("a token is required once; an unknown one is 404 and asked for again", async () => {
  const t = backend();
  const store = cardStore({});
  for (const query of ["", "?token=", "?token=a&token=b", "?other=1"])
    expect(await send(t, "GET", `/api/business-cards${query}`)).toMatchObject({
      status: 400,
      body: { error: "Token required" },
    });
  for (let i = 0; i < 2; i++)
    expect(await card(t, "none")).toMatchObject({ status: 404, body: { error: "Business card not found" } });
  expect(store.asked).toBe(2);
  store.cards.none = WIRE_CARD;
  expect((await card(t, "none")).status).toBe(200);
});

test("while the store is down cached cards answer and the others are 500", async () => {
  const t = backend();
  const store = cardStore({ abc: WIRE_CARD, xyz: WIRE_CARD });
  await card(t, "abc");
  store.down = true;
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  expect((await card(t, "abc")).status).toBe(200);
  forgetHeldCards();
  expect((await card(t, "abc")).status).toBe(200);
  expect(await card(t, "xyz")).toMatchObject({ status: 500, body: { error: "Failed to fetch business card" } });
  store.down = false;
  expect((await card(t, "xyz")).status).toBe(200);
});

test("cards are limited per address", async () => {
  const t = backend();
  vi.stubEnv("RATE_LIMIT_SCALE", "0.1");
  vi.stubEnv("TRUSTED_PROXY", "1");
  cardStore({ abc: WIRE_CARD });
  const statuses = [];
  for (let i = 0; i < 7; i++)
    statuses.push(
      (await send(t, "GET", "/api/business-cards?token=abc", { "X-Forwarded-For": "198.51.100.7" })).status,
    );
  expect(statuses.filter((status) => status === 200)).toHaveLength(6);
  expect(statuses).toContain(429);
});

test("a draft from a card is filled where the form is empty; an unknown or unreadable card does not block it", async () => {
  const t = backend();
  const store = cardStore({ abc: WIRE_CARD });
  const { headers } = await signedInUser(t);
  const filled = await send(t, "POST", "/api/sessions", headers, {
    business_card_token: "abc",
    form_data: { city: "Paris", industry: null },
  });
  expect(filled.body).toMatchObject({ prefilled_from_card: true, business_card_token: "abc" });
  expect(filled.body.form_data).toEqual({
    company_name: "Lovelace Engines",
    revenue: 1_250_000,
    employee_count: 12,
    country_code: "GB",
    founding_year: 1843,
    city: "Paris",
    industry: null,
  });
  const unknown = await send(t, "POST", "/api/sessions", headers, { business_card_token: "none" });
  expect(unknown).toMatchObject({
    status: 201,
    body: { prefilled_from_card: false, business_card_token: "none", form_data: null },
  });
  store.down = true;
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  expect((await send(t, "POST", "/api/sessions", headers, { business_card_token: "other" })).status).toBe(201);
});

test("a card that a form has no room for does not keep the draft out, over REST and live", async () => {
  vi.useFakeTimers({ now: Date.parse("2026-03-10T12:00:00Z") });
  const t = backend();
  cardStore({ abc: WIRE_CARD });
  const ada = await signedInUser(t);
  const form_data = { notes: "x".repeat(65_500) };
  const { status, body } = await send(t, "POST", "/api/sessions", ada.headers, {
    business_card_token: "abc",
    form_data,
  });
  expect([status, body.form_data, body.prefilled_from_card, body.business_card_token]).toEqual([
    201,
    form_data,
    false,
    "abc",
  ]);
  await ada.as.mutation(api.valuations.sessions.create, {
    reportId: "r",
    businessCardToken: "abc",
    formData: form_data,
  });
  await t.finishAllScheduledFunctions(vi.runAllTimers);
  expect(await ada.as.query(api.valuations.sessions.get, { reportId: "r" })).toMatchObject({
    formData: form_data,
    prefilledFromCard: false,
  });
});

test("live: the card arrives by itself, refreshing follows it where nothing was edited", async () => {
  vi.useFakeTimers({ now: Date.parse("2026-03-10T12:00:00Z") });
  const t = backend();
  const store = cardStore({ abc: WIRE_CARD });
  const ada = await signedInUser(t);
  await ada.as.mutation(api.valuations.sessions.create, { reportId: "r", businessCardToken: "abc" });
  await t.finishAllScheduledFunctions(vi.runAllTimers);
  const draft = await ada.as.query(api.valuations.sessions.get, { reportId: "r" });
  expect(draft).toMatchObject({ prefilledFromCard: true, formData: { city: "London" }, prefill: { city: "London" } });
  await ada.as.mutation(api.valuations.sessions.update, {
    reportId: "r",
    formData: { city: "Paris", employee_count: null },
  });
  store.cards.abc = {
    ...WIRE_CARD,
    city: "Ockham",
    employee_count: 20,
    industry: "Mathematics",
    description: "Engines.",
  };
  expect(await ada.as.action(api.valuations.cards.refresh, { reportId: "r" })).toBe(2);
  const { formData }: { formData: unknown } = await ada.as.query(api.valuations.sessions.get, { reportId: "r" });
  expect(formData).toMatchObject({ city: "Paris", industry: "Mathematics", description: "Engines." });
  expect(formData).not.toHaveProperty("employee_count");
  expect(await ada.as.action(api.valuations.cards.refresh, { reportId: "r" })).toBe(0);
});

test("live: whether there is a card is told before a draft starts from it", async () => {
  const t = backend();
  const store = cardStore({ abc: WIRE_CARD });
  const { as } = await signedInUser(t);
  const check = async (token: string, who: Pick<T, "action"> = as) =>
    await who
      .action(api.valuations.cards.check, { token })
      .catch((error: unknown) => getErrorData(error)?.code ?? error);
  expect(await check(" abc ")).toBe(true);
  for (const token of ["nonsense", "", "x".repeat(257)]) expect([token, await check(token)]).toEqual([token, false]);
  expect(await check("abc", t)).toBe("UNAUTHENTICATED");
  store.down = true;
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  expect([await check("abc"), await check("other")]).toEqual([true, "UNAVAILABLE"]);
  store.down = false;
  expect(await check("other")).toBe(false);
  expect(await as.query(api.valuations.sessions.list, { paginationOpts: { numItems: 5, cursor: null } })).toMatchObject(
    { page: [] },
  );
});

test("live: looking for cards is limited per user", async () => {
  const t = backend();
  vi.stubEnv("RATE_LIMIT_SCALE", "0.1");
  cardStore({ abc: WIRE_CARD });
  const [ada, grace] = [await signedInUser(t), await signedInUser(t)];
  for (let i = 0; i < 6; i++) await ada.as.action(api.valuations.cards.check, { token: "abc" });
  await expect(ada.as.action(api.valuations.cards.check, { token: "abc" })).rejects.toMatchObject({
    data: { code: "RATE_LIMITED" },
  });
  expect(await grace.as.action(api.valuations.cards.check, { token: "abc" })).toBe(true);
});

test("a draft hardly waits for a store that hangs, later ones not at all, and their card follows once it can be read", async () => {
  const t = backend();
  const store = cardStore({ abc: WIRE_CARD });
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const { headers } = await signedInUser(t);
  const create = () =>
    send(t, "POST", "/api/sessions", headers, { business_card_token: "abc", form_data: { city: "Paris" } });
  store.hangs = true;
  const began = performance.now();
  const first = await create();
  expect(performance.now() - began).toBeLessThan(4_000);
  expect(first).toMatchObject({
    status: 201,
    body: { form_data: { city: "Paris" }, prefilled_from_card: false, business_card_token: "abc", revision: 1 },
  });
  expect(await card(t, "other")).toMatchObject({ status: 500, body: { error: "Failed to fetch business card" } });
  const { asked } = store;
  const second = await create();
  expect(second).toMatchObject({ status: 201, body: { prefilled_from_card: false } });
  expect(store.asked).toBe(asked);
  store.hangs = false;
  forgetStore();
  const rows = await t.run((ctx) => ctx.db.query("valuationDrafts").collect());
  for (const { _id } of rows) await t.action(internal.valuations.cards.prefill, { draftId: _id, token: "abc" });
  for (const { body } of [first, second])
    expect((await send(t, "GET", `/api/sessions/${body.report_id}`, headers)).body).toMatchObject({
      form_data: { company_name: "Lovelace Engines", city: "Paris" },
      prefilled_from_card: true,
      revision: 2,
    });
});

test("live: a card that cannot be read is read again later, a few times", async () => {
  vi.useFakeTimers({ now: Date.parse("2026-03-10T12:00:00Z") });
  const t = backend();
  const store = cardStore({ abc: WIRE_CARD });
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const ada = await signedInUser(t);
  store.down = true;
  await ada.as.mutation(api.valuations.sessions.create, { reportId: "r", businessCardToken: "abc" });
  await t.finishAllScheduledFunctions(vi.runAllTimers);
  expect(store.asked).toBe(PREFILL_AGAIN_MS.length + 1);
  await ada.as.mutation(api.valuations.sessions.create, { reportId: "s", businessCardToken: "abc" });
  vi.advanceTimersByTime(0);
  await t.finishInProgressScheduledFunctions();
  store.down = false;
  await t.finishAllScheduledFunctions(vi.runAllTimers);
  expect(await ada.as.query(api.valuations.sessions.get, { reportId: "s" })).toMatchObject({
    prefilledFromCard: true,
    formData: { city: "London" },
  });
});

const someCard = fc.record({
  company_name: fc.constantFrom("a", "b"),
  industry: fc.constantFrom("a", "b", null),
  business_type_id: fc.constant(null),
  revenue: fc.constantFrom(1, 2, null),
  employee_count: fc.constantFrom(1, null),
  country_code: fc.constant(null),
  founding_year: fc.constant(null),
  description: fc.constant(null),
  city: fc.constantFrom("a", "b", null),
  business_highlights: fc.constant(null),
  reason_for_selling: fc.constant(null),
});
const edits = fc.dictionary(
  fc.constantFrom("company_name", "industry", "revenue", "city", "own"),
  fc.constantFrom<string | number | null>("edited", 7, "", null),
);

test("prefilling never changes a field that is there, refreshing never one that was edited", () => {
  fc.assert(
    fc.property(edits, someCard, someCard, edits, (start, before: CardFields, after: CardFields, changes) => {
      const prefill = selectPrefill(start, before);
      for (const name of Object.keys(start)) expect(prefill).not.toHaveProperty(name);
      const edited: JsonObject = { ...start, ...prefill, ...changes };
      const { patch } = planRefresh(edited, prefill, after);
      for (const [name, value] of Object.entries(edited))
        if (!Object.hasOwn(prefill, name) || prefill[name] !== value) expect(patch).not.toHaveProperty(name);
    }),
  );
});
