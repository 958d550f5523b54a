import { expect, test } from "vitest";
import { answered, arrived, edited, failed, isChanged, moveCaret, sending, startNotes } from "./notesSync";

test("a change is sent once and settles on what the server made of it", () => {
  const sent = sending(edited(startNotes("a"), "ab"));
  expect(isChanged(sent)).toBe(false);
  expect(answered(sent, "ab, and theirs")).toEqual(startNotes("ab, and theirs"));
});

test("what is typed while a change is on its way goes out on top of it", () => {
  const state = answered(edited(sending(edited(startNotes("a"), "ab")), "abc"), "ab!");
  expect(state).toEqual({ base: "ab", text: "abc", sent: null });
  expect(isChanged(state)).toBe(true);
});

test("others' changes are shown at rest and wait while own ones are not merged", () => {
  expect(arrived(startNotes("a"), "b").text).toBe("b");
  const dirty = edited(startNotes("a"), "ax");
  expect(arrived(dirty, "b")).toBe(dirty);
  expect(arrived(sending(dirty), "b").text).toBe("ax");
});

test("a change that failed is not lost", () => {
  const state = failed(sending(edited(startNotes("a"), "ab")));
  expect(isChanged(state)).toBe(true);
  expect(state.base).toBe("a");
});

test("the caret stays with the text around it", () => {
  expect(moveCaret("one two", "zero one two", 4)).toBe(9);
  expect(moveCaret("one two", "one two three", 3)).toBe(3);
  expect(moveCaret("one two", "one two three", 7)).toBe(7);
  expect(moveCaret("one four three", "one three", 6)).toBe(4);
});
