import { expect, test } from "vitest";
import type { OutboxStatus } from "./api";
import { healthOf } from "./health";

const NOW = 1e12;
const well: OutboxStatus = {
  configured: true,
  depth: 0,
  depthLimit: 1_000,
  oldestAt: null,
  failed: [],
  retrying: [],
  outage: null,
  lastDelivery: { at: NOW - 1_000, count: 1 },
  lastReconciliation: null,
};
const failed = {
  id: "1",
  kind: "complete" as const,
  sessionId: "s",
  attempts: 10,
  lastError: "boom",
  enqueuedAt: 1,
  failedAt: 2,
};
const retried = {
  id: "2",
  kind: "register" as const,
  sessionId: "t",
  attempts: 1,
  lastError: "boom",
  enqueuedAt: 1,
  nextAttemptAt: 2,
};
const compared = {
  startedAt: 1,
  finishedAt: 2,
  days: 3,
  compared: 4,
  differing: 0,
  reenqueued: 0,
  storeOnly: 0,
  totalsDiffering: 0,
  error: null,
};

test.each<[string, Partial<OutboxStatus>, RegExp]>([
  ["an empty outbox", {}, /Everything is working/],
  ["a fresh entry on its way", { depth: 1, oldestAt: NOW - 5_000 }, /Everything is working/],
  ["an old entry", { depth: 1, oldestAt: NOW - 600_000 }, /late/],
  ["an entry that failed once", { retrying: [retried], depth: 1, oldestAt: NOW }, /1 entry is being retried/],
  ["failed entries before retried ones", { failed: [failed], retrying: [retried] }, /1 entry needs attention/],
  ["failed entries before late ones", { failed: [failed, failed], depth: 2, oldestAt: 1 }, /2 entries need attention/],
  [
    "an outage before failed entries",
    { failed: [failed], outage: { since: 1, error: "refused" } },
    /Can't reach the store/,
  ],
  ["no store at all", { configured: false, outage: { since: 1, error: "x" } }, /No permanent store/],
  ["a clean comparison", { lastReconciliation: compared }, /Everything is working/],
  ["a comparison that stopped", { lastReconciliation: { ...compared, error: "timeout" } }, /stopped early/],
  ["other totals", { lastReconciliation: { ...compared, totalsDiffering: 1 } }, /Totals differ/],
  ["more in the store", { lastReconciliation: { ...compared, storeOnly: 1 } }, /store has more/],
])("%s", (_case, change, title) => expect(healthOf({ ...well, ...change }, NOW).title).toMatch(title));
