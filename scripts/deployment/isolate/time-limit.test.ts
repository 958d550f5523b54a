import { AsyncLocalStorage, AsyncResource } from "node:async_hooks";
import { createContext, Script } from "node:vm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deadlineMs } from "../../lib/deadlines";
import { interrupter } from "./interrupter";
import { TimeLimit } from "./time-limit";

function endless(): () => void {
  const context = createContext({}, { microtaskMode: "afterEvaluate" });
  new Script("var go = async () => { for (;;) await null; }").runInContext(context);
  const script = new Script("void go()");
  return () => void script.runInContext(context);
}

/** Takes 300 ms by the clock and nearly no processor, as everything does on a busy machine. */
const sleeping = () => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);

describe.each(["a timeout", "the interrupter"])("ended by %s", (means) => {
  if (means === "the interrupter") {
    let stop: () => Promise<void>;
    beforeAll(async () => {
      stop = await interrupter.start();
    });
    afterAll(() => stop());
    test("which this system has", () => expect(interrupter.isReady).toBe(process.platform !== "win32"));

    test("a signal from elsewhere ends no process, and a run that it ends may be tried again", async () => {
      const guard = new TimeLimit();
      const signal = () => void process.kill(process.pid, "SIGINT");
      for (let sent = 0; sent < 5; sent++) {
        signal();
        await new Promise((resolve) => setTimeout(resolve, 50));
        if (!guard.run(() => (signal(), sleeping()), 10_000)) expect(guard.starved).toBe(true);
        expect(guard.run(endless(), 50)).toBe(false);
      }
    });

    test("signals that come late, many at once, end no process, and every run still ends", async () => {
      const guard = new TimeLimit();
      for (let round = 0; round < 30; round++) {
        for (let sent = 0; sent < 4; sent++) process.kill(process.pid, "SIGINT");
        expect(guard.run(endless(), 20)).toBe(false);
        await new Promise((resolve) => setTimeout(resolve, round % 7));
      }
    });
  }

  test("work that ends is run once and its error comes through", () => {
    let runs = 0;
    expect(new TimeLimit().run(() => void runs++, 1_000)).toBe(true);
    expect(runs).toBe(1);
    expect(() =>
      new TimeLimit().run(() => {
        throw new Error("mine");
      }, 1_000),
    ).toThrow("mine");
  });

  test("an endless loop ends at the limit, also deep inside other contexts", () => {
    const guard = new TimeLimit();
    const started = performance.now();
    let after = false;
    const ended = guard.run(() => {
      guard.run(endless(), 10);
      after = true;
    }, 50);
    expect(ended).toBe(false);
    expect(after).toBe(false);
    expect(performance.now() - started).toBeLessThan(deadlineMs(10_000));
    expect(guard.run(() => {}, 50)).toBe(true);
  });

  test("a run that was cut while it had no processor is told from one that took long", () => {
    const guard = new TimeLimit();
    expect(guard.run(sleeping, 100)).toBe(false);
    expect(guard.starved).toBe(true);
  });

  test("work that was starved gets longer when it is tried again, and only then", () => {
    const guard = new TimeLimit();
    expect([guard.run(sleeping, 100), guard.run(sleeping, 100), guard.run(sleeping, 100)]).toEqual([
      false,
      true,
      false,
    ]);
    // It gets its time on a processor in the end, however busy the machine is.
    do expect(guard.run(endless(), 100)).toBe(false);
    while (guard.starved);
    expect(guard.run(sleeping, 100)).toBe(false);
  });

  test("the process survives a cut in every kind of callback while async context is tracked", async () => {
    const storage = new AsyncLocalStorage<number>();
    const guard = new TimeLimit();
    const cut = () => expect(guard.run(endless(), 15)).toBe(false);
    await storage.run(1, async () => {
      await new Promise<void>((resolve) => setImmediate(() => (cut(), resolve())));
      await new Promise<void>((resolve) => setTimeout(() => (cut(), resolve()), 1));
      await Promise.resolve().then(cut);
      await new Promise<void>((resolve) => process.nextTick(() => (cut(), resolve())));
    });
    // The process would be aborted at the end of such a callback, so getting here is what is tested.
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(storage.run(2, () => storage.getStore())).toBe(2);
  });

  test("the process survives cuts wherever they fall while async context is tracked", async () => {
    const storage = new AsyncLocalStorage<number>();
    const guard = new TimeLimit();
    const resource = new AsyncResource("work");
    const scopes = () => {
      for (;;) resource.runInAsyncScope(() => {});
    };
    await storage.run(1, async () => {
      for (const work of [endless(), scopes])
        for (let cuts = 0; cuts < (means === "a timeout" ? 1000 : 100); cuts++)
          await new Promise<void>((resolve) => setImmediate(() => (guard.run(work, 1), resolve())));
    });
  });
});
