import { expect, test } from "vitest";
import type { ErrorKind } from "./api";
import { verdictOf, type Everything } from "./verdict";

const NOW = 1e12;
const well: Everything = {
  store: {
    configured: true,
    depth: 0,
    depthLimit: 1_000,
    oldestAt: null,
    failed: [],
    retrying: [],
    outage: null,
    lastDelivery: null,
    lastReconciliation: null,
  },
  state: { version: "1", lastTickAt: NOW - 30_000, lateMs: 4, webhooks: { depth: 0, oldestAt: null } },
  errors: [],
};
const error: ErrorKind = {
  id: "1" as ErrorKind["id"],
  source: "server",
  name: "TypeError",
  message: "x is no function",
  place: "GET /api",
  count: 1,
  firstAt: NOW,
  lastAt: NOW - 60_000,
  version: "1",
  sample: "",
};
const outage = { ...well.store, outage: { since: 1, error: "refused" } };

test("a server error a minute ago is told, though everything works", () => {
  expect(verdictOf({ ...well, errors: [error] }, NOW)).toEqual({
    well: true,
    part: "errors",
    title: "Everything is working",
    text: "1 kind of server error in the last 15 minutes. The newest: x is no function",
  });
});

test.each<[string, Partial<Everything>, string | null, RegExp]>([
  ["nothing wrong", {}, null, /Everything is working/],
  ["a deployment that has just begun", { state: { ...well.state, lastTickAt: null, lateMs: null } }, null, /working/],
  [
    "no tick for long",
    { state: { ...well.state, lastTickAt: NOW - 200_000 }, store: outage },
    "jobs",
    /aren't running/,
  ],
  ["a late job", { state: { ...well.state, lateMs: 90_000 } }, "jobs", /run late/],
  ["the store away", { store: outage, errors: [error] }, "store", /Can't reach the store/],
  [
    "a webhook that waits for two hours",
    { state: { ...well.state, webhooks: { depth: 1, oldestAt: NOW - 7_200_000 } } },
    "webhooks",
    /behind/,
  ],
  [
    "a webhook that waits for a minute",
    { state: { ...well.state, webhooks: { depth: 1, oldestAt: NOW - 60_000 } } },
    null,
    /working/,
  ],
  ["a server error an hour ago", { errors: [{ ...error, lastAt: NOW - 3_600_000 }] }, null, /working/],
  ["an error in a browser", { errors: [{ ...error, source: "browser" }] }, null, /working/],
])("%s", (_case, change, part, title) => {
  const verdict = verdictOf({ ...well, ...change }, NOW);
  expect([verdict.part, verdict.well]).toEqual([part, part === null]);
  expect(verdict.title).toMatch(title);
});
