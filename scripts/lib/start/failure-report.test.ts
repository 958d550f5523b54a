import { expect, test } from "vitest";
import { reportFailures, toReported, type ReportedFailure } from "./failure-report";

const entry = (where: string, text: string) => ({ at: 0, requestId: "r", where, text });

test("failures of functions are saved together, each kind once with its count", async () => {
  const saved: ReportedFailure[][] = [];
  let done = (): void => undefined;
  const flushed = new Promise<void>((resolve) => (done = resolve));
  const report = reportFailures(async (failures) => {
    saved.push(failures);
    done();
  }, 20);
  for (const row of [1, 1, 2])
    report(entry("focus/sweep:endSilent", `Uncaught TypeError: row ${row}\n    at run (a.ts:1:2)`));
  await flushed;
  expect(
    saved.map((failures) => failures.map(({ name, message, place, count }) => [name, message, place, count])),
  ).toEqual([
    [
      ["TypeError", "row 1", "focus/sweep:endSilent", 2],
      ["TypeError", "row 2", "focus/sweep:endSilent", 1],
    ],
  ]);
  expect(saved[0]![0]!.stack).toContain("a.ts:1:2");
});

test("what requests note themselves, what is only logged, and the saving itself are left out", () => {
  expect(toReported(entry("GET /api/sessions/:id/", "Uncaught Error: x"))).toBeNull();
  expect(toReported(entry("store/drain:run", "the store is away"))).toBeNull();
  expect(toReported(entry("operations/errors:save", "Uncaught Error: x"))).toBeNull();
  expect(toReported(entry("store/drain:run", "Uncaught Error: x"))).not.toBeNull();
});
