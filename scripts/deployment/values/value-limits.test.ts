import fc from "fast-check";
import { expect, test } from "vitest";
import { findPassedLimit } from "./value-limits";

const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
const fields = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`f${n}`, n]));

test.each<[string, unknown, number, string | null]>([
  ["64 levels", JSON.parse(nested(64)), 0, null],
  ["65 levels", JSON.parse(nested(65)), 0, "Value is too nested (nested 65 levels deep > maximum nesting 64)"],
  [
    "64 levels in another",
    JSON.parse(nested(64)),
    1,
    "Value is too nested (nested 65 levels deep > maximum nesting 64)",
  ],
  ["8,192 entries", Array(8_192).fill(0), 0, null],
  ["8,193 entries", { a: Array(8_193).fill(0) }, 0, "Array length is too long (8193 > maximum length 8192)"],
  ["1,024 fields", [fields(1_024)], 0, null],
  ["1,025 fields", [[fields(1_025)]], 0, "Object has too many fields (1025 > maximum number 1024)"],
  ["signs in strings", { a: '[{",'.repeat(9_000), "b[{,": "\\", c: '\\"' }, 0, null],
])("%s", (_, value, outside, expected) => {
  expect(findPassedLimit(JSON.stringify(value), outside)).toBe(expected);
});

/** The limit as the value itself tells. */
function measure(value: unknown): { nesting: number; length: number; fields: number } {
  if (typeof value !== "object" || value === null) return { nesting: 0, length: 0, fields: 0 };
  const parts = Object.values(value).map(measure);
  const most = (name: "nesting" | "length" | "fields") => Math.max(0, ...parts.map((part) => part[name]));
  const count = Object.keys(value).length;
  return {
    nesting: 1 + most("nesting"),
    length: Math.max(most("length"), Array.isArray(value) ? count : 0),
    fields: Math.max(most("fields"), Array.isArray(value) ? 0 : count),
  };
}

test("any value passes a limit when its parts do", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), fc.integer({ min: 0, max: 70 }), fc.string(), (inner, levels, text) => {
      let value: unknown = [inner, text, "x".repeat(7_000)];
      for (let level = 0; level < levels; level++) value = level % 2 ? [value] : { [text || "a"]: value };
      const { nesting } = measure(value);
      expect(findPassedLimit(JSON.stringify(value))).toEqual(
        nesting > 64 ? expect.stringContaining("too nested") : null,
      );
    }),
  );
});
