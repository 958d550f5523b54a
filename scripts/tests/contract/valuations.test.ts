/** convex/valuations/README.md §4.1–4.5 as an integrator meets them: shapes, pages, restoring, updating, deleting. */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { call, newAccount, type Account, type CallOptions } from "../support/api";
import { FULL_KEYS, newGuestHeaders, SUMMARY_KEYS, TIME, UUID } from "../support/valuations";

let ada: Account;
let eve: Account;
beforeAll(async () => {
  [ada, eve] = await Promise.all([newAccount(), newAccount()]);
});

const as = (account: Account, options: CallOptions = {}): CallOptions => ({ auth: account.session, ...options });
const create = async (body: Record<string, unknown> = {}, account = ada) => {
  const answer = await call(
    "POST",
    "/api/sessions",
    as(account, { body: { report_id: `r-${randomUUID()}`, ...body } }),
  );
  expect(answer.status, answer.text).toBe(201);
  return answer.body as Record<string, any> & { report_id: string };
};
const patch = (reportId: string, body: unknown, headers: Record<string, string> = {}) =>
  call("PATCH", `/api/sessions/${reportId}`, as(ada, { body, headers }));

describe("creating", () => {
  test("an empty body makes a draft with every field at its default", async () => {
    const { status, body, headers } = await call("POST", "/api/sessions", as(ada, { body: {} }));
    expect(status).toBe(201);
    expect(Object.keys(body).sort()).toEqual([...FULL_KEYS].sort());
    expect(body).toMatchObject({
      id: expect.stringMatching(UUID),
      report_id: expect.stringMatching(/^[A-Za-z0-9._~-]{1,128}$/),
      user_id: expect.stringMatching(UUID),
      guest_session_id: null,
      status: "IN_PROGRESS",
      current_view: "MANUAL",
      created_at: expect.stringMatching(TIME),
      updated_at: body.created_at,
      completed_at: null,
      form_data: null,
      collected_data: null,
      conversation_history: null,
      valuation_result: null,
      business_card_token: null,
      prefilled_from_card: false,
      revision: 1,
    });
    expect(headers.get("etag")).toBe('"1"');
    expect(headers.get("content-type")).toMatch(/^application\/json/);
    expect(headers.get("set-cookie")).toBeNull();
  });

  test.each([["a"], ["A-Za-z0-9._~-"], ["."], ["x".repeat(128)], ["claim"]])(
    "report_id %j is accepted",
    async (reportId) => {
      const unique = reportId.length < 100 ? `${reportId}${randomUUID()}` : `${randomUUID()}${reportId}`.slice(0, 128);
      const { body } = await call("POST", "/api/sessions", as(ada, { body: { report_id: unique } }));
      expect(body.report_id).toBe(unique);
      expect((await call("GET", `/api/sessions/${unique}`, as(ada))).status).toBe(200);
    },
  );

  test.each([[""], ["a b"], ["a/b"], ["é"], ["a\n"], ["x".repeat(129)], [7], [null], [{}]])(
    "report_id %j is refused by name",
    async (reportId) => {
      const { status, body } = await call("POST", "/api/sessions", as(ada, { body: { report_id: reportId } }));
      expect([status, Object.keys(body.fields)]).toEqual([400, ["report_id"]]);
    },
  );

  test("an existing report_id: one's own comes back unchanged, others' and deleted ones conflict", async () => {
    const mine = await create({ form_data: { a: 1 } });
    const again = await call(
      "POST",
      "/api/sessions",
      as(ada, { body: { report_id: mine.report_id, form_data: { a: 2 } } }),
    );
    expect([again.status, again.body]).toEqual([200, mine]);
    const taken = { error: "Report already exists", code: "CONFLICT" };
    const theirs = await call("POST", "/api/sessions", as(eve, { body: { report_id: mine.report_id } }));
    expect([theirs.status, theirs.body]).toEqual([409, taken]);
    const guests = await call("POST", "/api/sessions", { body: { report_id: mine.report_id } });
    expect([guests.status, guests.body, guests.headers.get("set-cookie")]).toEqual([409, taken, null]);
    await call("DELETE", `/api/sessions/${mine.report_id}`, as(ada));
    const gone = await call("POST", "/api/sessions", as(ada, { body: { report_id: mine.report_id } }));
    expect([gone.status, gone.body]).toEqual([409, taken]);
  });

  test("of twenty at once with one report_id exactly one creates", async () => {
    const reportId = `race-${randomUUID()}`;
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        call("POST", "/api/sessions", as(i % 2 ? ada : eve, { body: { report_id: reportId } })),
      ),
    );
    const count = (status: number) => answers.filter((answer) => answer.status === status).length;
    expect([count(201), count(200), count(409)]).toEqual([1, 9, 10]);
  });

  test("every wrong and unknown field is named; read-only names are ignored", async () => {
    const wrong = await call(
      "POST",
      "/api/sessions",
      as(ada, {
        body: '{"current_view":"manual","form_data":[],"collected_data":"x","conversation_history":{},"business_card_token":7,"status":"COMPLETED","valuation_result":{},"surprise":1,"__proto__":{"a":1},"constructor":2}',
      }),
    );
    expect(wrong.status).toBe(400);
    expect(wrong.body.error).toBeTypeOf("string");
    expect(Object.keys(wrong.body.fields).sort()).toEqual(
      [
        "__proto__",
        "business_card_token",
        "collected_data",
        "constructor",
        "conversation_history",
        "current_view",
        "form_data",
        "status",
        "surprise",
        "valuation_result",
      ].sort(),
    );
    const echo = await create({
      id: "x",
      user_id: eve.email,
      guest_session_id: "x",
      created_at: "x",
      updated_at: 1,
      completed_at: 2,
      revision: 9,
      prefilled_from_card: true,
    });
    expect(echo).toMatchObject({ revision: 1, prefilled_from_card: false, completed_at: null });
  });
});

describe("Idempotency-Key", () => {
  const key = () => ({ "Idempotency-Key": randomUUID() });

  test("the same request is answered once more, another body is 409, another caller is another key", async () => {
    const headers = key();
    const first = await call("POST", "/api/sessions", as(ada, { body: { form_data: { a: 1 } }, headers }));
    const again = await call("POST", "/api/sessions", as(ada, { body: { form_data: { a: 1 } }, headers }));
    expect([again.status, again.text, again.headers.get("etag")]).toEqual([201, first.text, '"1"']);
    expect((await call("POST", "/api/sessions", as(ada, { body: { form_data: { a: 2 } }, headers }))).status).toBe(409);
    const other = await call("POST", "/api/sessions", as(eve, { body: { form_data: { a: 1 } }, headers }));
    expect(other.status).toBe(201);
    expect(other.body.report_id).not.toBe(first.body.report_id);
    const tooLong = await call(
      "POST",
      "/api/sessions",
      as(ada, { body: {}, headers: { "Idempotency-Key": "k".repeat(256) } }),
    );
    expect([tooLong.status, Object.keys(tooLong.body.fields)]).toEqual([400, ["Idempotency-Key"]]);
  });

  test("twenty at once with one key make one draft", async () => {
    const account = await newAccount();
    const headers = key();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => call("POST", "/api/sessions", as(account, { body: {}, headers }))),
    );
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect((await call("GET", "/api/sessions", as(account))).body.total).toBe(1);
  });
});

describe("the list", () => {
  let owner: Account;
  const list = (query = "") => call("GET", `/api/sessions${query}`, as(owner));
  const order: string[] = [];
  beforeAll(async () => {
    owner = await newAccount();
    for (let i = 0; i < 25; i++)
      order.unshift(
        (await create({ form_data: { i }, collected_data: { i }, conversation_history: [i] }, owner)).report_id,
      );
    for (const [index, status] of [
      [20, "COMPLETED"],
      [10, "ARCHIVED"],
    ] as const) {
      const [reportId] = order.splice(index, 1);
      await call("PATCH", `/api/sessions/${reportId}`, as(owner, { body: { status } }));
      order.unshift(reportId!);
    }
    await call("DELETE", `/api/sessions/${order.pop()}`, as(owner));
  });

  test("a summary has these keys and no more; newest change first", async () => {
    const { status, body } = await list("?limit=100");
    expect(status).toBe(200);
    expect(Object.keys(body).sort()).toEqual(["has_more", "sessions", "total"]);
    for (const row of body.sessions) expect(Object.keys(row).sort()).toEqual([...SUMMARY_KEYS].sort());
    expect(body.sessions.map((row: any) => row.report_id)).toEqual(order);
    const times = body.sessions.map((row: any) => row.updated_at);
    expect(times).toEqual([...times].sort().reverse());
  });

  test.each([
    ["", 20, true],
    ["?limit=1", 1, true],
    ["?limit=24", 24, false],
    ["?limit=23", 23, true],
    ["?limit=101", 24, false],
    ["?limit=999999999", 24, false],
    ["?limit=99999999999999999999", 24, false],
    ["?offset=23&limit=1", 1, false],
    ["?offset=22&limit=1", 1, true],
    ["?offset=24", 0, false],
    ["?offset=999999999999", 0, false],
    ["?offset=99999999999999999999", 0, false],
    ["?limit=007&offset=000", 7, true],
    ["?surprise=1&limit=2", 2, true],
  ])("%s gives %i, has_more %s, and the same total", async (query, count, hasMore) => {
    const { status, body } = await list(query);
    expect(status).toBe(200);
    expect([body.sessions.length, body.has_more, body.total]).toEqual([count, hasMore, 24]);
    const offset = Number(/offset=(\d+)/.exec(query)?.[1] ?? 0);
    expect(body.sessions.map((row: any) => row.report_id)).toEqual(order.slice(offset, offset + count));
  });

  test.each([
    ["limit=0"],
    ["limit=-1"],
    ["limit=abc"],
    ["limit="],
    ["limit=1.5"],
    ["limit=1e2"],
    ["offset=-1"],
    ["offset=x"],
    ["offset="],
    ["limit=-9999999999999999999"],
  ])("%s is 400 under its name", async (query) => {
    const { status, body } = await list(`?${query}`);
    expect([status, Object.keys(body.fields)]).toEqual([400, [query.split("=")[0]]]);
    expect(body.error).toBeTypeOf("string");
  });

  test.each([
    ["all", 24],
    ["ALL", 24],
    ["in_progress", 22],
    ["In_Progress", 22],
    ["COMPLETED", 1],
    ["archived", 1],
    ["deleted", 0],
    ["DELETED", 0],
  ])("status=%s gives %i", async (status, total) => {
    const { body } = await list(`?status=${status}&limit=100`);
    expect([body.total, body.sessions.length, body.has_more]).toEqual([total, total, false]);
    for (const row of body.sessions) if (status.toLowerCase() !== "all") expect(row.status).toBe(status.toUpperCase());
  });

  test.each([["done"], [""], ["in-progress"], ["completed,archived"], ["null"]])("status=%j is 400", async (status) => {
    const answer = await list(`?status=${encodeURIComponent(status)}`);
    expect([answer.status, Object.keys(answer.body.fields)]).toEqual([400, ["status"]]);
  });

  test("no identity has an empty list; HEAD has the headers alone", async () => {
    expect(await call("GET", "/api/sessions")).toMatchObject({
      status: 200,
      body: { sessions: [], total: 0, has_more: false },
    });
    const head = await call("HEAD", "/api/sessions", as(owner));
    expect([head.status, head.text]).toEqual([200, ""]);
  });
});

describe("restoring and deleting", () => {
  test("200 whole, with its revision; 404 unknown and deleted; 403 someone else's", async () => {
    const guest = await newGuestHeaders();
    const draft = await create({ form_data: { a: 1 }, collected_data: { b: 2 }, conversation_history: [{ c: 3 }] });
    const restored = await call("GET", `/api/sessions/${draft.report_id}`, as(ada));
    expect([restored.status, restored.body, restored.headers.get("etag")]).toEqual([200, draft, '"1"']);
    const viaJwt = await call("GET", `/api/sessions/${draft.report_id}`, { auth: ada.bearer });
    expect(viaJwt.text).toBe(restored.text);
    const strangers: CallOptions[] = [as(eve), { headers: guest }, {}];
    const methods = [["GET"], ["PATCH", { form_data: {} }], ["DELETE"]] as const;
    for (const stranger of strangers)
      for (const [method, body] of methods) {
        const forbidden = await call(method, `/api/sessions/${draft.report_id}`, { ...stranger, body });
        expect([method, forbidden.status, forbidden.body]).toEqual([
          method,
          403,
          { error: "Unauthorized", code: "FORBIDDEN" },
        ]);
        const unknown = await call(method, `/api/sessions/${randomUUID()}`, { ...stranger, body });
        expect([method, unknown.status, unknown.body]).toEqual([
          method,
          404,
          { error: "Session not found", code: "NOT_FOUND" },
        ]);
      }
    expect((await call("GET", `/api/sessions/${draft.report_id}`, as(ada))).text).toBe(restored.text);
  });

  test("a deletion can be repeated by its owner; everything else of it is gone", async () => {
    const { report_id } = await create();
    for (let i = 0; i < 3; i++) {
      const { status, body } = await call("DELETE", `/api/sessions/${report_id}`, as(ada));
      expect([status, body]).toEqual([200, { success: true, deleted_report_id: report_id }]);
    }
    for (const [method, body] of [["GET"], ["PATCH", {}]] as const)
      expect((await call(method, `/api/sessions/${report_id}`, as(ada, { body }))).body).toEqual({
        error: "Session not found",
        code: "NOT_FOUND",
      });
    expect((await call("DELETE", `/api/sessions/${report_id}`, as(eve))).status).toBe(404);
    expect(
      (await call("GET", "/api/sessions?limit=100", as(ada))).body.sessions.map((row: any) => row.report_id),
    ).not.toContain(report_id);
  });

  test.each([
    ["Basic YWRhOng="],
    ["Bearer"],
    ["Bearer x.y.z"],
    ["SessionID nope"],
    [`SessionID ${randomUUID()}`],
    ["nonsense"],
  ])("Authorization: %s is 401, never a guest", async (auth) => {
    const guest = await newGuestHeaders();
    const { report_id } = (await call("POST", "/api/sessions", { body: {}, headers: guest })).body;
    for (const [method, path, body] of [
      ["GET", "/api/sessions"],
      ["POST", "/api/sessions", {}],
      ["GET", `/api/sessions/${report_id}`],
      ["PATCH", `/api/sessions/${report_id}`, {}],
      ["DELETE", `/api/sessions/${report_id}`],
      ["POST", "/api/sessions/claim", {}],
    ] as const) {
      const answer = await call(method, path, { auth, headers: guest, body });
      expect([answer.status, answer.body]).toMatchObject([401, { error: "Unauthorized" }]);
      expect(answer.headers.get("www-authenticate")).toBeTruthy();
    }
  });
});

describe("updating", () => {
  test("status moves both ways, sets and clears completed_at, and is never DELETED", async () => {
    const { report_id } = await create();
    const to = async (status: string) =>
      (await patch(report_id, { status })).body as { status: string; completed_at: string | null; updated_at: string };
    const completed = await to("COMPLETED");
    expect(completed.completed_at).toBe(completed.updated_at);
    expect((await to("COMPLETED")).completed_at).toBe(completed.completed_at);
    expect(await to("IN_PROGRESS")).toMatchObject({ status: "IN_PROGRESS", completed_at: null });
    expect(await to("ARCHIVED")).toMatchObject({ status: "ARCHIVED", completed_at: null });
    expect((await to("COMPLETED")).completed_at).toMatch(TIME);
    expect(await to("ARCHIVED")).toMatchObject({ status: "ARCHIVED", completed_at: expect.stringMatching(TIME) });
    expect(await to("IN_PROGRESS")).toMatchObject({ completed_at: null });
    for (const status of ["DELETED", "in_progress", "", null, 1]) {
      const refused = await patch(report_id, { status });
      expect([refused.status, Object.keys(refused.body.fields)]).toEqual([400, ["status"]]);
    }
  });

  test("wrong and unknown fields are named and nothing of the request is saved", async () => {
    const { report_id, ...before } = await create({ form_data: { a: 1 } });
    const { status, body } = await patch(report_id, {
      form_data: [1],
      conversation_history: {},
      current_view: 1,
      surprise: 1,
      collected_data: 2,
    });
    expect([status, Object.keys(body.fields).sort()]).toEqual([
      400,
      ["collected_data", "conversation_history", "current_view", "form_data", "surprise"],
    ]);
    const mixed = await patch(report_id, { form_data: { a: 2 }, surprise: 1 });
    expect(mixed.status).toBe(400);
    expect((await call("GET", `/api/sessions/${report_id}`, as(ada))).body).toMatchObject(before);
    const ignored = await patch(report_id, {
      id: "x",
      report_id: "other",
      revision: 99,
      business_card_token: "x",
      created_at: 1,
    });
    expect(ignored.body).toMatchObject({ id: before.id, report_id, revision: 2, business_card_token: null });
  });

  test("If-Match: current passes, stale is 412 with the row as it is, any list or * is understood", async () => {
    const { report_id } = await create();
    const first = await patch(report_id, { form_data: { a: 1 } }, { "If-Match": '"1"' });
    expect([first.status, first.body.revision, first.headers.get("etag")]).toEqual([200, 2, '"2"']);
    const stale = await patch(report_id, { form_data: { a: 9 } }, { "If-Match": '"1"' });
    const row = await call("GET", `/api/sessions/${report_id}`, as(ada));
    expect([stale.status, stale.headers.get("etag")]).toEqual([412, '"2"']);
    expect(stale.body).toEqual({
      error: "Version conflict",
      code: "PRECONDITION_FAILED",
      revision: 2,
      session: row.body,
    });
    for (const value of ['W/"2"', "x", '""', '"02x"', '"02"', '"1", "99"'])
      expect((await patch(report_id, {}, { "If-Match": value })).status, value).toBe(412);
    for (const value of ["2", '"7", "3"', "*"])
      expect((await patch(report_id, {}, { "If-Match": value })).status, value).toBe(200);
    const unknown = await patch(randomUUID(), {}, { "If-Match": '"1"' });
    expect(unknown.status).toBe(404);
  });

  test("of a hundred at once with If-Match exactly those that were current succeed", async () => {
    const { report_id } = await create();
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) =>
        patch(report_id, { form_data: { [`k${i}`]: i } }, { "If-Match": `"${1 + (i % 4)}"` }),
      ),
    );
    const succeeded = answers.flatMap(({ status, body }, i) =>
      status === 200 ? [{ i, revision: body.revision as number }] : [],
    );
    expect(answers.every(({ status }) => status === 200 || status === 412)).toBe(true);
    expect(succeeded.length).toBeGreaterThan(0);
    // Each was current when it came: it named the revision before the one it made, and no revision was made twice.
    for (const { i, revision } of succeeded) expect(revision).toBe(2 + (i % 4));
    expect(new Set(succeeded.map(({ revision }) => revision)).size).toBe(succeeded.length);
    const { body } = await call("GET", `/api/sessions/${report_id}`, as(ada));
    expect(body.revision).toBe(1 + succeeded.length);
    expect(body.form_data).toEqual(Object.fromEntries(succeeded.map(({ i }) => [`k${i}`, i])));
    for (const answer of answers.filter(({ status }) => status === 412))
      expect(answer.body.session.revision).toBe(answer.body.revision);
  });

  test("a hundred at once without If-Match all count", async () => {
    const { report_id } = await create();
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) => patch(report_id, { form_data: { [`k${i}`]: i } })),
    );
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    const { body } = await call("GET", `/api/sessions/${report_id}`, as(ada));
    expect([body.revision, Object.keys(body.form_data).length]).toEqual([101, 100]);
  });
});

describe("the wire", () => {
  test.each([
    ["PUT", "/api/sessions/x", "DELETE, GET, HEAD, OPTIONS, PATCH"],
    ["POST", "/api/sessions/x", "DELETE, GET, HEAD, OPTIONS, PATCH"],
    ["PUT", "/api/sessions", "GET, HEAD, OPTIONS, POST"],
    ["DELETE", "/api/sessions", "GET, HEAD, OPTIONS, POST"],
    ["POST", "/api/business-cards", "GET, HEAD, OPTIONS"],
  ])("%s %s is 405 with Allow: %s", async (method, path, allow) => {
    const { status, headers, body } = await call(method, path, as(ada, { body: {} }));
    expect([status, headers.get("allow"), Object.keys(body)]).toEqual([405, allow, ["error", "code"]]);
  });

  test("bodies: not JSON 400, no object 400, another type 415, over 1 MiB 413, all as {error}", async () => {
    const { report_id } = await create();
    for (const body of ["{", "[]", "1", "null", '"x"', "{'a':1}", '{"form_data":NaN}']) {
      const answer = await call("POST", "/api/sessions", as(ada, { body }));
      expect([body, answer.status, typeof answer.body.error]).toEqual([body, 400, "string"]);
      expect((await patch(report_id, body)).status, body).toBe(400);
    }
    const form = await call(
      "POST",
      "/api/sessions",
      as(ada, { body: "a=b", headers: { "Content-Type": "application/x-www-form-urlencoded" } }),
    );
    expect([form.status, typeof form.body.error]).toEqual([415, "string"]);
    const merge = await patch(
      report_id,
      { form_data: { a: 1 } },
      { "Content-Type": "application/merge-patch+json; charset=utf-8" },
    );
    expect(merge.status).toBe(200);
    const large = await call("POST", "/api/sessions", as(ada, { body: { form_data: { a: "x".repeat(1024 * 1024) } } }));
    expect([large.status, typeof large.body.error]).toEqual([413, "string"]);
  });

  test("paths match byte for byte", async () => {
    const { report_id } = await create();
    expect((await call("GET", `/api/sessions/${report_id}/`, as(ada))).status).toBe(404);
    expect((await call("GET", `/api/sessions/${report_id}?x=/`, as(ada))).status).toBe(200);
    expect((await call("GET", "/api/sessions/a%2Fb", as(ada))).status).toBe(404);
    expect((await call("GET", "/api/sessions/%E0%A4%A", as(ada))).status).toBe(404);
    expect((await call("GET", `/api/sessions/${"x".repeat(5_000)}`, as(ada))).status).toBe(404);
  });
});
