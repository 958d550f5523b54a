import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { api } from "../_generated/api";
import { signedInUser } from "../setup.testing";
import { backend, createGuest, send } from "./valuations.testing";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

const FULL_KEYS = [
  "id",
  "report_id",
  "user_id",
  "guest_session_id",
  "status",
  "current_view",
  "created_at",
  "updated_at",
  "completed_at",
  "form_data",
  "collected_data",
  "conversation_history",
  "valuation_result",
  "business_card_token",
  "prefilled_from_card",
  "revision",
];

describe("create and restore", () => {
  test("a draft starts with the defaults, and restores as created", async () => {
    const t = backend();
    const { headers, user } = await signedInUser(t);
    const created = await send(t, "POST", "/api/sessions", headers, {});
    expect(created.status).toBe(201);
    expect(Object.keys(created.body)).toEqual(FULL_KEYS);
    expect(created.body).toMatchObject({
      user_id: user.uuid,
      guest_session_id: null,
      status: "IN_PROGRESS",
      current_view: "MANUAL",
      completed_at: null,
      form_data: null,
      prefilled_from_card: false,
      revision: 1,
    });
    expect(created.headers.get("ETag")).toBe('"1"');
    const restored = await send(t, "GET", `/api/sessions/${created.body.report_id}`, headers);
    expect(restored).toMatchObject({ status: 200, body: created.body });
    expect(restored.headers.get("ETag")).toBe('"1"');
  });

  test("an id that no URL can hold is refused", async () => {
    const t = backend();
    const { headers, as } = await signedInUser(t);
    for (const report_id of [".", ".."]) {
      expect(await send(t, "POST", "/api/sessions", headers, { report_id })).toMatchObject({
        status: 400,
        body: { fields: { report_id: [expect.stringContaining("not . or ..")] } },
      });
      await expect(as.mutation(api.valuations.sessions.create, { reportId: report_id })).rejects.toThrow("VALIDATION");
    }
    for (const report_id of ["...", ".a", "a.", "-", "~"])
      expect((await send(t, "POST", "/api/sessions", headers, { report_id })).status).toBe(201);
  });

  test("free-form JSON of any keys and values comes back equal", async () => {
    const t = backend();
    const { headers } = await signedInUser(t);
    const odd = JSON.parse('{"__proto__":{"x":1},"":0,"$a":1,"_b":[],"größe":{"日本":"\\ud800"},"1":2}') as Record<
      string,
      unknown
    >;
    const { body } = await send(t, "POST", "/api/sessions", headers, {
      form_data: odd,
      collected_data: odd,
      conversation_history: [odd, null, "x"],
    });
    const restored = await send(t, "GET", `/api/sessions/${body.report_id}`, headers);
    expect(JSON.stringify(restored.body.form_data)).toBe(JSON.stringify(odd));
    expect(JSON.stringify(restored.body.collected_data)).toBe(JSON.stringify(odd));
    expect(JSON.stringify(restored.body.conversation_history)).toBe(JSON.stringify([odd, null, "x"]));
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.string({ unit: "binary", maxLength: 8 }), fc.jsonValue({ maxDepth: 4 }), { maxKeys: 6 }),
        async (form) => {
          const sent = JSON.parse(JSON.stringify(form)) as unknown;
          const answer = await send(t, "POST", "/api/sessions", headers, { form_data: sent });
          expect(answer.body.form_data).toEqual(sent);
        },
      ),
      { numRuns: 25 },
    );
  });

  test("an existing report id: the caller's own comes back unchanged, others' and deleted ones are taken", async () => {
    const t = backend();
    const [ada, eve] = [await signedInUser(t), await signedInUser(t)];
    const first = await send(t, "POST", "/api/sessions", ada.headers, { report_id: "r-1", form_data: { a: 1 } });
    const again = await send(t, "POST", "/api/sessions", ada.headers, { report_id: "r-1", form_data: { a: 2 } });
    expect([again.status, again.body]).toEqual([200, first.body]);
    expect(await send(t, "POST", "/api/sessions", eve.headers, { report_id: "r-1" })).toMatchObject({
      status: 409,
      body: { error: "Report already exists" },
    });
    await send(t, "DELETE", "/api/sessions/r-1", ada.headers);
    expect((await send(t, "POST", "/api/sessions", ada.headers, { report_id: "r-1" })).status).toBe(409);
  });

  test("strangers get 403, unknown reports 404, a bad credential 401", async () => {
    const t = backend();
    const [ada, eve] = [await signedInUser(t), await signedInUser(t)];
    await send(t, "POST", "/api/sessions", ada.headers, { report_id: "mine" });
    const guest = await createGuest(t);
    for (const headers of [eve.headers, guest, {}] as Record<string, string>[]) {
      expect(await send(t, "GET", "/api/sessions/mine", headers)).toMatchObject({
        status: 403,
        body: { error: "Unauthorized" },
      });
      expect(await send(t, "PATCH", "/api/sessions/mine", headers, {})).toMatchObject({
        status: 403,
        body: { error: "Unauthorized" },
      });
      expect(await send(t, "DELETE", "/api/sessions/mine", headers)).toMatchObject({
        status: 403,
        body: { error: "Unauthorized" },
      });
      expect(await send(t, "GET", "/api/sessions/other", headers)).toMatchObject({
        status: 404,
        body: { error: "Session not found" },
      });
    }
    for (const Authorization of [
      "Bearer x.y.z",
      "SessionID 6f1c0f4e-0000-4000-8000-000000000000",
      "Basic abc",
      "nonsense",
    ]) {
      const answer = await send(t, "GET", "/api/sessions", { Authorization, ...guest });
      expect(answer).toMatchObject({ status: 401, body: { error: "Unauthorized" } });
    }
  });

  test("wrong input is named field by field; nothing is stored", async () => {
    const t = backend();
    const { headers } = await signedInUser(t);
    const wrong = await send(t, "POST", "/api/sessions", headers, {
      report_id: "a b",
      current_view: "OTHER",
      form_data: [],
      collected_data: "x",
      conversation_history: {},
      status: "COMPLETED",
      surprise: 1,
      revision: 7,
    });
    expect(wrong.status).toBe(400);
    expect(Object.keys(wrong.body.fields).sort()).toEqual(
      ["collected_data", "conversation_history", "current_view", "form_data", "report_id", "status", "surprise"].sort(),
    );
    for (const body of ["[]", "1", "{", "null"])
      expect((await send(t, "POST", "/api/sessions", headers, body)).status).toBe(400);
    expect((await send(t, "GET", "/api/sessions", headers)).body.total).toBe(0);
  });
});

describe("update", () => {
  test("merge patch, replacement, view, and one revision each", async () => {
    const t = backend();
    const { headers } = await signedInUser(t);
    await send(t, "POST", "/api/sessions", headers, {
      report_id: "r",
      form_data: { a: 1, b: { c: 1, d: 2 } },
      conversation_history: [1],
    });
    const { body } = await send(t, "PATCH", "/api/sessions/r", headers, {
      form_data: { a: null, b: { c: null, e: 3 } },
      collected_data: { x: 1 },
      conversation_history: [2, 3],
      valuation_result: "about 5",
      current_view: "CONVERSATIONAL",
      report_id: "ignored",
      id: "ignored",
    });
    expect(body).toMatchObject({
      report_id: "r",
      form_data: { b: { d: 2, e: 3 } },
      collected_data: { x: 1 },
      conversation_history: [2, 3],
      valuation_result: "about 5",
      current_view: "CONVERSATIONAL",
      revision: 2,
    });
    expect((await send(t, "GET", "/api/sessions/r", headers)).body).toEqual(body);
    const cleared = await send(t, "PATCH", "/api/sessions/r", headers, { form_data: null, valuation_result: null });
    expect(cleared.body).toMatchObject({ form_data: null, valuation_result: null, revision: 3 });
  });

  test("status moves as documented, and DELETED only by DELETE", async () => {
    const t = backend();
    const { headers } = await signedInUser(t);
    await send(t, "POST", "/api/sessions", headers, { report_id: "r" });
    const to = async (status: string) => (await send(t, "PATCH", "/api/sessions/r", headers, { status })).body;
    const completed = await to("COMPLETED");
    expect(completed.completed_at).toBe(completed.updated_at);
    expect((await to("ARCHIVED")).completed_at).toBe(completed.completed_at);
    expect((await to("COMPLETED")).completed_at).toBe(completed.completed_at);
    expect((await to("IN_PROGRESS")).completed_at).toBeNull();
    const refused = await send(t, "PATCH", "/api/sessions/r", headers, { status: "DELETED" });
    expect([refused.status, Object.keys(refused.body.fields)]).toEqual([400, ["status"]]);
  });

  test("a field over its limit is 413 and nothing is saved", async () => {
    const t = backend();
    const { headers } = await signedInUser(t);
    await send(t, "POST", "/api/sessions", headers, { report_id: "r", form_data: { kept: "x".repeat(40_000) } });
    const over = { form_data: { more: "x".repeat(30_000) }, status: "COMPLETED" };
    expect(await send(t, "PATCH", "/api/sessions/r", headers, over)).toMatchObject({
      status: 413,
      body: { error: "form_data: Must not be larger than 64 KiB." },
    });
    expect(
      (await send(t, "PATCH", "/api/sessions/r", headers, { collected_data: { a: "ü".repeat(33_000) } })).status,
    ).toBe(413);
    expect(
      (await send(t, "PATCH", "/api/sessions/r", headers, { conversation_history: ["x".repeat(525_000)] })).status,
    ).toBe(413);
    expect((await send(t, "PATCH", "/api/sessions/r", headers, { valuation_result: "x".repeat(66_000) })).status).toBe(
      413,
    );
    const { body } = await send(t, "GET", "/api/sessions/r", headers);
    expect(body).toMatchObject({
      status: "IN_PROGRESS",
      revision: 1,
      collected_data: null,
      conversation_history: null,
    });
    expect(
      (await send(t, "PATCH", "/api/sessions/r", headers, { conversation_history: ["x".repeat(500_000)] })).status,
    ).toBe(200);
    expect((await send(t, "POST", "/api/sessions", headers, { form_data: { a: "x".repeat(66_000) } })).status).toBe(
      413,
    );
  });

  test("a stale If-Match is 412 with the current row; any current one passes", async () => {
    const t = backend();
    const { headers } = await signedInUser(t);
    await send(t, "POST", "/api/sessions", headers, { report_id: "r" });
    const patch = (ifMatch: string, form_data: object) =>
      send(t, "PATCH", "/api/sessions/r", { ...headers, "If-Match": ifMatch }, { form_data });
    expect((await patch('"1"', { a: 1 })).body.revision).toBe(2);
    const stale = await patch('"1"', { a: 2 });
    expect(stale.status).toBe(412);
    expect(stale.headers.get("ETag")).toBe('"2"');
    const { body: session } = await send(t, "GET", "/api/sessions/r", headers);
    expect(stale.body).toEqual({ error: "Version conflict", code: "PRECONDITION_FAILED", revision: 2, session });
    expect((await patch('"1", "2"', { a: 3 })).status).toBe(200);
    expect((await patch("*", { a: 4 })).status).toBe(200);
    expect((await patch('W/"4"', { a: 5 })).status).toBe(412);
    expect((await patch("garbage", { a: 5 })).status).toBe(412);
  });

  test("of a hundred concurrent updates exactly those with the current revision succeed", async () => {
    const t = backend();
    const { headers } = await signedInUser(t);
    await send(t, "POST", "/api/sessions", headers, { report_id: "r" });
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) =>
        send(
          t,
          "PATCH",
          "/api/sessions/r",
          { ...headers, "If-Match": `"${1 + (i % 4)}"` },
          { form_data: { [`k${i}`]: i } },
        ),
      ),
    );
    const succeeded = answers.filter(({ status }) => status === 200);
    expect(answers.every(({ status }) => status === 200 || status === 412)).toBe(true);
    const { body } = await send(t, "GET", "/api/sessions/r", headers);
    expect(new Set(succeeded.map(({ body: { revision } }) => revision)).size).toBe(succeeded.length);
    expect(body.revision).toBe(1 + succeeded.length);
    expect(Object.keys(body.form_data)).toHaveLength(succeeded.length);
    expect(succeeded.length).toBeGreaterThan(0);
  });
});

describe("list and delete", () => {
  test("summaries only, last changed first, without deleted ones; total and has_more", async () => {
    const t = backend();
    const { headers } = await signedInUser(t);
    for (let i = 0; i < 7; i++)
      await send(t, "POST", "/api/sessions", headers, {
        report_id: `r${i}`,
        collected_data: { i },
        conversation_history: [i],
      });
    await new Promise((done) => setTimeout(done, 3));
    await send(t, "PATCH", "/api/sessions/r2", headers, { status: "COMPLETED" });
    await new Promise((done) => setTimeout(done, 3));
    expect(await send(t, "DELETE", "/api/sessions/r5", headers)).toMatchObject({
      status: 200,
      body: { success: true, deleted_report_id: "r5" },
    });
    const page = await send(t, "GET", "/api/sessions?limit=4", headers);
    expect(page.body).toMatchObject({ total: 6, has_more: true });
    expect(page.body.sessions[0]?.report_id).toBe("r2");
    expect(Object.keys(page.body.sessions[0] ?? {})).toEqual([
      "id",
      "report_id",
      "status",
      "current_view",
      "created_at",
      "updated_at",
      "completed_at",
      "form_data",
      "valuation_result",
    ]);
    const rest = await send(t, "GET", "/api/sessions?limit=4&offset=4", headers);
    expect(rest.body).toMatchObject({ total: 6, has_more: false });
    const ids = [...page.body.sessions, ...rest.body.sessions].map(({ report_id }) => report_id);
    expect(new Set(ids)).toEqual(new Set(["r0", "r1", "r2", "r3", "r4", "r6"]));
    const statuses = async (query: string) => (await send(t, "GET", `/api/sessions?${query}`, headers)).body;
    expect(await statuses("status=Completed")).toMatchObject({ total: 1, sessions: [{ report_id: "r2" }] });
    expect(await statuses("status=in_progress&limit=2")).toMatchObject({ total: 5, has_more: true });
    expect(await statuses("status=deleted")).toEqual({ sessions: [], total: 0, has_more: false });
    expect(await statuses("offset=500")).toEqual({ sessions: [], total: 6, has_more: false });
    expect(await statuses("limit=1000&unknown=1")).toMatchObject({ total: 6 });
    for (const query of ["limit=0", "limit=-1", "limit=x", "offset=-1", "offset=1.5", "status=done"])
      expect((await send(t, "GET", `/api/sessions?${query}`, headers)).status).toBe(400);
  });

  test("nobody's list is empty", async () => {
    const t = backend();
    expect(await send(t, "GET", "/api/sessions")).toMatchObject({
      status: 200,
      body: { sessions: [], total: 0, has_more: false },
    });
  });

  test("a deleted draft is gone for everything but repeating the deletion", async () => {
    const t = backend();
    const [ada, eve] = [await signedInUser(t), await signedInUser(t)];
    await send(t, "POST", "/api/sessions", ada.headers, { report_id: "r" });
    for (let i = 0; i < 2; i++) expect((await send(t, "DELETE", "/api/sessions/r", ada.headers)).status).toBe(200);
    expect((await send(t, "GET", "/api/sessions/r", ada.headers)).status).toBe(404);
    expect((await send(t, "PATCH", "/api/sessions/r", ada.headers, {})).status).toBe(404);
    expect((await send(t, "DELETE", "/api/sessions/r", eve.headers)).status).toBe(404);
    const entries = await t.run((ctx) => ctx.db.query("auditEntries").collect());
    expect(entries.filter(({ action }) => action === "deleted")).toMatchObject([
      { target: "report r", actor: ada.user.uuid },
    ]);
  });

  test("other methods are 405, and a trailing slash is another path", async () => {
    const t = backend();
    const { headers } = await signedInUser(t);
    const put = await send(t, "PUT", "/api/sessions/r", headers, {});
    expect([put.status, put.headers.get("Allow"), Object.keys(put.body)]).toEqual([
      405,
      "DELETE, GET, HEAD, OPTIONS, PATCH",
      ["error", "code"],
    ]);
    await send(t, "POST", "/api/sessions", headers, { report_id: "claim" });
    expect((await send(t, "GET", "/api/sessions/claim", headers)).status).toBe(200);
    expect((await send(t, "GET", "/api/sessions/claim/", headers)).status).toBe(404);
  });
});

test("where the clock was put back, no draft is changed or completed before it was created", async () => {
  vi.useFakeTimers({ now: Date.parse("2026-03-10T12:00:00Z"), toFake: ["Date"] });
  try {
    const t = backend();
    const { headers } = await signedInUser(t);
    const path = `/api/sessions/${(await send(t, "POST", "/api/sessions", headers, {})).body.report_id}`;
    vi.setSystemTime(Date.parse("2026-03-09T12:00:00Z"));
    const { body } = await send(t, "PATCH", path, headers, { status: "COMPLETED" });
    expect(body.updated_at).toBe(body.created_at);
    expect(body.completed_at).toBe(body.created_at);
  } finally {
    vi.useRealTimers();
  }
});
