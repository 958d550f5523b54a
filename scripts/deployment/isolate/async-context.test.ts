import { AsyncLocalStorage } from "node:async_hooks";
import { createContext, Script } from "node:vm";
import { expect, test } from "vitest";
import type { ActionRun } from "../actions/action-run";
import { actionContext, runOutsideActions } from "./async-context";

const current = () => actionContext.getStore() as ActionRun | undefined;
const named = (name: string) => ({ component: name }) as ActionRun;

test("work that goes on around a transaction still belongs to its action", async () => {
  const seen: (string | undefined)[] = [];
  const look = () => seen.push(current()?.component);
  const action = (name: string) =>
    actionContext.run(named(name), async () => {
      look();
      await new Promise((resolve) => setImmediate(resolve));
      runOutsideActions(() => seen.push(current()?.component));
      look();
      await Promise.resolve();
      look();
    });
  await Promise.all([action("a"), action("b")]);
  expect(seen).toEqual(["a", "b", undefined, "a", "a", undefined, "b", "b"]);
  expect(actionContext.getStore()).toBeUndefined();
  expect(() =>
    runOutsideActions(() => {
      throw new Error("mine");
    }),
  ).toThrow("mine");
});

test("an action keeps its context and the function's own through transactions that drain their microtasks", async () => {
  const own = new AsyncLocalStorage<string>();
  const transaction = createContext({}, { microtaskMode: "afterEvaluate" });
  const awaiting = new Script("(async () => { for (let i = 0; i < 3; i++) await null; })()");
  const seen: (string | undefined)[] = [];
  const look = () => seen.push(current()?.component, own.getStore());
  await actionContext.run(named("a"), () =>
    own.run("mine", async () => {
      const pending = new Promise((resolve) => setImmediate(resolve)).then(look);
      runOutsideActions(() => void awaiting.runInContext(transaction));
      look();
      await pending;
      look();
    }),
  );
  expect(seen).toEqual(["a", "mine", "a", "mine", "a", "mine"]);
});
