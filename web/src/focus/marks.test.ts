import { BUILT_IN_ACTIVITIES } from "@convex/focus/catalog/builtIn";
import { Handshake, PenLine, Sparkles } from "lucide-react";
import { expect, test } from "vitest";
import { CATEGORY_OPTIONS, categoryNamed } from "./goals/categories";
import { iconOf, initialOf } from "./marks";

test("every category has an icon, whatever the font", () => {
  for (const { value } of CATEGORY_OPTIONS) expect([value, iconOf(categoryNamed(value).emoji)]).not.toContain(null);
});

test("every activity that comes with the application has an icon", () => {
  for (const { name, emoji } of BUILT_IN_ACTIVITIES) expect([name, iconOf(emoji)]).not.toContain(null);
});

test("variants of an emoji have its icon, others none", () => {
  expect([iconOf("✍🏽"), iconOf("✍️"), iconOf(" ✨ "), iconOf("🤝🏿")]).toEqual([PenLine, PenLine, Sparkles, Handshake]);
  expect([iconOf("🏃‍♀️"), iconOf("🦖"), iconOf("ab"), iconOf("")].map((icon) => icon !== null)).toEqual([
    true,
    false,
    false,
    false,
  ]);
});

test("a name has an initial in any script", () => {
  expect([initialOf("draw"), initialOf(" “Été”"), initialOf("数学"), initialOf("…")]).toEqual(["D", "É", "数", "•"]);
});
