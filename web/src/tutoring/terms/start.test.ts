import { expect, test } from "vitest";
import { readStart, startAt } from "./start";

const start = (local: string, zone = "Europe/Berlin", later = false) => readStart({ local, zone, later });

test("an entered start is an instant, or says what is wrong with which field", () => {
  expect(start("2026-07-01T18:30")).toEqual({ at: Date.parse("2026-07-01T16:30:00Z"), choices: null, problems: {} });
  expect(start("").problems).toEqual({ date: ["Choose a start date and time."] });
  expect(start("2026-07-01T18:30", "Berlin").problems).toEqual({
    zone: ["Choose a time zone from the list, such as Europe/Berlin."],
  });
  expect(start("2026-03-29T02:30")).toEqual({
    at: null,
    choices: null,
    problems: { date: ["Clocks in Europe/Berlin skip this time. The next time is 03:30."] },
  });
});

test("of a time that comes twice the earlier counts until the later is chosen", () => {
  const both: [number, number] = [Date.parse("2026-10-25T00:30:00Z"), Date.parse("2026-10-25T01:30:00Z")];
  expect(start("2026-10-25T02:30")).toEqual({ at: both[0], choices: both, problems: {} });
  expect(start("2026-10-25T02:30", "Europe/Berlin", true)).toEqual({ at: both[1], choices: both, problems: {} });
});

test.each(["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-07-01T16:30:00Z"])(
  "%s is entered as it stands, so that a form that is only looked at moves nothing",
  (instant) => {
    const at = Date.parse(instant);
    expect(readStart(startAt(at, "Europe/Berlin")).at).toBe(at);
  },
);
