import { expect, test } from "vitest";
import { changesOf, parseDraft, withChanges } from "./formDraft";

const before = { title: "", days: "30", emoji: null as string | null };

test("only what differs is kept, and comes back onto what stands by then", () => {
  const entered = { ...before, title: "Draw", emoji: "🎨" };
  expect(changesOf(entered, before)).toEqual({ title: "Draw", emoji: "🎨" });
  expect(changesOf(before, before)).toEqual({});
  const kept = parseDraft(JSON.stringify(changesOf(entered, before)));
  expect(withChanges(kept, { ...before, days: "60" })).toEqual({ title: "Draw", days: "60", emoji: "🎨" });
});

test.each(["{", "null", "7", '{"title":7,"other":"x"}', null])("a draft that reads %j changes nothing", (draft) =>
  expect(withChanges(parseDraft(draft), before)).toEqual(before),
);
