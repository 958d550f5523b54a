import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { askStore, forgetStore, isStoreSilent, PAUSE_MS } from "./breaker";

const MINUTE = 60_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  forgetStore();
});

let asked = 0;
const silent = () => {
  asked++;
  return new Promise<string>(() => undefined);
};
/** Runs a read: its outcome, and after how many ms. */
async function outcome(ask: () => Promise<string>): Promise<[result: string, ms: number]> {
  const began = Date.now();
  const read = askStore(ask).catch(() => "failed");
  let result: string | undefined;
  void read.then((value) => (result = value));
  while (result === undefined) await vi.advanceTimersByTimeAsync(100);
  return [result, Date.now() - began];
}

test("one read waits for a store that hangs, those after it do not, and one of them finds out later", async () => {
  asked = 0;
  expect(await outcome(silent)).toEqual(["failed", 5_000]);
  for (let i = 0; i < 3; i++) expect((await outcome(silent))[1]).toBeLessThanOrEqual(100);
  expect([asked, isStoreSilent(MINUTE)]).toEqual([1, true]);
  await vi.advanceTimersByTimeAsync(PAUSE_MS);
  const trial = outcome(silent);
  await expect(askStore(silent)).rejects.toThrow("does not answer");
  expect((await trial)[0]).toBe("failed");
  expect(asked).toBe(2);
  await vi.advanceTimersByTimeAsync(PAUSE_MS);
  expect((await outcome(() => Promise.resolve("answered")))[0]).toBe("answered");
  expect(isStoreSilent(MINUTE)).toBe(false);
  expect((await outcome(() => Promise.resolve("answered")))[0]).toBe("answered");
});

test("a store that refuses at once is asked each time", async () => {
  asked = 0;
  const refuse = () => {
    asked++;
    return Promise.reject(new Error("refused"));
  };
  for (let i = 0; i < 3; i++) expect((await outcome(refuse))[0]).toBe("failed");
  expect([asked, isStoreSilent(MINUTE)]).toEqual([3, false]);
});

test("one read that is lost while others are answered keeps nobody from the store", async () => {
  const lost = outcome(silent);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await askStore(() => Promise.resolve("answered"))).toBe("answered");
  expect((await lost)[0]).toBe("failed");
  expect(isStoreSilent(MINUTE)).toBe(false);
});

test("a clock that is put back keeps nobody from the store", async () => {
  await outcome(silent);
  vi.setSystemTime(Date.now() - 60 * MINUTE);
  expect((await outcome(() => Promise.resolve("answered")))[0]).toBe("answered");
});
