/** Contexts in which queries and mutations run, one call at a time, synchronously to the end. */
import { AsyncLocalStorage, AsyncResource } from "node:async_hooks";
import { randomFillSync, randomUUID, webcrypto } from "node:crypto";
import { constants, type Context, createContext, Script } from "node:vm";
import {
  completeSharedClasses,
  installClone,
  installWebApis,
  MODERN_SOURCE,
  OWN_NAMES,
  SyncCryptoKey,
  syncSubtle,
} from "../web-apis";
import { formatFrames } from "./frames";
import { hidePromiseNotes, loadInspect } from "./inspection";
import { compileModule, type ModuleFactory, type ModuleSource, resolveImport } from "./modules";
import { PRELUDE_SOURCE } from "./prelude";
import { sharedClasses } from "./shared-classes";
import { takeUnhandled } from "./unhandled-errors";

/** A failed syscall as the realm turns it into an Error; `data` is Convex JSON text. */
export interface SyscallFailure {
  message: string;
  data?: string;
  name?: string;
}

/** The mailbox shared with a realm's prelude. */
export interface Slot {
  fn: unknown;
  method: string;
  args: string;
  state: "idle" | "pending" | "done" | "failed";
  value: unknown;
  error: ThrownError | undefined;
  /** The answer of `Date.now()`, ms since the epoch. */
  now: number;
  sawTime: boolean;
  sawRandom: boolean;
  seeded: boolean;
  describe(thrown: unknown): ThrownError;
  /** Ends the timers of an action realm. */
  stopTimers?(): void;
}

/** A call of `fn[method](args)`. */
export interface SandboxCall {
  fn: unknown;
  method: string;
  args: string;
  /** The answer of `Date.now()`, ms since the epoch. */
  nowMs: number;
  /** Whether `performance.now()` stands still. */
  fixedClock: boolean;
}

/** Answers a transaction sandbox's system calls. */
export interface SandboxHost {
  syscall(op: string, json: string): string | SyscallFailure;
  asyncSyscall(op: string, json: string): string | SyscallFailure;
  console(level: string, texts: string[]): void;
  env(name: string): string | undefined;
}

export type Exports = Record<string, unknown>;
export type LoadedModules = Map<string, { exports: Exports }>;

const PRELUDE = new Script(PRELUDE_SOURCE, { filename: "convex-runtime" });
const MODERN = new Script(MODERN_SOURCE, { filename: "convex-runtime" });
const CALL_SCRIPT = new Script("__convexCall()", { filename: "convex-call" });

/** The host's classes that every realm shares, so that values made by host APIs pass `instanceof`. */
export const SHARED_GLOBALS: Record<string, unknown> = {
  ArrayBuffer,
  SharedArrayBuffer,
  DataView,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  Blob,
  File: globalThis.File,
  FormData,
  Headers,
  Request,
  Response,
  URL,
  URLSearchParams,
  TextEncoder,
  TextDecoder,
  TextEncoderStream,
  TextDecoderStream,
  ReadableStream,
  ReadableStreamDefaultReader,
  ReadableStreamBYOBReader,
  WritableStream,
  WritableStreamDefaultWriter,
  TransformStream,
  ByteLengthQueuingStrategy,
  CountQueuingStrategy,
  CompressionStream,
  DecompressionStream,
  AbortController,
  AbortSignal,
  Event,
  EventTarget,
  DOMException,
  atob,
  btoa,
  AsyncLocalStorage,
  AsyncResource,
};
for (const name of Object.keys(SHARED_GLOBALS)) if (SHARED_GLOBALS[name] === undefined) delete SHARED_GLOBALS[name];

completeSharedClasses(SHARED_GLOBALS);
// Realms are handed promises of the host's parts.
hidePromiseNotes(Promise);
/** Sandboxes have their own of what answers later in Node. */
const SANDBOX_GLOBALS = Object.fromEntries(
  Object.entries(SHARED_GLOBALS).filter(([name]) => !OWN_NAMES.includes(name)),
);

sharedClasses.watch([...Object.values(SHARED_GLOBALS), SyncCryptoKey, Object.getPrototypeOf(Uint8Array)]);

/** The modules of one component definition, compiled when first asked for. */
export class ModuleSet {
  readonly #sources = new Map<string, ModuleSource>();
  constructor(modules: ModuleSource[]) {
    for (const module of modules) if (module.environment === "isolate") this.#sources.set(module.path, module);
  }
  get(path: string): ModuleSource | undefined {
    return this.#sources.get(path);
  }
}

/**
 * Evaluates a module and what it imports in `context`, each once per `loaded` map.
 * @throws Error when a module is missing or throws while it loads.
 */
export function loadModule(context: Context, modules: ModuleSet, loaded: LoadedModules, path: string): Exports {
  const known = loaded.get(path);
  if (known) return known.exports;
  const source = modules.get(path);
  if (!source) throw new Error(`Couldn't find JavaScript module '${path}'. Did you forget to run \`npx convex dev\`?`);
  const factory = compileModule(source).script.runInContext(context) as ModuleFactory;
  // The holder, not its exports: compiled modules replace them, and modules that import each other must see that.
  const module = { exports: {} as Exports };
  loaded.set(path, module);
  try {
    factory(
      module.exports,
      (specifier) => {
        const target = resolveImport(path, specifier);
        if (target === null) throw new Error(`Module ${path} imports "${specifier}", which is not part of the push`);
        return loadModule(context, modules, loaded, target);
      },
      module,
    );
  } catch (error) {
    loaded.delete(path);
    throw error;
  }
  return module.exports;
}

/** A context of its own global object, without the interceptors that make every global lookup slow. */
export function makeContext(options: { microtaskMode?: "afterEvaluate" }): Context {
  return createContext(constants.DONT_CONTEXTIFY, options);
}

export function installPrelude(context: Context, host: Record<string, unknown>): Slot {
  MODERN.runInContext(context);
  const slot = (PRELUDE.runInContext(context) as (host: Record<string, unknown>) => Slot)({
    formatFrames,
    loadInspect: () => loadInspect(context),
    ...host,
  });
  installClone(context);
  hidePromiseNotes(context.Promise as PromiseConstructor);
  return slot;
}

export class Sandbox {
  readonly slot: Slot;
  /** Answers the system calls of the call in progress; null while modules load. */
  host: SandboxHost | null = null;
  readonly #context = makeContext({ microtaskMode: "afterEvaluate" });
  /** The prototype of its promises. */
  readonly #promises = (this.#context.Promise as PromiseConstructor).prototype as object;
  readonly #loaded: LoadedModules = new Map();
  readonly #modules: ModuleSet;
  #startedAt = 0;

  /** @param env answers `process.env` while modules load. */
  constructor(modules: ModuleSet, env: (name: string) => string | undefined) {
    this.#modules = modules;
    const importTimeSyscall = () => ({ message: "Can't use database at import time" });
    this.slot = installPrelude(this.#context, {
      mode: "transaction",
      importTime: Date.now(),
      globals: { ...SANDBOX_GLOBALS, CryptoKey: SyncCryptoKey },
      seed: () => randomFillSync(new Int32Array(4)),
      performanceNow: () => (this.#startedAt === 0 ? 0 : Math.round(performance.now() - this.#startedAt)),
      env: (name: string) => (this.host ? this.host.env(name) : env(name)),
      console: (level: string, texts: string[]) => this.host?.console(level, texts),
      syscall: (op: string, json: string) => (this.host ? this.host.syscall(op, json) : importTimeSyscall()),
      asyncSyscall: (op: string, json: string) => (this.host ? this.host.asyncSyscall(op, json) : importTimeSyscall()),
      subtleNames: Object.keys(syncSubtle),
      subtle: callSubtle,
      fillRandom: (array: Uint8Array) => webcrypto.getRandomValues(array),
      randomUUID: () => randomUUID(),
    });
    installWebApis(this.#context);
  }

  /** @throws Error when the module is missing or fails while loading. */
  load(path: string): Exports {
    return loadModule(this.#context, this.#modules, this.#loaded, path);
  }

  /**
   * Calls `fn[method](args)` and runs it as far as it goes. The outcome is in `slot`: state "pending" means that it
   * awaits something that never happens.
   */
  call({ fn, method, args, nowMs, fixedClock }: SandboxCall, host: SandboxHost): Slot {
    const slot = this.slot;
    slot.fn = fn;
    slot.method = method;
    slot.args = args;
    slot.now = nowMs;
    slot.sawTime = slot.sawRandom = slot.seeded = false;
    this.#startedAt = fixedClock ? 0 : performance.now();
    this.host = host;
    CALL_SCRIPT.runInContext(this.#context);
    this.host = null;
    const unhandled = takeUnhandled(this.#promises);
    if (unhandled && slot.state !== "failed") {
      slot.state = "failed";
      slot.error = slot.describe(unhandled.reason);
    }
    slot.fn = undefined;
    return slot;
  }
}

function callSubtle(name: keyof typeof syncSubtle, args: never[]): { value: unknown } | { failure: SyscallFailure } {
  try {
    return { value: (syncSubtle[name] as (...args: never[]) => unknown)(...args) };
  } catch (error) {
    const { name: errorName, message } = error as Error;
    return { failure: { name: errorName, message } };
  }
}

/** An error as a sandbox hands it over: text only, so that nothing of the realm is kept alive. */
export interface ThrownError {
  name: string;
  message: string;
  stack: string;
  /** ConvexError's data as Convex JSON text. */
  data?: string;
}
