import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { api, internal } from "../_generated/api";
import type { Id } from "../_generated/dataModel";
import { newBackend, signedInUser, type T, type TestUser } from "../setup.testing";
import { endpointFailing } from "../events/webhooks";
import { DAY_MS } from "../lib/time";
import { claimDue, insertDelivery, type Sending } from "./deliveryRows";
import { FAILING_MAX_MS, RETENTION_MS, RETRY_PAUSES_MS } from "./rules";
import { writeEvent } from "./writer";

beforeEach(() => void vi.useFakeTimers({ now: Date.parse("2026-03-10T12:00:00Z"), toFake: ["Date"] }));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

const manager = (t: T) => signedInUser(t, { permissions: ["manage_webhooks"] });

const insertEndpoint = (t: T, { user }: TestUser): Promise<Id<"webhookEndpoints">> =>
  t.run((ctx) =>
    ctx.db.insert("webhookEndpoints", {
      uuid: crypto.randomUUID(),
      tenantId: user.tenantId,
      createdBy: user._id,
      createdAt: Date.now(),
      url: "https://hooks.example.com/in",
      events: ["*"],
      description: "",
      secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
      previousSecrets: [],
      enabled: true,
      enabledAt: Date.now(),
      disabledBecause: null,
    }),
  );

/** Writes events and their deliveries, without anything that sends them. */
async function due(t: T, { user }: TestUser, endpointId: Id<"webhookEndpoints">, count: number): Promise<void> {
  await t.run(async (ctx) => {
    for (let i = 0; i < count; i++) {
      const id = await ctx.db.insert("webhookEvents", {
        uuid: crypto.randomUUID(),
        tenantId: user.tenantId,
        type: "focus.started",
        body: "{}",
        endpointIds: [],
        batch: "",
      });
      await insertDelivery(ctx, (await ctx.db.get("webhookEvents", id))!, endpointId);
    }
  });
}

const claim = (t: T, limit = 100): Promise<Sending[]> => t.run((ctx) => claimDue(ctx, limit));

const answer = (t: T, { deliveryId, claim: claimed }: Sending, code: number | null) =>
  t.mutation(internal.webhooks.queue.settle, {
    deliveryId,
    claim: claimed,
    attempt: { at: Date.now(), code, answer: null, error: code === 204 ? null : "no" },
  });

const states = (t: T) => t.run((ctx) => ctx.db.query("webhookDeliveries").collect());

test("a delivery that fails is tried eight times, each after its pause, and has then failed", async () => {
  const t = newBackend();
  const ada = await manager(t);
  await due(t, ada, await insertEndpoint(t, ada), 1);
  for (const pause of [0, ...RETRY_PAUSES_MS]) {
    vi.setSystemTime(Date.now() + Math.max(0, pause - 1));
    if (pause > 0) expect(await claim(t)).toEqual([]);
    vi.setSystemTime(Date.now() + 1);
    const [sending] = await claim(t);
    await answer(t, sending!, 500);
  }
  const [delivery] = await states(t);
  expect([delivery!.status, delivery!.nextAt, delivery!.attempts.length]).toEqual(["failed", null, 8]);
});

test("an endpoint that is busy keeps no other waiting, and gets the rest as it answers", async () => {
  const t = newBackend();
  const ada = await manager(t);
  const [slow, quick] = [await insertEndpoint(t, ada), await insertEndpoint(t, ada)];
  await due(t, ada, slow, 90);
  await due(t, ada, quick, 2);
  const first = await claim(t);
  expect(first).toHaveLength(6);
  expect(await claim(t)).toEqual([]);
  for (const sending of first) await answer(t, sending, 204);
  const seen = new Set(first.map(({ deliveryId }) => deliveryId));
  for (let sendings = await claim(t); sendings.length > 0; sendings = await claim(t))
    for (const sending of sendings) {
      expect(seen.has(sending.deliveryId)).toBe(false);
      seen.add(sending.deliveryId);
      await answer(t, sending, 204);
    }
  expect(seen.size).toBe(92);
  expect((await states(t)).every(({ status }) => status === "delivered")).toBe(true);
});

test("what was cut short is sent again, and the late answer of the first attempt counts for nothing", async () => {
  const t = newBackend();
  const ada = await manager(t);
  await due(t, ada, await insertEndpoint(t, ada), 1);
  const [lost] = await claim(t);
  expect(await claim(t)).toEqual([]);
  vi.setSystemTime(Date.now() + 60_000);
  const [again] = await claim(t);
  expect(again!.deliveryId).toBe(lost!.deliveryId);
  await answer(t, lost!, 500);
  await answer(t, again!, 204);
  expect(await states(t)).toMatchObject([{ status: "delivered", attempts: [{ code: 204 }] }]);
});

test("five days of failures alone disable an endpoint and tell who created it; a success begins them anew", async () => {
  const t = newBackend();
  const ada = await manager(t);
  const endpointId = await insertEndpoint(t, ada);
  const attempt = async (code: number | null) => {
    await due(t, ada, endpointId, 1);
    const sendings = await claim(t);
    for (const sending of sendings) await answer(t, sending, code);
  };
  const isEnabled = () => t.run(async (ctx) => (await ctx.db.get("webhookEndpoints", endpointId))!.enabled);
  await attempt(500);
  vi.setSystemTime(Date.now() + 4 * DAY_MS);
  await attempt(204);
  await attempt(null);
  vi.setSystemTime(Date.now() + FAILING_MAX_MS - 1_000);
  await attempt(500);
  expect(await isEnabled()).toBe(true);
  vi.setSystemTime(Date.now() + 1_000);
  await attempt(500);
  expect(await isEnabled()).toBe(false);
  const told = await t.run((ctx) => ctx.db.query("notifications").collect());
  expect(told).toMatchObject([{ userId: ada.user._id, title: "Webhook disabled: hooks.example.com" }]);
  expect(await ada.as.query(api.webhooks.endpoints.list, {})).toMatchObject([
    { enabled: false, disabledBecause: "failing" },
  ]);
});

test("events are written for endpoints that want them; without any nothing is described or kept", async () => {
  const t = newBackend();
  const [ada, bob] = [await manager(t), await manager(t)];
  const endpointId = await insertEndpoint(t, ada);
  await t.run((ctx) => ctx.db.patch("webhookEndpoints", endpointId, { events: ["focus.started"] }));
  const described: string[] = [];
  const tell = (who: TestUser, type: "focus.started" | "focus.completed") =>
    t.run((ctx) =>
      writeEvent(ctx, who.user.tenantId, type, () => {
        described.push(type);
        return {};
      }),
    );
  await tell(ada, "focus.completed");
  await tell(bob, "focus.started");
  expect([described, await t.run((ctx) => ctx.db.query("webhookEvents").collect())]).toEqual([[], []]);
  await tell(ada, "focus.started");
  expect(await t.run((ctx) => ctx.db.query("webhookEvents").collect())).toMatchObject([{ endpointIds: [endpointId] }]);
});

test("events and deliveries leave after thirty days", async () => {
  const t = newBackend();
  const ada = await manager(t);
  const endpointId = await insertEndpoint(t, ada);
  await due(t, ada, endpointId, 3);
  vi.setSystemTime(Date.now() + RETENTION_MS - 1_000);
  await due(t, ada, endpointId, 1);
  await t.mutation(internal.webhooks.queue.deleteOld, {});
  expect(await states(t)).toHaveLength(4);
  vi.setSystemTime(Date.now() + 2_000);
  await t.mutation(internal.webhooks.queue.deleteOld, {});
  expect(await states(t)).toHaveLength(1);
  expect(await t.run((ctx) => ctx.db.query("webhookEvents").collect())).toHaveLength(1);
});

test("the failures of an endpoint that a service key made are told to all who manage the tenant's webhooks", async () => {
  const t = newBackend();
  const ada = await manager(t);
  const bob = await signedInUser(t, { tenantId: ada.user.tenantId, permissions: ["manage_webhooks", "view_audit"] });
  const eve = await signedInUser(t, { tenantId: ada.user.tenantId, permissions: ["view_audit"] });
  const stranger = await manager(t);
  const endpointId = await insertEndpoint(t, ada);
  await t.run(async (ctx) => {
    await ctx.db.patch("webhookEndpoints", endpointId, { createdBy: null });
    await endpointFailing(ctx, (await ctx.db.get("webhookEndpoints", endpointId))!);
  });
  const countOf = ({ as }: TestUser) => as.query(api.notifications.inbox.unreadCount, {});
  expect(await Promise.all([ada, bob, eve, stranger].map(countOf))).toEqual([1, 1, 0, 0]);
});
