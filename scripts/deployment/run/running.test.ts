import { expect, test } from "vitest";
import type { ActionRun } from "./action-syscalls";
import { running, untracked } from "./running";

const named = (name: string) => ({ component: name }) as ActionRun;

test("work that goes on around a transaction still belongs to its action", async () => {
  const seen: (string | undefined)[] = [];
  const look = () => seen.push(running.getStore()?.component);
  const action = (name: string) =>
    running.run(named(name), async () => {
      look();
      await new Promise((resolve) => setImmediate(resolve));
      untracked(() => seen.push(running.getStore()?.component));
      look();
      await Promise.resolve();
      look();
    });
  await Promise.all([action("a"), action("b")]);
  expect(seen).toEqual(["a", "b", undefined, "a", "a", undefined, "b", "b"]);
  expect(running.getStore()).toBeUndefined();
  expect(() =>
    untracked(() => {
      throw new Error("mine");
    }),
  ).toThrow("mine");
});
