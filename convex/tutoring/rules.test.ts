import fc from "fast-check";
import { expect, test } from "vitest";
import { HOUR_MS, MINUTE_MS } from "../lib/time";
import {
  endOf,
  hasEnded,
  findNextDue,
  findDueReminder,
  startOf,
  findStatus,
  formatTimeLeft,
  type Timed,
} from "./rules";
import { STATUSES } from "./shapes";

const START = Date.parse("2026-03-29T01:00:00Z");
const session = (status: Timed["status"]): Timed => ({ status, startsAt: START, durationMinutes: 60 });

test("each status becomes what time makes of it", () => {
  const before = START - 1;
  const during = START + 30 * MINUTE_MS;
  const after = START + 60 * MINUTE_MS;
  const table: [Timed["status"], number, number, Timed["status"]][] = [
    ["pending_approval", 0, before, "pending_approval"],
    ["pending_approval", 0, START, "expired"],
    ["approved", 0, before, "approved"],
    ["approved", 0, START, "ongoing"],
    ["scheduled", 1, START, "ongoing"],
    ["scheduled", 1, during, "ongoing"],
    ["scheduled", 1, after, "completed"],
    ["approved", 0, after, "expired"],
    ["ongoing", 1, after - 1, "ongoing"],
    ["ongoing", 1, after, "completed"],
    ["ongoing", 0, after, "expired"],
    ["cancelled", 1, after, "cancelled"],
    ["completed", 1, after, "completed"],
    ["expired", 0, during, "expired"],
  ];
  for (const [status, count, now, expected] of table)
    expect([status, count, findStatus(session(status), count, now)]).toEqual([status, count, expected]);
});

test("walking from one due time to the next meets every change at its very time and each reminder once", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...STATUSES),
      fc.integer({ min: 1, max: 1440 }),
      fc.integer({ min: 0, max: 3 }),
      fc.integer({ min: -HOUR_MS, max: 72 * HOUR_MS }),
      fc.array(fc.integer({ min: 0, max: 5 * HOUR_MS }), { maxLength: 12 }),
      (status, durationMinutes, count, ahead, delays) => {
        let now = START - ahead;
        let covered = now;
        let timed: Timed = { status, startsAt: START, durationMinutes };
        const reminders: number[] = [];
        for (let step = 0; step < 12; step++) {
          const dueAt = findNextDue(timed, covered);
          if (dueAt === null) break;
          // The server may be late by any time; it never runs early.
          now = Math.max(now, dueAt) + (delays[step] ?? 0);
          const reminder = findDueReminder(timed, covered, now);
          if (reminder !== null) reminders.push(reminder);
          timed = { ...timed, status: findStatus(timed, count, now) };
          covered = now;
          expect(findStatus(timed, count, now)).toBe(timed.status);
        }
        expect(findNextDue(timed, covered)).toBeNull();
        expect(hasEnded(timed.status)).toBe(true);
        expect(new Set(reminders).size).toBe(reminders.length);
        expect(reminders.every((at) => at < START)).toBe(true);
        if (delays.length === 0 && ["approved", "scheduled"].includes(status))
          expect(reminders).toHaveLength([24, 1].filter((hours) => START - hours * HOUR_MS > START - ahead).length);
      },
    ),
    { numRuns: 500 },
  );
});

test("local time plus offset is the instant that a clock with that offset shows", () => {
  fc.assert(
    fc.property(
      fc
        .integer({ min: Date.parse("1971-01-01"), max: Date.parse("2099-12-31") })
        .map((ms) => Math.floor(ms / 1000) * 1000),
      fc.integer({ min: -840, max: 840 }),
      (instant, offset) => {
        const local = new Date(instant - offset * MINUTE_MS).toISOString().slice(0, 19);
        const sign = offset <= 0 ? "+" : "-";
        const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60].map((part) =>
          String(part).padStart(2, "0"),
        );
        expect(startOf(local, offset)).toBe(instant);
        // An offset in the text outranks the other.
        if (Math.abs(offset) < 24 * 60) expect(startOf(`${local}${sign}${hours}:${minutes}`, 77)).toBe(instant);
        expect(startOf(`${local}Z`, offset)).toBe(instant - offset * MINUTE_MS);
      },
    ),
  );
});

test("what is no time is none", () => {
  for (const text of [
    "",
    "soon",
    "2026-03-29",
    "2026-13-01T10:00:00Z",
    "2026-02-29T10:00:00",
    "2026-03-29T25:00:00",
    "2026-03-29T24:00:00",
    "2026-03-29T10:00:00+25:99x",
    "10:00",
  ])
    expect([text, startOf(text)]).toEqual([text, null]);
  expect(startOf("2028-02-29T10:00:00")).toBe(Date.parse("2028-02-29T10:00:00Z"));
  expect(startOf("\u0000 2028-02-29T10:00:00Z\u0007")).toBe(Date.parse("2028-02-29T10:00:00Z"));
});

test("a start is of a year that four digits can write, whatever the offset makes of it", () => {
  expect(startOf("9999-12-31T23:59:59", 1)).toBeNull();
  expect(startOf("0001-01-01T00:00:00", -1)).toBeNull();
  expect(startOf("9999-12-31T23:59:00")).toBe(Date.parse("9999-12-31T23:59:00Z"));
});

test("the end does not move with the seasons, and what is left is told in round words", () => {
  expect(endOf(session("approved")) - START).toBe(HOUR_MS);
  expect([HOUR_MS, 24 * HOUR_MS, MINUTE_MS, 59.4 * MINUTE_MS, 1].map(formatTimeLeft)).toEqual([
    "1 hour",
    "24 hours",
    "1 minute",
    "59 minutes",
    "1 minute",
  ]);
});
