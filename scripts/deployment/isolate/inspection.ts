/**
 * Values as text for the console, by the library that the platform's console uses. It runs in the realm of the values,
 * because it tells their classes by that realm's own.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Context, Script } from "node:vm";

const LIBRARY = createRequire(import.meta.url).resolve("object-inspect");

interface Module {
  exports: unknown;
}
type Loader = (module: Module, require: (id: string) => unknown) => void;
const scripts = new Map<string, Script>();

function getScript(file: string): Script {
  let script = scripts.get(file);
  if (!script) {
    const source = `(function (module, require) {${readFileSync(file, "utf8")}\n})`;
    scripts.set(file, (script = new Script(source, { filename: "convex-runtime" })));
  }
  return script;
}

const PRINTED = Symbol("printed");
/**
 * In place of Node's `inspect`, which the library calls for what has the symbol. To follow actions through their
 * promises, Node notes ids on each one as properties, which would be printed. A promise has no others.
 */
const inspectPromise = Object.assign(() => "Promise [Promise] {}", { custom: PRINTED });

/** @param PromiseClass of the realm whose promises are printed */
export function hidePromiseNotes(PromiseClass: PromiseConstructor): void {
  const prototype: object = PromiseClass.prototype;
  Object.defineProperty(prototype, PRINTED, { value: inspectPromise });
}

/** Loads the library into a realm. */
export function loadInspect(context: Context): (value: unknown, options: object) => string {
  const load = (file: string): unknown => {
    const module: Module = { exports: {} };
    const { resolve } = createRequire(file);
    (getScript(file).runInContext(context) as Loader)(module, (id) =>
      id.endsWith("util.inspect") ? inspectPromise : load(resolve(id)),
    );
    return module.exports;
  };
  return load(LIBRARY) as (value: unknown, options: object) => string;
}
