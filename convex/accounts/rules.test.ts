import fc from "fast-check";
import { expect, test } from "vitest";
import { DAY_MS } from "../lib/time";
import {
  emailProblems,
  IDLE_LIFETIME_MS,
  lapsesAt,
  onboardingFlags,
  passwordProblems,
  splitName,
  TOTAL_LIFETIME_MS,
  usernameProblems,
} from "./rules";

const gaps = fc.array(fc.integer({ min: 0, max: 10 * DAY_MS }), { minLength: 1, maxLength: 40 });

test("a session used again and again lapses 7 days after its last use, never past 30 days, never earlier than before", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4e12 }), gaps, (createdAt, steps) => {
      let usedAt = createdAt;
      let lapses = lapsesAt(createdAt, createdAt);
      expect(lapses).toBe(createdAt + IDLE_LIFETIME_MS);
      for (const step of steps) {
        if (usedAt + step >= lapses) break;
        usedAt += step;
        const next = lapsesAt(createdAt, usedAt);
        expect(next).toBeGreaterThanOrEqual(lapses);
        expect(next).toBeLessThanOrEqual(createdAt + TOTAL_LIFETIME_MS);
        expect(next).toBeLessThanOrEqual(usedAt + IDLE_LIFETIME_MS);
        expect(next === usedAt + IDLE_LIFETIME_MS || next === createdAt + TOTAL_LIFETIME_MS).toBe(true);
        lapses = next;
      }
    }),
  );
});

test.each(["ada@example.com", "o'brien+tag@mail.example.co.uk", "用户@例子.广告"])(
  "%s is an e-mail address",
  (email) => {
    expect(emailProblems(email)).toEqual([]);
  },
);

test.each([
  "",
  "ada",
  "ada@",
  "@example.com",
  "ada@example",
  "a b@example.com",
  "a@b@example.com",
  "ada@example..com",
  `${"a".repeat(250)}@example.com`,
])("%s is none", (email) => {
  expect(emailProblems(email)).toHaveLength(1);
});

test("passwords are counted in characters, not in UTF-16 units", () => {
  expect(passwordProblems("123456789")).toHaveLength(1);
  expect(passwordProblems("1234567890")).toEqual([]);
  expect(passwordProblems("🎨".repeat(9))).toHaveLength(1);
  expect(passwordProblems("🎨".repeat(10))).toEqual([]);
  expect(passwordProblems("x".repeat(1_025))).toHaveLength(1);
});

test("usernames are no addresses", () => {
  expect(usernameProblems("ada.lovelace_1815")).toEqual([]);
  expect(usernameProblems("ada@example.com")).toHaveLength(1);
  expect(usernameProblems("")).toHaveLength(1);
});

test("the onboarding flags are never both true", () => {
  for (const needsOnboarding of [true, false])
    for (const onboardingCompleted of [true, false]) {
      const flags = onboardingFlags({ needsOnboarding, onboardingCompleted });
      expect(flags.needsOnboarding && flags.onboardingCompleted).toBe(false);
    }
});

test("names split into first and last", () => {
  expect(splitName("Ada King  Lovelace")).toEqual({ firstName: "Ada", lastName: "King Lovelace" });
  expect(splitName("  ")).toEqual({ firstName: "", lastName: "" });
});
