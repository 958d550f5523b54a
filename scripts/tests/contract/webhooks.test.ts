/** convex/webhooks/README.md §11 over HTTP, with receivers that answer, hang, fail, redirect and disappear. */
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { anyApi, type FunctionReference } from "convex/server";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, expect, test } from "vitest";
import { adminClient } from "../../lib/admin";
import { deadlineMs } from "../../lib/deadlines";
import { admin, call, signedInAgain, target, type Account, type Answer } from "../support/api";
import { focusFunction, focusOwner } from "../support/focus";
import { startReceiver, type Receiver } from "../support/receiver";
import { draft, person, seat, send, type Person } from "../support/tutoring";
import { newGuestHeaders, TIME, UUID } from "../support/valuations";

const BASE = "/api/v1/webhooks/";
const allowPrivate = (value: string | null) =>
  adminClient(target().convexUrl, target().adminKey).setEnvironment({ WEBHOOK_ALLOW_PRIVATE: value });

const newTenant = () => admin<string>("accounts/tenants:create", { name: `Webhooks ${randomUUID()}` });

async function inTenant(tenantId: string, ...permissions: string[]): Promise<Person> {
  const who = await person();
  await admin("accounts/tenants:assign", { email: who.email, tenantId });
  for (const permission of permissions) await admin("accounts/users:grantPermission", { email: who.email, permission });
  // A move to another tenant ends what was signed in before.
  return { ...(await signedInAgain(who)), id: who.id };
}

const manager = async (): Promise<Person> => inTenant(await newTenant(), "manage_webhooks");

let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
  await allowPrivate("true");
});
afterAll(async () => {
  await allowPrivate(null);
  await receiver?.close();
});

async function subscribe(who: Account, path: string, events = ["*"]): Promise<{ id: string; secret: string }> {
  const made = await send("POST", BASE, who, { url: `${receiver.url}${path}`, events });
  expect(made.status, made.text).toBe(201);
  return made.body as { id: string; secret: string };
}

const deliveries = async (who: Account, id: string): Promise<any[]> =>
  (await send("GET", `${BASE}${id}/deliveries/`, who)).body.results;

/** Asks until the newest delivery is as it should be. */
async function settled(who: Account, id: string, isSettled: (delivery: any) => boolean): Promise<any> {
  const until = Date.now() + deadlineMs(40_000);
  for (;;) {
    const [delivery] = await deliveries(who, id);
    if (delivery && isSettled(delivery)) return delivery;
    if (Date.now() > until) throw new Error(`never settled: ${JSON.stringify(delivery)}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

const expectCode = (answer: Answer, status: number, code: string): void =>
  expect([answer.status, answer.body?.error?.code], answer.text).toEqual([status, code]);

test("only who manages webhooks sees and changes them, and only their tenant's", async () => {
  const [ada, stranger, bob] = [await manager(), await manager(), await person()];
  const { id } = await subscribe(ada, "/guarded");
  expectCode(await send("GET", BASE, null), 401, "AUTHENTICATION_REQUIRED");
  const one = `${BASE}${id}/`;
  const requests: [string, string, unknown?][] = [
    ["GET", one],
    ["PATCH", one, { description: "mine" }],
    ["DELETE", one],
    ["POST", `${one}rotate_secret/`],
    ["POST", `${one}test/`],
    ["GET", `${one}deliveries/`],
    ["POST", `${one}deliveries/${randomUUID()}/replay/`],
  ];
  for (const [method, path, body] of requests) {
    expectCode(await send(method, path, bob, body), 403, "FORBIDDEN");
    expectCode(await send(method, path, stranger, body), 404, "NOT_FOUND");
  }
  expectCode(await send("GET", BASE, bob), 403, "FORBIDDEN");
  expectCode(await send("POST", BASE, bob, { url: "https://example.com/", events: ["*"] }), 403, "FORBIDDEN");
  expect((await send("GET", BASE, stranger)).body).toEqual([]);
  const list = anyApi.webhooks!.endpoints!.list as FunctionReference<"query">;
  await expect(bob.http.query(list, {})).rejects.toMatchObject({ data: { code: "FORBIDDEN" } });
  expect(await ada.http.query(list, {})).toMatchObject([{ id, enabled: true, failingSince: null }]);
  const page = { webhookId: id, paginationOpts: { numItems: 10, cursor: null } };
  const listDeliveries = anyApi.webhooks!.deliveries!.list as FunctionReference<"query">;
  expect(await ada.http.query(listDeliveries, page)).toMatchObject({ page: [] });
  await expect(stranger.http.query(listDeliveries, page)).rejects.toMatchObject({ data: { code: "NOT_FOUND" } });
  expectCode(await send("GET", `${BASE}nobody/`, ada), 404, "NOT_FOUND");
  expectCode(await send("PUT", one, ada, {}), 405, "METHOD_NOT_ALLOWED");
});

test("a service key with the scope manages the webhooks of its tenant, and of no other", async () => {
  const tenants = [await newTenant(), await newTenant()] as const;
  const [ada, eve] = [await inTenant(tenants[0], "manage_webhooks"), await inTenant(tenants[1], "manage_webhooks")];
  const makeKey = async (tenant: string, ...scopes: string[]) =>
    `Bearer ${await admin<string>("identity/serviceKeys:make", { name: randomUUID(), scopes, tenant })}`;
  const [key, foreign, other] = [
    await makeKey(tenants[0], "webhooks"),
    await makeKey(tenants[1], "webhooks"),
    await makeKey(tenants[0], "metrics", "analytics:read"),
  ];
  const ask = (auth: string, method: string, path: string, body?: unknown) =>
    call(method, path, { auth, ...(body !== undefined && { body }) });
  const made = await ask(key, "POST", BASE, { url: `${receiver.url}/by-key`, events: ["*"] });
  expect(made.status, made.text).toBe(201);
  const { secret, ...told } = made.body as { id: string; secret: string };
  const one = `${BASE}${told.id}/`;
  expect((await send("GET", BASE, ada)).body).toEqual([told]);
  expect((await ask(key, "GET", BASE)).body).toEqual([told]);
  expect([(await ask(foreign, "GET", BASE)).body, (await send("GET", BASE, eve)).body]).toEqual([[], []]);

  const delivery = await ask(key, "POST", `${one}test/`);
  expect(delivery.status).toBe(202);
  const [ping] = await receiver.wait("/by-key", 1);
  expect(new Webhook(secret).verify(ping!.text, ping!.headers as Record<string, string>)).toMatchObject({
    type: "ping",
    tenant_id: tenants[0],
  });
  const requests: [string, string, unknown?][] = [
    ["GET", one],
    ["PATCH", one, { description: "changed" }],
    ["POST", `${one}rotate_secret/`],
    ["GET", `${one}deliveries/`],
    ["POST", `${one}deliveries/${delivery.body.id as string}/replay/`],
    ["DELETE", one],
  ];
  for (const [method, path, body] of requests) {
    expectCode(await ask(foreign, method, path, body), 404, "NOT_FOUND");
    expectCode(await ask(other, method, path, body), 403, "FORBIDDEN");
    expectCode(await ask(`Bearer ${target().serviceKey}`, method, path, body), 403, "FORBIDDEN");
  }
  for (const [method, path, body] of requests)
    expect((await ask(key, method, path, body)).status, `${method} ${path}`).toBeOneOf([200, 202, 204]);
  expect((await ask(key, "GET", BASE)).body).toEqual([]);
  // It opens nothing else, and without a tenant there is no such key.
  expect((await ask(key, "GET", "/api/metrics/")).status).toBe(403);
  expect((await ask(key, "GET", "/api/sessions/current/")).status).toBe(401);
  await expect(admin("identity/serviceKeys:make", { name: randomUUID(), scopes: ["webhooks"] })).rejects.toThrow(
    "Must name a tenant",
  );
});

test("the secret is told once, also under an Idempotency-Key", async () => {
  const ada = await manager();
  const body = { url: `${receiver.url}/once`, events: ["focus.started", "focus.started"], description: " Ours " };
  const key = { "Idempotency-Key": randomUUID() };
  const first = await send("POST", BASE, ada, body, key);
  expect([first.status, first.body]).toEqual([
    201,
    {
      id: expect.stringMatching(UUID),
      url: body.url,
      events: ["focus.started"],
      description: "Ours",
      secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{32}$/),
      enabled: true,
      created_at: expect.stringMatching(TIME),
    },
  ]);
  const { secret, ...told } = first.body;
  expect((await send("POST", BASE, ada, body, key)).body).toEqual(told);
  expect((await send("GET", BASE, ada)).body).toEqual([told]);
  const one = `${BASE}${told.id}/`;
  expect((await send("GET", one, ada)).body).toEqual(told);
  const rotated = await send("POST", `${one}rotate_secret/`, ada, undefined, key);
  expect(rotated.status).toBe(409);
  const other = await send("POST", `${one}rotate_secret/`, ada);
  expect(other.body).toEqual({ ...told, secret: expect.not.stringMatching(secret) });
  const changed = await send("PATCH", one, ada, { ...told, events: ["*"], enabled: false });
  expect([changed.status, changed.body]).toEqual([200, { ...told, events: ["*"], enabled: false }]);
  expectCode(await send("POST", `${one}test/`, ada), 409, "CONFLICT");
  expect((await send("DELETE", one, ada)).status).toBe(204);
  expectCode(await send("GET", one, ada), 404, "NOT_FOUND");
});

test("bad input names its field, and a tenant has at most twenty", async () => {
  const ada = await manager();
  const url = `${receiver.url}/many`;
  const refused: [unknown, string][] = [
    [{ events: ["*"] }, "url"],
    [{ url: "no url", events: ["*"] }, "url"],
    [{ url: "ftp://example.com/", events: ["*"] }, "url"],
    [{ url }, "events"],
    [{ url, events: [] }, "events"],
    [{ url, events: ["focus.begun"] }, "events"],
    [{ url, events: ["*", "focus.started"] }, "events"],
    [{ url, events: ["ping"] }, "events"],
    [{ url, events: ["*"], description: "x".repeat(501) }, "description"],
    [{ url, events: ["*"], color: "red" }, "color"],
  ];
  for (const [body, field] of refused) {
    const answer = await send("POST", BASE, ada, body);
    expectCode(answer, 400, "VALIDATION_ERROR");
    expect(Object.keys(answer.body.error.fields)).toEqual([field]);
  }
  const made = await Promise.all(Array.from({ length: 22 }, () => send("POST", BASE, ada, { url, events: ["*"] })));
  expect(made.filter(({ status }) => status === 201)).toHaveLength(20);
  for (const answer of made) if (answer.status !== 201) expectCode(answer, 409, "CONFLICT");
  const { id } = (await send("GET", BASE, ada)).body[0];
  const cursor = await send("GET", `${BASE}${id}/deliveries/?cursor=x`, ada);
  expectCode(cursor, 400, "VALIDATION_ERROR");
});

test("nothing goes to private addresses or over plain HTTP unless the setting says so", async () => {
  const ada = await manager();
  const { id } = await subscribe(ada, "/private");
  const tls = await send("POST", BASE, ada, { url: "https://127.0.0.1:1/", events: ["*"] });
  // A name, whose address only resolving it tells; a machine's own is in no public network.
  const named = await send("POST", BASE, ada, { url: `https://${hostname()}/`, events: ["*"] });
  await allowPrivate(null);
  try {
    for (const url of [
      `${receiver.url}/`,
      "https://127.0.0.1/",
      "https://2130706433/",
      "https://localhost/",
      "https://[::1]/",
      "https://169.254.169.254/",
      "https://[::ffff:10.0.0.1]/",
      `https://${hostname()}/`,
    ]) {
      const answer = await send("POST", BASE, ada, { url, events: ["*"] });
      expectCode(answer, 400, "VALIDATION_ERROR");
      expect(Object.keys(answer.body.error.fields)).toEqual(["url"]);
      expectCode(await send("PATCH", `${BASE}${id}/`, ada, { url }), 400, "VALIDATION_ERROR");
    }
    const unknown = await send("POST", BASE, ada, { url: `https://${randomUUID()}.invalid/`, events: ["*"] });
    expect(unknown.status, unknown.text).toBe(201);
    for (const [webhook, reason] of [
      [id, /https/],
      [tls.body.id, /private/],
      [named.body.id, /private/],
      [unknown.body.id, /\S/],
    ] as const) {
      expect((await send("POST", `${BASE}${webhook}/test/`, ada)).status).toBe(202);
      const { attempts } = await settled(ada, webhook, (delivery) => delivery.attempts.length > 0);
      expect(attempts[0]).toMatchObject({ code: null, answer: null, error: expect.stringMatching(reason) });
    }
    expect(receiver.under("/private")).toEqual([]);
  } finally {
    await allowPrivate("true");
  }
});

test("every event is signed and tells its object, without addresses and private texts", async () => {
  const ada = await manager();
  const tenantId = (await send("GET", "/api/sessions/current/", ada)).body.tenant_id as string;
  const { secret } = await subscribe(ada, "/all");
  const [bob, mod] = [await inTenant(tenantId), await inTenant(tenantId, "moderate_sessions")];
  const verifier = new Webhook(secret);
  const expectEvent = async (type: string, matches: (data: any) => boolean = () => true): Promise<any> => {
    const [one] = await receiver.wait("/all", 1, ({ body }) => body.type === type && matches(body.data));
    expect(verifier.verify(one!.text, one!.headers as Record<string, string>)).toEqual(one!.body);
    expect(one!.body).toEqual({
      id: one!.headers["webhook-id"],
      type,
      timestamp: expect.stringMatching(TIME),
      tenant_id: tenantId,
      data: expect.any(Object),
    });
    return one!.body.data;
  };
  await signedInAgain(bob).then((again) =>
    call("DELETE", `/api/sessions/${again.sessionId}/`, { auth: again.session }),
  );
  expect(await expectEvent("account.session.started")).toMatchObject({ is_active: true, login_method: "password" });
  expect(await expectEvent("account.session.ended")).toMatchObject({ is_active: false });

  const guest = await newGuestHeaders();
  const claimed = `claimed-${randomUUID()}`;
  await call("POST", "/api/sessions", {
    headers: guest,
    body: { report_id: claimed, form_data: { hidden: "private" } },
  });
  await call("POST", "/api/sessions/claim", { auth: bob.session, headers: guest, body: {} });
  const reportId = `report-${randomUUID()}`;
  await send("POST", "/api/sessions", bob, { report_id: reportId, form_data: { hidden: "private" } });
  await send("PATCH", `/api/sessions/${reportId}`, bob, { form_data: { hidden: "private too" } });
  await send("PATCH", `/api/sessions/${reportId}`, bob, { status: "COMPLETED" });
  await send("DELETE", `/api/sessions/${reportId}`, bob);
  expect(await expectEvent("valuation.claimed")).toMatchObject({ report_id: claimed, status: "IN_PROGRESS" });
  for (const [name, status] of [
    ["created", "IN_PROGRESS"],
    ["updated", "IN_PROGRESS"],
    ["completed", "COMPLETED"],
    ["deleted", "DELETED"],
  ])
    expect(await expectEvent(`valuation.${name}`)).toMatchObject({ report_id: reportId, status });

  const owner = await focusOwner(bob);
  const sessionId = (await bob.http.mutation(focusFunction("sessions", "start"), {
    goalId: owner.goalId,
    activityId: owner.activityId,
    timeZone: "UTC",
  })) as string;
  await bob.http.mutation(focusFunction("sessions", "complete"), { sessionId });
  const begun = { id: sessionId, user_id: owner.userId, goal_id: owner.goalId };
  expect(await expectEvent("focus.started")).toMatchObject({ ...begun, status: "active" });
  expect(await expectEvent("focus.completed")).toMatchObject({ ...begun, completed_reason: "manual", xp_total: 0 });

  const offered = await send("POST", "/api/sessions/", ada, draft());
  const { id } = offered.body as { id: number };
  const path = `/api/sessions/${id}/`;
  const isIt = (data: any) => data.id === id || data.session === id;
  await send("POST", `${path}approve/`, mod);
  await send("PATCH", path, ada, { title: "Another title" });
  await seat(path, ada, bob);
  const carol = await inTenant(tenantId);
  await send("POST", `${path}join/`, carol, { message: "private words" });
  await send("POST", `${path}reject_request/`, ada, { user_id: carol.id });
  await send("POST", `${path}leave/`, bob);
  await send("POST", `${path}cancel/`, ada);
  for (const [name, status] of [
    ["created", "pending_approval"],
    ["approved", "approved"],
    ["cancelled", "cancelled"],
  ])
    expect(await expectEvent(`tutoring.session.${name}`, isIt)).toMatchObject({ status, creator: { id: ada.id } });
  await expectEvent("tutoring.session.updated", (data) => isIt(data) && data.title === "Another title");
  const asked = await expectEvent("tutoring.request.created", (data) => isIt(data) && data.user.id === carol.id);
  expect(asked).toEqual({
    id: expect.any(Number),
    session: id,
    user: {
      id: carol.id,
      username: expect.any(String),
      first_name: "",
      last_name: "",
      date_joined: expect.any(String),
    },
    status: "pending",
    requested_at: expect.stringMatching(TIME),
  });
  await expectEvent("tutoring.request.approved", (data) => data.user.id === bob.id && data.status === "approved");
  await expectEvent("tutoring.request.rejected", (data) => data.user.id === carol.id && data.status === "rejected");
  await expectEvent("tutoring.participant.left", (data) => data.session === id && data.user.id === bob.id);
  for (const { text } of receiver.under("/all")) {
    expect(text).not.toMatch(/private|form_data|valuation_result|"email"/);
    for (const { email } of [ada, bob, carol, mod]) expect(text).not.toContain(email);
  }
  const ids = receiver.under("/all").map(({ headers }) => headers["webhook-id"]);
  expect(new Set(ids).size).toBe(ids.length);
});

test("endpoints that hang delay no other, and each failure is told as it was", async () => {
  const ada = await manager();
  const hanging = await Promise.all(
    Array.from({ length: 10 }, (_, index) => {
      receiver.behave(`/hang${index}`, "hang");
      return subscribe(ada, `/hang${index}`);
    }),
  );
  receiver.behave("/redirect", 302);
  receiver.behave("/gone", 410);
  receiver.behave("/break", "break");
  receiver.behave("/flaky", 500);
  const [redirect, gone, broken, flaky] = [
    await subscribe(ada, "/redirect"),
    await subscribe(ada, "/gone"),
    await subscribe(ada, "/break"),
    await subscribe(ada, "/flaky"),
  ];
  await subscribe(ada, "/well", ["valuation.created"]);
  for (let i = 0; i < 6; i++) await send("POST", "/api/sessions", ada, { report_id: `slow-${randomUUID()}` });
  for (const [index] of hanging.entries()) await receiver.wait(`/hang${index}`, 1);
  const startedAt = Date.now();
  const late = `late-${randomUUID()}`;
  await send("POST", "/api/sessions", ada, { report_id: late });
  await receiver.wait("/well", 1, ({ body }) => body.data.report_id === late);
  expect(Date.now() - startedAt).toBeLessThan(deadlineMs(5_000));
  // Deliveries are not in order.
  await receiver.wait("/well", 7);
  expect(receiver.under("/well")).toHaveLength(7);

  const failed = async (id: string) => (await settled(ada, id, ({ attempts }) => attempts.length > 0)).attempts[0];
  expect(await failed(redirect.id)).toMatchObject({ code: 302, error: "Redirects are not followed." });
  expect(receiver.under("/elsewhere")).toEqual([]);
  expect(await failed(broken.id)).toMatchObject({ code: null, answer: null, error: expect.stringMatching(/\S/) });
  const disabled = async () => (await send("GET", `${BASE}${gone.id}/`, ada)).body;
  await expect.poll(disabled, { timeout: deadlineMs(10_000) }).toMatchObject({ enabled: false });
  await expect
    .poll(async () => (await deliveries(ada, gone.id)).map(({ status }) => status), { timeout: deadlineMs(10_000) })
    .not.toContain("pending");

  const first = await failed(flaky.id);
  expect(first).toMatchObject({ code: 500, answer: "x".repeat(1_024), error: "The receiver answered 500." });
  receiver.behave("/flaky", 200);
  const [, again] = await receiver.wait("/flaky", 2, ({ body }) => body.data.report_id === late);
  expect(again!.at - Date.parse(first.at)).toBeGreaterThanOrEqual(5_000);
  const answered = await settled(ada, flaky.id, ({ status }) => status === "delivered");
  expect(answered.attempts.at(-1)).toMatchObject({ code: 200, error: null });
  const hung = (await deliveries(ada, hanging[0]!.id)).length;
  expect(hung).toBe(7);
  await expect
    .poll(async () => (await deliveries(ada, hanging[0]!.id)).flatMap(({ attempts }) => attempts), {
      timeout: deadlineMs(30_000),
    })
    .toContainEqual({ at: expect.stringMatching(TIME), code: null, answer: null, error: "No answer within 15 s." });
});

test("a rotated secret signs beside the new one; a delivery is replayed under its id; pages follow each other", async () => {
  const ada = await manager();
  const { id, secret } = await subscribe(ada, "/rotated", ["focus.started"]);
  const { body: rotated } = await send("POST", `${BASE}${id}/rotate_secret/`, ada);
  const sent = await send("POST", `${BASE}${id}/test/`, ada);
  expect([sent.status, sent.body]).toMatchObject([202, { type: "ping", status: "pending", attempts: [] }]);
  const [ping] = await receiver.wait("/rotated", 1);
  for (const each of [secret, rotated.secret])
    expect(new Webhook(each).verify(ping!.text, ping!.headers as Record<string, string>)).toMatchObject({
      type: "ping",
      data: { webhook_id: id },
    });
  expect(() => new Webhook(`whsec_${btoa("x".repeat(24))}`).verify(ping!.text, ping!.headers as never)).toThrow();
  await settled(ada, id, ({ status }) => status === "delivered");
  const replay = await send("POST", `${BASE}${id}/deliveries/${sent.body.id}/replay/`, ada);
  expect([replay.status, replay.body.status]).toEqual([202, "pending"]);
  const [, again] = await receiver.wait("/rotated", 2);
  expect([again!.text, again!.headers["webhook-id"]]).toEqual([ping!.text, sent.body.event_id]);
  const delivery = await settled(ada, id, ({ attempts }) => attempts.length === 2);
  expect(delivery).toMatchObject({ id: sent.body.id, status: "delivered" });
  expectCode(await send("POST", `${BASE}${id}/deliveries/${randomUUID()}/replay/`, ada), 404, "NOT_FOUND");

  for (let i = 0; i < 3; i++) await send("POST", `${BASE}${id}/test/`, ada);
  const first = await send("GET", `${BASE}${id}/deliveries/?limit=3`, ada);
  const second = await send("GET", `${BASE}${id}/deliveries/?limit=3&cursor=${first.body.next}`, ada);
  expect([first.body.results.length, second.body.results.map((one: any) => one.id), second.body.next]).toEqual([
    3,
    [sent.body.id],
    null,
  ]);
});

test("what a disabled endpoint missed is not sent later", async () => {
  const ada = await manager();
  const { id } = await subscribe(ada, "/paused");
  receiver.behave("/paused", 500);
  await send("POST", "/api/sessions", ada, { report_id: `before-${randomUUID()}` });
  await settled(ada, id, ({ attempts }) => attempts.length > 0);
  await send("PATCH", `${BASE}${id}/`, ada, { enabled: false });
  await send("POST", "/api/sessions", ada, { report_id: `missed-${randomUUID()}` });
  receiver.behave("/paused", 204);
  await send("PATCH", `${BASE}${id}/`, ada, { enabled: true });
  const last = `after-${randomUUID()}`;
  await send("POST", "/api/sessions", ada, { report_id: last });
  await receiver.wait("/paused", 1, ({ body }) => body.data.report_id === last);
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  expect((await deliveries(ada, id)).map(({ status }) => status)).toEqual(["delivered", "failed"]);
  expect(receiver.under("/paused")).toHaveLength(2);
});
