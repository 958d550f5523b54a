import { describe, expect, test } from "vitest";
import { absenceOf, look, parseSeen } from "./absence";
import type { LiveSession } from "../types";
import { zeros } from "@convex/xp/amounts";

const MIN = 60_000;
const session = (over: Partial<LiveSession> = {}): LiveSession => ({
  id: "s1",
  status: "active",
  goalId: "g",
  goal: { id: "g", title: "Draw every day", emoji: "🎨" },
  activityId: "a",
  activity: { id: "a", name: "Drawing", emoji: "🎨" },
  startedAt: 0,
  pausedAt: null,
  pausedMs: 0,
  rates: zeros(),
  focusedMs: 0,
  runningSince: 0,
  plannedSeconds: null,
  lastChange: { kind: "started", device: "Firefox on Linux", at: 0 },
  ...over,
});
const seen = look(session(), 10 * MIN, "tab");

describe("absenceOf", () => {
  test("tells what was not counted of a closed laptop's time", () => {
    const back = session({ focusedMs: 11 * MIN, runningSince: 30 * MIN });
    expect(absenceOf(seen, back, 30 * MIN)).toEqual({ awayMs: 20 * MIN, unpaidMs: 19 * MIN });
  });

  test.each([
    ["another device kept it attended", session(), 30 * MIN],
    ["it was short", session({ focusedMs: 10 * MIN, runningSince: 10.5 * MIN }), 10.5 * MIN],
    ["it was paused meanwhile", session({ status: "paused", focusedMs: 10 * MIN, runningSince: null }), 30 * MIN],
    [
      "it was paused and resumed meanwhile",
      session({
        focusedMs: 11 * MIN,
        runningSince: 29 * MIN,
        lastChange: { kind: "resumed", device: "x", at: 29 * MIN },
      }),
      30 * MIN,
    ],
    ["another session runs now", session({ id: "s2", runningSince: 29 * MIN }), 30 * MIN],
  ])("says nothing when %s", (_why, now, at) => expect(absenceOf(seen, now, at)).toBeNull());

  test("says nothing when it was left paused", () => {
    const left = look(session({ status: "paused", runningSince: null }), 10 * MIN, "tab");
    expect(absenceOf(left, session({ runningSince: 29 * MIN }), 30 * MIN)).toBeNull();
  });
});

test("a stored look comes back, and rubbish does not", () => {
  expect(parseSeen(JSON.stringify(seen))).toEqual(seen);
  for (const text of [null, "", "{", "null", "[]", '{"sessionId":1}']) expect(parseSeen(text)).toBeNull();
});
