import { beforeEach, expect, test, vi } from "vitest";
import { openKv, openMetaStore } from "../storage";
import { temporaryFolder } from "../transactions/testing";
import { makeModuleRef } from "./module-texts";

const MODULE = { path: "notes.js", environment: "isolate" as const, source: 'export const text = "as pushed";' };
const KEPT = "as converted before";

// A process that has just started has compiled nothing.
beforeEach(() => void vi.resetModules());

/** The conversion that is used after a restart, when the kept one is changed to be known again. */
async function restartWith(change: { by?: string }): Promise<string> {
  const { findConversion, prepareModules } = await import("../isolate");
  const { ModuleTexts } = await import("./module-texts");
  const kv = openKv(temporaryFolder());
  const texts = new ModuleTexts(openMetaStore(kv));
  await prepareModules([MODULE]);
  texts.put(MODULE);
  vi.resetModules();
  const restarted = await import("../isolate");
  const found = texts.get(makeModuleRef(MODULE))!;
  expect(found.conversion).toEqual(findConversion(MODULE));
  const { code } = found.conversion!;
  const kept = { ...found, conversion: { ...found.conversion!, code: code.replace("as pushed", KEPT), ...change } };
  expect(restarted.findConversion(kept)).toBeUndefined();
  await restarted.prepareModules([kept]);
  await kv.close();
  return restarted.findConversion(kept)!.code;
}

test("a restart uses the conversions that were kept", async () => {
  expect(await restartWith({})).toContain(KEPT);
});

test("those of another converter are made anew", async () => {
  const code = await restartWith({ by: "esbuild 0.1" });
  expect(code).toContain("as pushed");
  expect(code).not.toContain(KEPT);
});
