import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { onShortcut, setSingleKeys } from "./shortcuts";

const asked: string[] = [];
let press: (key: string, more?: Partial<KeyboardEvent>) => void;

beforeEach(() => {
  const stored = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
    removeItem: (key: string) => stored.delete(key),
  });
  vi.stubGlobal("Element", class {});
  asked.length = 0;
  let now = 0;
  onShortcut(
    { help: () => asked.push("help"), goTo: (path) => asked.push(path) },
    {
      addEventListener: (_: string, listener: unknown) => {
        press = (key, more = {}) => {
          now += 100;
          (listener as (event: object) => void)({ key, timeStamp: now, preventDefault: () => undefined, ...more });
        };
      },
      removeEventListener: () => undefined,
    },
  );
});
afterEach(() => void vi.unstubAllGlobals());

test("a question mark opens the sheet; g and a letter go to a page", () => {
  press("?");
  for (const key of ["g", "r", "r", "g", "x", "f", "g", "g", "h"]) press(key);
  expect(asked).toEqual(["help", "/reports", "/"]);
});

test("other keys are let through: with Ctrl, too late, or when single keys are turned off", () => {
  press("?", { ctrlKey: true });
  press("g");
  press("h", { timeStamp: 1e6 });
  setSingleKeys(false);
  for (const key of ["?", "g", "h"]) press(key);
  expect(asked).toEqual([]);
  setSingleKeys(true);
  press("?");
  expect(asked).toEqual(["help"]);
});
