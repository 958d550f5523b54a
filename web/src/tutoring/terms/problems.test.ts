import { expect, test, vi } from "vitest";
import { findProblems } from "./problems";

const STARTS_AT = Date.parse("2026-07-01T16:30:00Z");
const entered = (changes: object = {}, moved = true) => ({
  texts: {
    title: "Fractions",
    subject: "Mathematics",
    level: "beginner",
    description: "From halves to proportions.",
    duration: "60",
    maxParticipants: "10",
    weeks: "1",
    ...changes,
  },
  start: { local: "2026-07-01T18:30", zone: "Europe/Berlin", later: false },
  moved,
  seated: 3,
});

test("a start lies in the future by the given clock, not by this device's", () => {
  vi.useFakeTimers({ now: STARTS_AT + 1 });
  try {
    expect(findProblems(entered(), STARTS_AT - 1)).toEqual({});
    expect(findProblems(entered(), STARTS_AT)).toEqual({ date: ["Choose a time in the future."] });
    expect(findProblems(entered({}, false), STARTS_AT)).toEqual({});
  } finally {
    vi.useRealTimers();
  }
});

test("each field that is refused is named", () => {
  const texts = { title: " ", subject: "", description: "", duration: "0", weeks: "many", maxParticipants: "2" };
  expect(Object.keys(findProblems(entered(texts), 0)).sort()).toEqual(Object.keys(texts).sort());
});
