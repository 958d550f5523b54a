/** Limits under a clock that is put forward and back: nobody waits longer than one period of a limit. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { internal } from "../../_generated/api";
import { newBackend, signedInUser, type T } from "../../setup.testing";
import { readLimit, takeTokens } from "./limits";
import { DAY_MS, MINUTE_MS, SECOND_MS } from "../../lib/time";

const NOON = Date.parse("2026-03-10T12:00:00Z");
const STEPS_MS = [SECOND_MS, 30 * SECOND_MS, MINUTE_MS, 10 * MINUTE_MS, DAY_MS, 400 * DAY_MS];
const client = { ip: "192.0.2.1", userAgent: "" };

beforeEach(() => void vi.useFakeTimers({ now: NOON, toFake: ["Date"] }));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

const put = (ms: number) => void vi.setSystemTime(Date.now() + ms);
const take = (t: T, want = 1) => t.run((ctx) => takeTokens(ctx, "loginEmail", "email/ada@example.com", want));

test.each(STEPS_MS)(
  "a used up limit lets through again within a period after the clock is put back by %d ms",
  async (stepMs) => {
    const t = newBackend();
    const used = await take(t, 5);
    expect(used.granted).toBeGreaterThan(0);
    while ((await take(t)).granted > 0);
    put(-stepMs);
    const { granted, retryAfterSeconds } = await take(t);
    if (granted > 0) return;
    expect(retryAfterSeconds).toBeLessThanOrEqual(61);
    put(retryAfterSeconds * SECOND_MS);
    expect((await take(t)).granted).toBe(1);
  },
);

test.each(STEPS_MS)(
  "putting the clock forward, and back by a day and %d ms more, neither uses up a limit nor widens it",
  async (stepMs) => {
    const t = newBackend();
    put(DAY_MS);
    await take(t);
    put(-DAY_MS - stepMs);
    let granted = 0;
    while ((await take(t)).granted > 0) granted++;
    expect(granted).toBeGreaterThanOrEqual(readLimit("loginEmail") - 1);
    expect(granted).toBeLessThanOrEqual(readLimit("loginEmail"));
  },
);

test("sign-in goes on after a step back, by address and by email", async () => {
  const t = newBackend();
  const begin = (email: string) => t.mutation(internal.accounts.signIn.transactions.begin, { email, client });
  for (let i = 0; i < 20; i++) await begin(`user${i % 4}@example.com`);
  expect((await begin("user0@example.com")).retryAfterSeconds).toBeGreaterThan(0);
  put(-DAY_MS);
  put(60 * SECOND_MS);
  for (let i = 0; i < 4; i++) expect((await begin(`user${i}@example.com`)).retryAfterSeconds).toBeNull();
});

test("leases that were taken, and refusals that were given, at a time still to come count no more", async () => {
  vi.stubEnv("RATE_LIMIT_SCALE", "0.1");
  const t = newBackend();
  const { headers } = await signedInUser(t);
  const status = async () => (await t.fetch("/api/sessions/current/", { headers })).status;
  put(DAY_MS);
  while ((await status()) === 200);
  put(-DAY_MS);
  expect(await status()).toBe(200);
});
