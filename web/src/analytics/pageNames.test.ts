import { expect, test } from "vitest";
import { pageName } from "./pageNames";

test.each([
  ["/", "home"],
  ["/focus/live", "focus"],
  ["/tutoring/17", "tutoring"],
  ["/tutoring/17/room", "room"],
  ["/reports/abc", "valuations"],
  ["/devices", "account"],
  ["/webhooks/x", "operations"],
  ["/constructor", "other"],
  ["/nowhere", "other"],
])("%s is counted as %s", (path, name) => expect(pageName(path)).toBe(name));
