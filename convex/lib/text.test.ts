import { expect, test } from "vitest";
import { cleanText, clipped, isUnicode, lengthOf, listTextProblems } from "./text";

test("characters are code points", () => {
  expect(["", "abc", "größe", "🎨🎨", "a\ud800b"].map(lengthOf)).toEqual([0, 3, 5, 2, 3]);
  expect(listTextProblems("🎨".repeat(10), 10)).toEqual([]);
  expect(listTextProblems("🎨".repeat(11), 10)).toEqual(["Must have at most 10 characters."]);
});

test("a text in which nothing can be seen is empty", () => {
  for (const text of ["", " ", "\u200b", "\u2060 \u200e", "\u3164", "\u2800\n", "\ufeff"])
    expect(cleanText(text)).toBe("");
  for (const text of ["\ufe0f", "\u034f", "\u17b4", "\u180b\ufe0f", "\u{e0100}", "\u115f", "\u{1d159}", "\u{e0061}"])
    expect([text, cleanText(text)]).toEqual([text, ""]);
  for (const text of ["a", "👩‍🚀", "\u200bشب‌بخیر", ".", "\u2764\ufe0f", "1\ufe0f\u20e3"])
    expect(cleanText(text)).toBe(text);
});

test("a clipped text keeps whole characters", () => {
  expect([clipped("abc", 3), clipped("abcd", 3), clipped("🎨🎨🎨", 2), clipped("a🎨", 1), clipped("🎨", 2)]).toEqual([
    "abc",
    "abc",
    "🎨🎨",
    "a",
    "🎨",
  ]);
});

test("half of a surrogate pair is no Unicode", () => {
  expect(["", "🎨", "größe"].every(isUnicode)).toBe(true);
  expect(["\ud800", "a\udc00", "\udc00\ud800", "\ud83c"].some(isUnicode)).toBe(false);
  expect(listTextProblems("\ud800", 10)).toEqual(["Must be valid Unicode."]);
});
