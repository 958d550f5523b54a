import fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { api } from "../_generated/api";
import { signedInUser } from "../setup.testing";
import type { Json } from "./rules";
import { backend, createGuest, send } from "./valuations.testing";
import { liveJson, toLive } from "./drafts/liveJson";

afterEach(() => vi.unstubAllEnvs());

const page = (numItems: number, cursor: string | null = null) => ({ paginationOpts: { numItems, cursor } });

test("live functions and REST see the same drafts", async () => {
  const t = backend();
  const ada = await signedInUser(t);
  const created = await ada.as.mutation(api.valuations.sessions.create, {
    reportId: "r",
    formData: { a: 1 },
    conversationHistory: ["hi"],
  });
  expect(created).toMatchObject({
    reportId: "r",
    userId: ada.user.uuid,
    revision: 1,
    formData: { a: 1 },
    conversationHistory: ["hi"],
  });
  await send(t, "PATCH", "/api/sessions/r", ada.headers, { form_data: { größe: 2 } });
  const seen = await ada.as.query(api.valuations.sessions.get, { reportId: "r" });
  expect(JSON.parse(seen.formData as string)).toEqual({ a: 1, größe: 2 });
  await ada.as.mutation(api.valuations.sessions.update, {
    reportId: "r",
    formData: '{"größe":null}',
    valuationResult: { low: 1 },
  });
  expect((await send(t, "GET", "/api/sessions/r", ada.headers)).body).toMatchObject({
    form_data: { a: 1 },
    valuation_result: { low: 1 },
    revision: 3,
  });
});

test("a stale revision is a conflict that carries the current draft, and changes nothing", async () => {
  const t = backend();
  const ada = await signedInUser(t);
  await ada.as.mutation(api.valuations.sessions.create, { reportId: "r" });
  await ada.as.mutation(api.valuations.sessions.update, { reportId: "r", expectedRevision: 1, formData: { a: 1 } });
  const error: unknown = await ada.as
    .mutation(api.valuations.sessions.update, { reportId: "r", expectedRevision: 1, formData: { a: 2 } })
    .catch((e: unknown) => e);
  const { data } = error as { data: unknown };
  expect(typeof data === "string" ? JSON.parse(data) : data).toMatchObject({
    code: "CONFLICT",
    revision: 2,
    session: { formData: { a: 1 } },
  });
  expect((await ada.as.query(api.valuations.sessions.get, { reportId: "r" })).revision).toBe(2);
});

test("pages, filters, deletion and its undoing", async () => {
  const t = backend();
  const ada = await signedInUser(t);
  for (const reportId of ["a", "b", "c"]) await ada.as.mutation(api.valuations.sessions.create, { reportId });
  await ada.as.mutation(api.valuations.sessions.update, { reportId: "b", status: "COMPLETED" });
  const first = await ada.as.query(api.valuations.sessions.list, page(2));
  const second = await ada.as.query(api.valuations.sessions.list, page(2, first.continueCursor));
  expect([...first.page, ...second.page].map(({ reportId }) => reportId).sort()).toEqual(["a", "b", "c"]);
  await ada.as.mutation(api.valuations.sessions.remove, { reportId: "b" });
  const completed = async () =>
    (await ada.as.query(api.valuations.sessions.list, { status: "completed", ...page(9) })).page.length;
  expect(await completed()).toBe(0);
  expect((await send(t, "GET", "/api/sessions?limit=1", ada.headers)).body.total).toBe(2);
  await ada.as.mutation(api.valuations.sessions.restore, { reportId: "b" });
  expect(await completed()).toBe(1);
  expect((await send(t, "GET", "/api/sessions?limit=1", ada.headers)).body.total).toBe(3);
  for (const status of ["done", "", "constructor", "__proto__"])
    await expect(ada.as.query(api.valuations.sessions.list, { status, ...page(1) })).rejects.toThrow("VALIDATION");
});

test("strangers and callers without identity are refused", async () => {
  const t = backend();
  const [ada, eve] = [await signedInUser(t), await signedInUser(t)];
  await ada.as.mutation(api.valuations.sessions.create, { reportId: "r" });
  await expect(eve.as.query(api.valuations.sessions.get, { reportId: "r" })).rejects.toThrow("FORBIDDEN");
  await expect(eve.as.mutation(api.valuations.sessions.restore, { reportId: "r" })).rejects.toThrow("FORBIDDEN");
  await expect(eve.as.query(api.valuations.sessions.get, { reportId: "x" })).rejects.toThrow("NOT_FOUND");
  await expect(t.query(api.valuations.sessions.get, { reportId: "r" })).rejects.toThrow("UNAUTHENTICATED");
  for (const formData of [[1], "no json", 5, "[1]"])
    await expect(ada.as.mutation(api.valuations.sessions.update, { reportId: "r", formData })).rejects.toThrow(
      "VALIDATION",
    );
});

test("a guest's drafts are previewed, then claimed once", async () => {
  const t = backend();
  const ada = await signedInUser(t);
  const guest = await createGuest(t);
  const guestSessionId = guest["X-Guest-Session-Id"] ?? "";
  await send(t, "POST", "/api/sessions", guest, { report_id: "g" });
  expect(await ada.as.query(api.valuations.claims.preview, { guestSessionId })).toMatchObject([{ reportId: "g" }]);
  expect(await ada.as.mutation(api.valuations.sessions.claim, { guestSessionId })).toBe(1);
  expect(await ada.as.mutation(api.valuations.sessions.claim, { guestSessionId })).toBe(0);
  expect(await ada.as.query(api.valuations.claims.preview, { guestSessionId })).toEqual([]);
  const [receipt] = await ada.as.query(api.valuations.claims.receipts, {});
  await ada.as.mutation(api.valuations.claims.dismiss, { id: receipt!.id });
  expect(await ada.as.query(api.valuations.claims.receipts, {})).toEqual([]);
});

test("half of a surrogate pair comes back from free-form JSON as it was sent, whichever way it came", async () => {
  const t = backend();
  const ada = await signedInUser(t);
  const odd = { a: "\ud800", "\udc00": ["🎨\ud83c"] };
  await ada.as.mutation(api.valuations.sessions.create, {
    reportId: "r",
    formData: '{"a":"\ud800","\udc00":["🎨\ud83c"]}',
  });
  expect((await send(t, "GET", "/api/sessions/r", ada.headers)).body.form_data).toEqual(odd);
  const { formData } = await ada.as.mutation(api.valuations.sessions.update, {
    reportId: "r",
    valuationResult: ["\ud800"],
  });
  expect(JSON.parse(formData as string)).toEqual(odd);
  const { valuationResult } = await ada.as.query(api.valuations.sessions.get, { reportId: "r" });
  // A live value has no such strings; JSON text can name them.
  expect(valuationResult).toBe('["\\ud800"]');
  await expect(ada.as.mutation(api.valuations.sessions.create, { businessCardToken: "\ud800" })).rejects.toMatchObject({
    data: { code: "VALIDATION", fields: { businessCardToken: ["Must be valid Unicode."] } },
  });
});

test("a field over its limit is a wrong field, named as the live function names it", async () => {
  const t = backend();
  const ada = await signedInUser(t);
  const refused = (name: string, limit = 64) => ({
    data: {
      code: "VALIDATION",
      message: `${name}: Must not be larger than ${limit} KiB.`,
      fields: { [name]: [expect.stringContaining(`Must not be larger than ${limit} KiB.`)] },
    },
  });
  const large = { a: "x".repeat(64 * 1024) };
  await expect(ada.as.mutation(api.valuations.sessions.create, { formData: large })).rejects.toMatchObject(
    refused("formData"),
  );
  await ada.as.mutation(api.valuations.sessions.create, { reportId: "r" });
  const update = (change: object) => ada.as.mutation(api.valuations.sessions.update, { reportId: "r", ...change });
  for (const name of ["formData", "collectedData", "valuationResult"])
    await expect(update({ [name]: large })).rejects.toMatchObject(refused(name));
  await expect(update({ conversationHistory: ["x".repeat(512 * 1024)] })).rejects.toMatchObject(
    refused("conversationHistory", 512),
  );
  await expect(ada.as.mutation(api.valuations.sessions.create, { reportId: "a/b" })).rejects.toMatchObject({
    data: { code: "VALIDATION", fields: { reportId: [expect.any(String)] } },
  });
  expect((await send(t, "PATCH", "/api/sessions/r", ada.headers, { form_data: large })).status).toBe(413);
});

test("a key that is too long for a live value does not keep a draft from its owner", async () => {
  const t = backend();
  const ada = await signedInUser(t);
  const form = { ["k".repeat(1_025)]: 1 };
  expect((await send(t, "POST", "/api/sessions", ada.headers, { report_id: "long", form_data: form })).status).toBe(
    201,
  );
  const { formData } = await ada.as.query(api.valuations.sessions.get, { reportId: "long" });
  expect(JSON.parse(formData as string)).toEqual(form);
  expect(toLive(JSON.stringify({ ["k".repeat(1_024)]: 1 }))).toBeTypeOf("object");
});

const json = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value)) as Json);

test("JSON survives the live protocol's shapes", () => {
  fc.assert(
    fc.property(json, (value) => {
      const live = toLive(value === null ? null : JSON.stringify(value));
      expect(JSON.parse(liveJson("any").parse(live))).toEqual(value);
    }),
  );
});
