import fc from "fast-check";
import { expect, test } from "vitest";
import { DAY_MS } from "../lib/time";
import {
  emailProblems,
  normalizeEmail,
  toOnboardingFlags,
  passwordProblems,
  splitName,
  listUsernameProblems,
} from "./rules";
import { IDLE_LIFETIME_MS, computeExpiry, TOTAL_LIFETIME_MS } from "../identity/sessions/lifetimes";

const gaps = fc.array(fc.integer({ min: 0, max: 10 * DAY_MS }), { minLength: 1, maxLength: 40 });

test("a session used again and again lapses 7 days after its last use, never past 30 days, never earlier than before", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4e12 }), gaps, (createdAt, steps) => {
      let usedAt = createdAt;
      let lapses = computeExpiry(createdAt, createdAt);
      expect(lapses).toBe(createdAt + IDLE_LIFETIME_MS);
      for (const step of steps) {
        if (usedAt + step >= lapses) break;
        usedAt += step;
        const next = computeExpiry(createdAt, usedAt);
        expect(next).toBeGreaterThanOrEqual(lapses);
        expect(next).toBeLessThanOrEqual(createdAt + TOTAL_LIFETIME_MS);
        expect(next).toBeLessThanOrEqual(usedAt + IDLE_LIFETIME_MS);
        expect(next === usedAt + IDLE_LIFETIME_MS || next === createdAt + TOTAL_LIFETIME_MS).toBe(true);
        lapses = next;
      }
    }),
  );
});

test.each([
  "ada@example.com",
  "o'brien+tag@mail.example.co.uk",
  "a@x-y.example",
  "用户@例子.广告",
  "zoë@größe.de",
  "राम@उदाहरण.भारत",
])("%s is an email address", (email) => {
  expect(emailProblems(email)).toEqual([]);
});

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
  "a@b,c.de",
  "a@<b>.de",
  'a@"b".de',
  "a@b;c.de",
  "a@(x).de",
  "a@b\\c.de",
  "a@-b-.c",
  "a@b.c-",
  "a@[127.0.0.1].x",
  "a..b@x.de",
  ".a@b.cd",
  "a.@b.cd",
  "a\u00a0b@x.de",
  "a\u0007@x.de",
  "a@\u202ex.de",
  "a@x\u200b.de",
  "a\u3164@x.de",
  "a@x.d\ufe0fe",
])("%s is none", (email) => {
  expect(emailProblems(email)).toHaveLength(1);
});

test("marks of direction that are copied along with an address are none of it", () => {
  for (const copied of ["\u200eada@x.de", "\u202aada@x.de\u202c", "\ufeff ada@x.de \u200b"]) {
    expect(emailProblems(copied)).toEqual([]);
    expect(normalizeEmail(copied)).toBe("ada@x.de");
  }
});

test("an address that is composed of other code points is the same", () => {
  expect(normalizeEmail(" ZOE\u0308@example.com")).toBe("zo\u00eb@example.com");
});

test("passwords are counted in characters, not in UTF-16 units", () => {
  expect(passwordProblems("123456789")).toHaveLength(1);
  expect(passwordProblems("1234567890")).toEqual([]);
  expect(passwordProblems("🎨".repeat(9))).toHaveLength(1);
  expect(passwordProblems("🎨".repeat(10))).toEqual([]);
  expect(passwordProblems("x".repeat(1_025))).toHaveLength(1);
});

test("halves of surrogate pairs, which all hash alike, are no passwords", () => {
  expect(passwordProblems("\ud800".repeat(10))).toEqual(["Must be valid Unicode."]);
  expect(passwordProblems("\ufffd".repeat(10))).toEqual([]);
});

test("usernames are no addresses", () => {
  expect(listUsernameProblems("ada.lovelace_1815")).toEqual([]);
  expect(listUsernameProblems("ada@example.com")).toHaveLength(1);
  expect(listUsernameProblems("")).toHaveLength(1);
  expect(listUsernameProblems("\u0301a")).toHaveLength(1);
});

test.each(["हिन्दी", "தமிழ்", "น้ำ", "मोहन", "محمّد", "zoë"])("%s is a username", (username) => {
  expect(listUsernameProblems(username)).toEqual([]);
});

test("the onboarding flags are never both true", () => {
  for (const needsOnboarding of [true, false])
    for (const onboardingCompleted of [true, false]) {
      const flags = toOnboardingFlags({ needsOnboarding, onboardingCompleted });
      expect(flags.needsOnboarding && flags.onboardingCompleted).toBe(false);
    }
});

test("names split into first and last", () => {
  expect(splitName("Ada King  Lovelace")).toEqual({ firstName: "Ada", lastName: "King Lovelace" });
  expect(splitName("  ")).toEqual({ firstName: "", lastName: "" });
});
