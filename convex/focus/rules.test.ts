import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as Rules from "./rules";
import { DIMENSIONS, lifeLevel, nextLevelAt, totalOf, type Rates } from "../xp/amounts";

const T0 = 1_700_000_000_000;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const rates = (...[physique = 0, energy = 0, logic = 0, creativity = 0, social = 0]: number[]): Rates => ({
  physique,
  energy,
  logic,
  creativity,
  social,
});

describe("xp", () => {
  test("the documented example", () => {
    const xp = Rules.earnedXp(rates(5, 1, 0, 2.5, 0.25), 3200);
    expect(xp).toEqual(rates(16000, 3200, 0, 8000, 800));
    expect(totalOf(xp)).toBe(28000);
  });

  test.each([
    [0.145, 100, 15],
    [0.35, 30, 11],
    [1.005, 1000, 1005],
    [0.25, 1, 0],
    [0.25, 2, 1],
    [0.5, 1, 1],
    [13, 43_200, 561_600],
    [2.5, 0, 0],
  ])("%d a second for %d s, half up, is %d", (rate, seconds, expected) =>
    expect(Rules.computeXp(rate, seconds)).toBe(expected),
  );

  test("rounding half up is exact for every rate in thousandths", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 13_000 }), fc.integer({ min: 0, max: 43_200 }), (thousandths, seconds) => {
        expect(Rules.computeXp(thousandths / 1000, seconds)).toBe(
          Number((BigInt(thousandths) * BigInt(seconds) + 500n) / 1000n),
        );
      }),
    );
  });

  test.each([
    [0, 1, 10_000],
    [9_999, 1, 10_000],
    [10_000, 2, 40_000],
    [39_999, 2, 40_000],
    [40_000, 3, 90_000],
    [28_000, 2, 40_000],
  ])("%d XP is level %d, the next at %d", (xp, level, next) => {
    expect(lifeLevel(xp)).toBe(level);
    expect(nextLevelAt(lifeLevel(xp))).toBe(next);
  });
});

type Act = { kind: "beat"; device: string; hidden: boolean } | { kind: "pause" | "resume"; device: string };
type Event = Act & { at: number };
type State = { clock: Rules.Clock; contact: Rules.Contact };

function play(events: Event[]): State {
  let state: State = { clock: Rules.startClock(T0, null), contact: Rules.startContact("a", T0) };
  for (const event of events) {
    const { clock, contact } = state;
    const who = { device: event.device, now: event.at };
    if (event.kind === "beat") state = Rules.applyHeartbeat(clock, contact, { ...who, hidden: event.hidden });
    else state = (event.kind === "pause" ? Rules.applyPause : Rules.applyResume)(clock, contact, who);
  }
  return state;
}

const device = fc.constantFrom("a", "b", "c");
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("beat" as const), device, hidden: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("pause" as const, "resume" as const), device }) },
);
/** Acts at rising times, in quarters of a second, some beyond a minute apart. */
const history: fc.Arbitrary<Event[]> = fc
  .array(fc.tuple(act, fc.integer({ min: 0, max: 400 })), { maxLength: 40 })
  .map((steps) => {
    let at = T0;
    return steps.map(([step, gap]) => ({ ...step, at: (at += gap * 250) }));
  });
const tail = fc.integer({ min: 0, max: 800 }).map((quarters) => quarters * 250);
const endOf = (events: Event[], after: number) => (events.at(-1)?.at ?? T0) + after;

/** The same by brute force, quarter second by quarter second, from the words of the contract alone. */
function reckon(events: Event[], end: number): { totalMs: number; focusedMs: number } {
  let totalMs = 0;
  let focusedMs = 0;
  const seen = new Map([["a", T0]]);
  let paused = false;
  let next = 0;
  for (let at = T0; at < end; at += 250) {
    for (; next < events.length && events[next]!.at <= at; next++) {
      const event = events[next]!;
      if (event.kind === "beat" && event.hidden) seen.delete(event.device);
      else seen.set(event.device, event.at);
      if (event.kind !== "beat") paused = event.kind === "pause";
    }
    if (paused) continue;
    totalMs += 250;
    if ([...seen.values()].some((shown) => at - shown < Rules.ATTENTION_MS)) focusedMs += 250;
  }
  return { totalMs, focusedMs };
}

describe("attention", () => {
  test("agrees with reckoning it quarter second by quarter second", () => {
    fc.assert(
      fc.property(history, tail, (events, after) => {
        const end = endOf(events, after);
        const { clock, contact } = play(events);
        expect({
          totalMs: Rules.totalMsAt(clock, end),
          focusedMs: Rules.measureFocusedMs(clock, contact, end),
        }).toEqual(reckon(events, end));
      }),
      { numRuns: 300 },
    );
  });

  test("focused ≤ total ≤ elapsed, in ms and in whole seconds, at every moment after", () => {
    fc.assert(
      fc.property(history, tail, (events, after) => {
        const end = endOf(events, after);
        const { clock, contact } = play(events);
        const [total, focused] = [Rules.totalMsAt(clock, end), Rules.measureFocusedMs(clock, contact, end)];
        expect(focused).toBeGreaterThanOrEqual(0);
        expect(focused).toBeLessThanOrEqual(total);
        expect(total).toBeLessThanOrEqual(end - T0);
        const figures = Rules.computeFigures(clock, contact, rates(5, 1, 0, 2.5, 0.25), end);
        expect(figures.focusedSeconds).toBeLessThanOrEqual(figures.totalSeconds);
        expect(totalOf(figures.xp)).toBe(DIMENSIONS.reduce((sum, name) => sum + figures.xp[name], 0));
        expect(DIMENSIONS.every((name) => Number.isInteger(figures.xp[name]))).toBe(true);
      }),
    );
  });

  test("time only grows, and pausing pays nothing", () => {
    fc.assert(
      fc.property(history, tail, tail, (events, first, second) => {
        const at = endOf(events, first);
        const later = at + second;
        const { clock, contact } = play(events);
        expect(Rules.measureFocusedMs(clock, contact, later)).toBeGreaterThanOrEqual(
          Rules.measureFocusedMs(clock, contact, at),
        );
        const paused = Rules.applyPause(clock, contact, { device: "a", now: at });
        expect(Rules.measureFocusedMs(paused.clock, paused.contact, later)).toBe(
          Rules.measureFocusedMs(clock, contact, at),
        );
        const resumed = Rules.applyResume(paused.clock, paused.contact, { device: "a", now: later });
        expect(Rules.measureFocusedMs(resumed.clock, resumed.contact, later)).toBe(
          Rules.measureFocusedMs(clock, contact, at),
        );
        expect(Rules.totalMsAt(resumed.clock, later)).toBe(Rules.totalMsAt(clock, clock.pausedAt ?? at));
      }),
    );
  });

  test("acts of different devices at one moment may come in any order, and repeating one changes nothing", () => {
    const beats = fc.uniqueArray(fc.record({ kind: fc.constant("beat" as const), device, hidden: fc.boolean() }), {
      selector: (each) => each.device,
    });
    fc.assert(
      fc.property(history, tail, beats, tail, (events, gap, together, after) => {
        const at = endOf(events, gap);
        const end = at + after;
        const focused = (acts: Act[]) => {
          const { clock, contact } = play([...events, ...acts.map((each) => ({ ...each, at }))]);
          return Rules.measureFocusedMs(clock, contact, end);
        };
        expect(focused([...together].reverse())).toBe(focused(together));
        expect(focused([...together, ...together])).toBe(focused(together));
      }),
    );
  });

  test("a heartbeat in time returns the very same clock", () => {
    const { clock, contact } = play([]);
    const { clock: after } = Rules.applyHeartbeat(clock, contact, {
      device: "a",
      hidden: false,
      now: T0 + 60 * SECOND,
    });
    expect(after).toBe(clock);
  });
});

describe("ends by themselves", () => {
  const at = (ms: number) => T0 + ms;
  const planned = (seconds: number) => Rules.startClock(T0, seconds);
  const contactAt = (ms: number): Rules.Contact => ({ ...Rules.startContact("a", at(ms)) });

  test.each<[string, Rules.Clock, number, number, Rules.End | null]>([
    ["nothing is due", planned(600), 0, 10 * MINUTE - 1, null],
    ["the plan is reached", planned(600), 0, 10 * MINUTE, { reason: "auto", endedAt: at(10 * MINUTE) }],
    ["the plan was reached long ago", planned(600), 0, 600 * MINUTE, { reason: "auto", endedAt: at(10 * MINUTE) }],
    ["silence comes before the plan", planned(3600), 0, 600 * MINUTE, { reason: "timeout", endedAt: T0 }],
    ["at one moment the plan goes first", planned(1800), 0, 30 * MINUTE, { reason: "auto", endedAt: at(30 * MINUTE) }],
    [
      "twelve hours",
      Rules.startClock(T0, null),
      719 * MINUTE,
      720 * MINUTE,
      { reason: "auto", endedAt: at(720 * MINUTE) },
    ],
    [
      "silence while paused",
      { ...planned(60), pausedAt: at(MINUTE / 2), runningSince: null },
      MINUTE,
      31 * MINUTE,
      { reason: "timeout", endedAt: at(MINUTE) },
    ],
  ])("%s", (_, clock, lastBeat, now, expected) =>
    expect(Rules.findDueEnd(clock, contactAt(lastBeat), at(now))).toEqual(expected),
  );

  test("it does not matter when one looks", () => {
    fc.assert(
      fc.property(
        history,
        fc.option(fc.integer({ min: 1, max: 43_200 }), { nil: null }),
        tail,
        tail,
        (events, plan, first, second) => {
          const { clock, contact } = play(events);
          const withPlan = { ...clock, plannedSeconds: plan };
          const now = endOf(events, first * 20);
          const due = Rules.findDueEnd(withPlan, contact, now);
          if (due) expect(Rules.findDueEnd(withPlan, contact, now + second * 20)).toEqual(due);
          if (Rules.findDueEnd(withPlan, contact, now + second * 20) === null) expect(due).toBeNull();
        },
      ),
    );
  });
});
