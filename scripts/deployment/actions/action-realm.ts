/**
 * The default runtime of actions: a context with real clocks, timers and network. Actions of one module may share it;
 * which one an operation belongs to is found by AsyncLocalStorage.
 */
import { type AppRuntime, describeSyscallFailure } from "../functions";
import {
  actionContext,
  type Exports,
  failCurrentRun,
  installPrelude,
  type LoadedModules,
  loadModule,
  type ModuleSet,
  makeContext,
  SHARED_GLOBALS,
  sharedClasses,
  type Slot,
  type SyscallFailure,
  type ThrownError,
} from "../isolate";
import type { ActionRun } from "./action-run";
import { type ActionServices, performFileOperation, performInAction } from "./action-syscalls";
import { LeanRequest, convertToNodeRequest } from "./lean-request";
import { LeanResponse } from "./lean-response";

/** The host's own: sandboxes, in which clocks stand still and nothing is asynchronous, have others. */
const CRYPTO = { crypto, Crypto, SubtleCrypto, CryptoKey };
const PERFORMANCE = { performance, Performance, PerformanceEntry, PerformanceMark, PerformanceMeasure };

sharedClasses.watch([
  LeanRequest,
  LeanResponse,
  ...Object.values(CRYPTO),
  crypto.subtle,
  ...Object.values(PERFORMANCE),
]);

export class ActionRealm {
  readonly #context = makeContext({});
  readonly #loaded: LoadedModules = new Map();
  readonly #slot: Slot;
  readonly #modules: ModuleSet;

  constructor(code: AppRuntime, component: string, modules: ModuleSet, services: ActionServices) {
    this.#modules = modules;
    const env = code.environment(component);
    this.#slot = installPrelude(this.#context, {
      mode: "action",
      importTime: Date.now(),
      globals: { ...SHARED_GLOBALS, ...CRYPTO, ...PERFORMANCE },
      env,
      console: (level: string, texts: string[]) => findCurrentRun()?.request.logs.add(level, texts),
      performanceNow: () => performance.now(),
      LeanRequest,
      LeanResponse,
      nodeRequest: convertToNodeRequest,
      fetch: globalThis.fetch,
      setTimeout,
      clearTimeout,
      setInterval,
      clearInterval,
      failCurrentRun,
      asyncSyscall: (op: string, json: string, deliver: (result: string | SyscallFailure) => void) => {
        try {
          const run = requireCurrentRun();
          if (run.hasFailed) return;
          const result = performInAction(services, run, op, json);
          if (typeof result === "string") deliver(result);
          else result.then(deliver, (error: unknown) => deliver(describeSyscallFailure(error)));
        } catch (error) {
          deliver(describeSyscallFailure(error));
        }
      },
      jsSyscall: (
        op: string,
        args: Record<string, unknown>,
        deliver: (value: unknown, failure: SyscallFailure | null) => void,
      ) => {
        const run = findCurrentRun();
        if (run?.hasFailed) return;
        const done = run ? performFileOperation(run, op, args) : Promise.reject(makeOutsideError());
        done.then(
          (value) => deliver(value, null),
          (error: unknown) => deliver(null, describeSyscallFailure(error)),
        );
      },
    });
  }

  /** @throws an error of the realm when the module is missing or fails while loading. */
  load(path: string): Exports {
    return loadModule(this.#context, this.#modules, this.#loaded, path);
  }

  /** Runs `work` so that operations inside it belong to `run`. */
  enter<T>(run: ActionRun, work: () => T): T {
    return actionContext.run(run, work);
  }

  /** Ends what an action has left running. */
  stopTimers(): void {
    this.#slot.stopTimers?.();
  }

  describe(thrown: unknown): ThrownError {
    return this.#slot.describe(thrown);
  }

  /** Makes a request of the host one of this realm, so that what it parses has the realm's prototypes. */
  adopt(request: Request): Request {
    const Own = this.#context.Request as typeof Request;
    return request instanceof LeanRequest
      ? (Object.setPrototypeOf(request, Own.prototype) as Request)
      : new Own(request);
  }
}

function findCurrentRun(): ActionRun | undefined {
  return actionContext.getStore() as ActionRun | undefined;
}

function requireCurrentRun(): ActionRun {
  const run = findCurrentRun();
  if (!run) throw makeOutsideError();
  return run;
}

function makeOutsideError(): Error {
  return new Error("This operation is only available while an action is running.");
}
