import { afterEach, expect, test, vi } from "vitest";
import { api, internal } from "../_generated/api";
import { BODY_MAX, SIGNAL_LIFETIME_MS, WAITING_MAX } from "./signals";
import { another, draft, seat, withOpenSession } from "./tutoring.testing";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

async function call() {
  const setting = await withOpenSession();
  await seat(setting, setting.id, setting.bob);
  type Who = typeof setting.ada;
  const send = (from: Who, to: Who, body = "sdp", kind: "offer" | "answer" | "candidate" | "bye" = "offer") =>
    from.as.mutation(api.tutoring.signals.send, { id: setting.id, to: to.user.publicId, kind, body });
  const inbox = (who: Who) => who.as.query(api.tutoring.signals.inbox, { id: setting.id });
  return { ...setting, send, inbox };
}

test("an offer and its answer reach the one they are for, in order, and go when received", async () => {
  const { ada, bob, id, send, inbox } = await call();
  await send(ada, bob, "offer of ada");
  await send(ada, bob, "candidate of ada", "candidate");
  const waiting = await inbox(bob);
  expect(waiting.map(({ from, kind, body }) => [from, kind, body])).toEqual([
    [ada.user.publicId, "offer", "offer of ada"],
    [ada.user.publicId, "candidate", "candidate of ada"],
  ]);
  expect(await inbox(ada)).toEqual([]);
  // Nobody takes what is not theirs.
  await ada.as.mutation(api.tutoring.signals.received, { id, signals: waiting.map(({ id: signal }) => signal) });
  expect(await inbox(bob)).toHaveLength(2);
  await bob.as.mutation(api.tutoring.signals.received, { id, signals: [waiting[0]!.id] });
  expect((await inbox(bob)).map(({ body }) => body)).toEqual(["candidate of ada"]);
  await send(bob, ada, "answer of bob", "answer");
  expect((await inbox(ada)).map(({ kind }) => kind)).toEqual(["answer"]);
});

test("only among those who take part, and only while there is a session to take part in", async () => {
  const setting = await call();
  const { ada, bob, id, send, inbox } = setting;
  const carol = await another(setting);
  await carol.as.mutation(api.tutoring.sessions.join, { id });
  await expect(send(carol, ada)).rejects.toThrow("FORBIDDEN");
  await expect(inbox(carol)).rejects.toThrow("FORBIDDEN");
  await expect(carol.as.mutation(api.tutoring.signals.received, { id, signals: [] })).rejects.toThrow("FORBIDDEN");
  await expect(send(ada, carol)).rejects.toThrow("NOT_FOUND");
  await expect(send(ada, ada)).rejects.toThrow("NOT_FOUND");
  await expect(send(ada, bob, "x".repeat(BODY_MAX + 1))).rejects.toThrow("VALIDATION");
  await send(ada, bob, "x".repeat(BODY_MAX));
  await bob.as.mutation(api.tutoring.sessions.leave, { id });
  await expect(inbox(bob)).rejects.toThrow("FORBIDDEN");
  await expect(send(ada, bob)).rejects.toThrow("NOT_FOUND");
  await seat(setting, id, await another(setting));
  await ada.as.mutation(api.tutoring.sessions.cancel, { id });
  await expect(send(ada, bob)).rejects.toThrow("VALIDATION");
  const pending = await ada.as.mutation(api.tutoring.sessions.create, draft);
  await expect(
    ada.as.mutation(api.tutoring.signals.send, { id: pending, to: bob.user.publicId, kind: "bye", body: "" }),
  ).rejects.toThrow("VALIDATION");
});

test("what nobody fetches goes after a minute; nobody is flooded", async () => {
  const { t, ada, bob, send, inbox } = await call();
  for (let i = 0; i < WAITING_MAX; i++) await send(ada, bob, `${i}`, "candidate");
  await expect(send(ada, bob)).rejects.toThrow("CONFLICT");
  await t.mutation(internal.tutoring.signals.sweep, {});
  expect(await inbox(bob)).toHaveLength(WAITING_MAX);
  vi.setSystemTime(Date.now() + SIGNAL_LIFETIME_MS + 1_000);
  await t.mutation(internal.tutoring.signals.sweep, {});
  expect(await inbox(bob)).toEqual([]);
  vi.stubEnv("RATE_LIMIT_SCALE", "0.01");
  const sent = await Promise.allSettled(Array.from({ length: 10 }, (_, i) => send(ada, bob, `${i}`)));
  const refused = sent.filter(({ status }) => status === "rejected") as PromiseRejectedResult[];
  expect(refused.length).toBeGreaterThan(0);
  for (const { reason } of refused) expect(String(reason)).toContain("RATE_LIMITED");
});

test("a deleted session takes its signals with it", async () => {
  const { t, ada, bob, id, send } = await call();
  await send(ada, bob);
  await ada.as.mutation(api.tutoring.sessions.remove, { id });
  expect(await t.run((ctx) => ctx.db.query("tutoringSignals").collect())).toEqual([]);
});
