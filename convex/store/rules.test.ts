import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  BACKOFF_MS,
  computeBackoff,
  redact,
  readRetentionDays,
  getStartOfDay,
  readStoreKind,
  listSecrets,
} from "./rules";
import { lifeLevel } from "../xp/amounts";

describe("backoff", () => {
  test("doubles from 5 s to 1 h", () => {
    const longest = Array.from({ length: 12 }, (_, i) => computeBackoff(i + 1, 1) / 1_000);
    expect(longest).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 1_280, 2_560, 3_600, 3_600]);
  });

  test("jitter takes at most half of it, and never goes below 5 s", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (attempts, random) => {
          const wait = computeBackoff(attempts, random);
          expect(wait).toBeGreaterThanOrEqual(Math.max(BACKOFF_MS.first, computeBackoff(attempts, 1) / 2));
          expect(wait).toBeLessThanOrEqual(Math.min(BACKOFF_MS.most, computeBackoff(attempts, 1)));
        },
      ),
    );
  });
});

test("Life Level is 1 + floor(sqrt(total / 10000))", () => {
  expect([0, 9_999, 10_000, 39_999, 40_000, 28_000, 1_000_000].map(lifeLevel)).toEqual([1, 1, 2, 2, 3, 2, 11]);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 50 }), (total) => {
      const level = lifeLevel(total);
      expect(10_000 * (level - 1) ** 2).toBeLessThanOrEqual(total);
      expect(10_000 * level ** 2).toBeGreaterThan(total);
    }),
  );
});

test("the address chooses the adapter", () => {
  expect(readStoreKind(undefined)).toBeNull();
  expect(readStoreKind("")).toBeNull();
  expect(readStoreKind("postgres://db/x")).toBe("postgres");
  expect(readStoreKind("postgresql://db/x")).toBe("postgres");
  expect(readStoreKind("https://store.example")).toBe("rest");
  expect(readStoreKind("http://127.0.0.1:8000")).toBe("rest");
  expect(() => readStoreKind("mysql://me:secret@db")).toThrow(/^PERMANENT_STORE_URL must begin with/);
});

test("no error carries a credential", () => {
  const env = {
    PERMANENT_STORE_URL: "postgres://me:p%40ssword@db.example:5432/x",
    PERMANENT_STORE_TOKEN: "token-1234",
  };
  const secrets = listSecrets(env);
  for (const text of [
    `cannot reach ${env.PERMANENT_STORE_URL}`,
    "password p@ssword refused",
    "Authorization: Bearer token-1234",
    "https://other:hunter2@host/path",
    new AggregateError([new Error("connect token-1234"), new Error("p%40ssword")]),
  ]) {
    const shown = redact(text, secrets);
    expect(shown).not.toMatch(/p@ssword|p%40ssword|token-1234|hunter2/);
    expect(shown).not.toBe("");
  }
  expect(redact(new Error("two\nlines\t here"), [])).toBe("two lines here");
  expect(redact("x".repeat(5_000), []).length).toBe(500);
});

test("retention is a whole number of days", () => {
  expect(readRetentionDays(undefined)).toBe(90);
  expect(readRetentionDays("30")).toBe(30);
  for (const bad of ["0", "-1", "1.5", "soon"]) expect(() => readRetentionDays(bad)).toThrow(/FOCUS_RETENTION_DAYS/);
});

test("days begin at midnight UTC", () => {
  expect(new Date(getStartOfDay(Date.UTC(2026, 2, 29, 23, 59, 59, 999))).toISOString()).toBe(
    "2026-03-29T00:00:00.000Z",
  );
  expect(getStartOfDay(Date.UTC(2026, 2, 30))).toBe(Date.UTC(2026, 2, 30));
});
