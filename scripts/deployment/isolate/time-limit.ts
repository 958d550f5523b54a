/**
 * The time limit of synchronous user code. One covers a batch of calls: everything the guarded function does, nested
 * contexts included, ends when the limit passes. Where the process has an interrupter that ends it, else `vm`'s own
 * `timeout`.
 *
 * When it does, V8 unwinds without running `finally` or `catch`, host code included, and on a machine that stalls that
 * may be anywhere. Callers change what outlives the run after `run` has returned; inside, only what is dropped after a
 * cut, or by single operations of the language each of which leaves it right.
 */
import { createContext, type RunningCodeOptions, Script } from "node:vm";
import { runOutsideActions } from "./async-context";
import { idleWork } from "./idle-work";
import { interrupter } from "./interrupter";
import { sharedClasses } from "./shared-classes";
import { collectRejections } from "./unhandled-errors";

/** A run that was cut having had less than this part of its limit on a processor may be tried again. */
const STARVED_PART = 0.95;
/** The next try on a busy machine takes at most so many times its limit: while it runs, nothing else is answered. */
const MOST_STRETCH = 8;
/** Factor by which a processor may give the next try more than its share. */
const MARGIN = 1.25;

/** The time spent in operations of the deployment, such as the database's, which no limit of user code counts. */
class OperationTime {
  #endedMs = 0;
  /** When the operation that runs now began. */
  #since: number | null = null;

  measure<T>(operation: () => T): T {
    this.#since = performance.now();
    const result = operation();
    this.#endedMs += performance.now() - this.#since;
    this.#since = null;
    return result;
  }

  reset(): void {
    this.#endedMs = 0;
    this.#since = null;
  }

  /** In ms, since the last reset; one that was cut counts as well, for it never ended. */
  get spentMs(): number {
    return this.#endedMs + (this.#since === null ? 0 : performance.now() - this.#since);
  }
}

export const operationTime = new OperationTime();

/** Ends a run that takes too long, and knows of the last one how much processor it used. */
interface Clock {
  begin(limitMs: number): RunningCodeOptions;
  /** @param wasCut whether the run was ended */
  end(wasCut: boolean): void;
  readonly isOverdue: boolean;
  readonly usedMs: number;
}

/** `vm`'s own time limit, for one run. */
class Timeout implements Clock {
  readonly isOverdue = true;
  readonly #before = process.cpuUsage();

  begin(limitMs: number): RunningCodeOptions {
    return { timeout: limitMs };
  }

  end(): void {}

  get usedMs(): number {
    const { user, system } = process.cpuUsage(this.#before);
    return (user + system) / 1000;
  }
}

export class TimeLimit {
  /**
   * Whether user code of the last run that was cut had less than its time: it had to wait for a processor, as on a busy
   * machine, or for operations of the deployment.
   */
  starved = false;
  /** Times the limit that the next run may take by the clock. */
  #stretch = 1;
  #context = createContext({ work: () => {} });
  #script = new Script("work()");
  #inside = false;

  /**
   * Runs `work` to its end or until `limitMs` have passed. After a run that was starved, the next one is the same work
   * tried again and gets as much longer as the machine was slower.
   * @returns false when the limit cut it short. Inside the `work` of another time limit it runs under that one.
   * @throws what `work` throws.
   */
  run(work: () => void, limitMs: number): boolean {
    if (this.#inside) {
      work();
      return true;
    }
    operationTime.reset();
    const timeoutMs = Math.ceil(limitMs * this.#stretch);
    this.#stretch = 1;
    this.#inside = true;
    this.#context.work = work;
    const clock = interrupter.isReady ? interrupter : new Timeout();
    collectRejections();
    try {
      runOutsideActions(() => this.#runScript(clock, timeoutMs));
      return true;
    } catch (error) {
      if (!isCut(error)) throw error;
      sharedClasses.clean();
      const usedMs = Math.max(1, clock.usedMs - operationTime.spentMs);
      this.starved = !clock.isOverdue || usedMs < limitMs * STARVED_PART;
      if (this.starved && clock.isOverdue) this.#stretch = Math.min(MOST_STRETCH, (timeoutMs / usedMs) * MARGIN);
      return false;
    } finally {
      this.#inside = false;
      this.#context.work = () => {};
      idleWork.schedule();
    }
  }

  #runScript(clock: Clock, timeoutMs: number): void {
    let wasCut = false;
    try {
      this.#script.runInContext(this.#context, clock.begin(timeoutMs));
    } catch (error) {
      wasCut = isCut(error);
      if (wasCut) dropStaleAsyncIds();
      throw error;
    } finally {
      clock.end(wasCut);
    }
  }
}

const CUT_CODES = new Set(["ERR_SCRIPT_EXECUTION_TIMEOUT", "ERR_SCRIPT_EXECUTION_INTERRUPTED"]);
const isCut = (error: unknown): boolean => CUT_CODES.has((error as { code?: string }).code ?? "");

/**
 * A job cut between async_hooks' "before" and "after" leaves its id on Node's stack, and Node aborts the process at the
 * end of the callback ("async hook stack has become corrupted"). Node empties that stack itself after an uncaught
 * exception somebody handled; its handler is the only way to ask for that from JavaScript. This is asked for after
 * every cut: one that falls inside Node's own push or pop leaves an entry that `executionAsyncId()` does not tell.
 */
function dropStaleAsyncIds(): void {
  const handle = (process as unknown as { _fatalException?: (error: Error, fromPromise: boolean) => boolean })
    ._fatalException;
  if (typeof handle !== "function" || process.hasUncaughtExceptionCaptureCallback()) return;
  process.setUncaughtExceptionCaptureCallback(() => {});
  try {
    handle.call(process, new Error("a function exceeded its time limit"), false);
  } finally {
    process.setUncaughtExceptionCaptureCallback(null);
  }
}
