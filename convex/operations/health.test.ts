import { afterEach, expect, test, vi } from "vitest";
import { internal } from "../_generated/api";
import { MINUTE_MS } from "../lib/time";
import { newBackend } from "../setup.testing";
import packageJson from "../../package.json";
import { VERSION } from "./version";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

test("the health check tells of outbox and scheduler, and 503 when one is down", async () => {
  vi.useFakeTimers({ now: Date.parse("2026-03-10T12:00:00Z"), toFake: ["Date"] });
  const t = newBackend();
  const ask = async () => {
    const response = await t.fetch("/api/health/");
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  expect(await ask()).toEqual({
    status: 200,
    body: {
      status: "ok",
      version: VERSION,
      checks: {
        store: { status: "ok", outbox_depth: 0, outbox_oldest_seconds: null },
        scheduler: { status: "ok", last_tick_seconds: null },
      },
    },
  });
  await t.mutation(internal.operations.ticks.note, {});
  vi.setSystemTime(Date.now() + 3 * MINUTE_MS);
  expect(await ask()).toMatchObject({ status: 200, body: { checks: { scheduler: { last_tick_seconds: 180 } } } });
  vi.setSystemTime(Date.now() + 1_000);
  expect(await ask()).toMatchObject({
    status: 503,
    body: { status: "down", checks: { store: { status: "ok" }, scheduler: { status: "down" } } },
  });
});

test("a store that nobody answers for is down", async () => {
  // Nothing listens on the port of "discard".
  vi.stubEnv("PERMANENT_STORE_URL", "http://127.0.0.1:9");
  const t = newBackend();
  const startedAt = performance.now();
  const response = await t.fetch("/api/health/");
  expect(performance.now() - startedAt).toBeLessThan(5_000);
  expect([response.status, await response.json()]).toMatchObject([503, { checks: { store: { status: "down" } } }]);
});

test("the version is the package's", () => expect(VERSION).toBe(packageJson.version));
