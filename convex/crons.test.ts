import { expect, test } from "vitest";
import crons from "./crons";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "./lib/time";
import { LATENESS_EVERY_TICKS } from "./operations/ticks";

type Schedule = { type: string; seconds?: number; minutes?: number; hours?: number };

const MONTH_MS = 30 * DAY_MS;

function countRuns({ type, seconds = 0, minutes = 0, hours = 0 }: Schedule): number {
  if (type === "daily") return MONTH_MS / DAY_MS;
  expect(type).toBe("interval");
  return MONTH_MS / (seconds * SECOND_MS + minutes * MINUTE_MS + hours * HOUR_MS);
}

/** Calls that a cron schedules each time, with nothing to do. */
const FOLLOWING: Record<string, number> = {
  "tutoring/sweep:startClock": 1,
  "operations/ticks:note": 1 / LATENESS_EVERY_TICKS,
};

test("without anybody there, crons make fewer than a quarter of a million calls a month", () => {
  const declared = Object.values(
    (crons as unknown as { crons: Record<string, { name: string; schedule: Schedule }> }).crons,
  );
  expect(declared.length).toBeGreaterThan(15);
  const calls = declared.map(({ name, schedule }) => countRuns(schedule) * (1 + (FOLLOWING[name] ?? 0)));
  for (const name of Object.keys(FOLLOWING)) expect(declared.map((cron) => cron.name)).toContain(name);
  expect(calls.reduce((sum, count) => sum + count, 0)).toBeLessThan(250_000);
});
