import type { Engine } from "../engine";
import type { FunctionCall, Outcome } from "../functions";
import { FunctionError, Heap } from "../lib";
import type { Store, Transaction } from "../transactions";
import type { Json, JsonObject } from "../values";

const TABLE = "_scheduled_functions";
/** Actions wait for the world and may take minutes; mutations are done within a batch of the committer. */
const MAX_RUNNING_ACTIONS = 8;
const MAX_RUNNING_MUTATIONS = 64;
const MAX_AHEAD_MS = 5 * 365 * 24 * 3_600_000;
const MAX_ARGS_BYTES = 4 * 1024 * 1024;
const KEEP_MS = 7 * 24 * 3_600_000;
const CLEANUP_EVERY_MS = 3_600_000;
const CLEANUP_BATCH = 500;
const MAX_BACKOFF_MS = 60_000;
const MAX_TIMER_MS = 2 ** 31 - 1;

interface Entry {
  atMs: number;
  /** Breaks ties: jobs for one moment run in the order they were scheduled. */
  order: number;
  component: string;
  id: string;
  failures: number;
}

/** A `_scheduled_functions` document. Source: the convex package's system data model. */
interface Job {
  _id: string;
  name: string;
  args: Json[];
  scheduledTime: number;
  completedTime?: number;
  state: { kind: "pending" | "inProgress" | "success" | "canceled" } | { kind: "failed"; error: string };
}

/**
 * Runs jobs that functions put off. A job is a document, written in the transaction of the function that schedules it;
 * the heap in memory only says when to look at it. Mutations run exactly once: their effects and the state `success`
 * are one commit. Actions run at most once: `inProgress` is committed first, and a job found so at start has failed.
 */
export class Scheduler {
  readonly #store: Store;
  #engine: Engine | null = null;
  readonly #heap = new Heap<Entry>((a, b) => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order));
  #order = 0;
  /** Due actions for which there is no place yet; mutations behind them must not wait. */
  readonly #waitingActions: Entry[] = [];
  #actions = 0;
  #mutations = 0;
  #wakeAt = Infinity;
  #timer: NodeJS.Timeout | null = null;
  #pumping = false;
  #stopped = false;
  #cleanup: NodeJS.Timeout | null = null;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Reads the jobs left by the previous run and begins. */
  async start(engine: Engine): Promise<void> {
    this.#engine = engine;
    const interrupted: { component: string; id: string }[] = [];
    for (const component of this.#store.catalog.components()) {
      for (const job of this.#jobs(component)) {
        if (job.state.kind === "pending") this.#add(component, job._id, job.scheduledTime);
        else if (job.state.kind === "inProgress") interrupted.push({ component, id: job._id });
      }
    }
    if (interrupted.length > 0) {
      const state = {
        kind: "failed",
        error: "The deployment stopped while this action was running. Actions are not retried.",
      };
      await engine.transact((tx) => {
        for (const { component, id } of interrupted)
          tx.system.shallowMerge(component, id, { state, completedTime: tx.now });
      });
    }
    this.#cleanup = setInterval(() => void this.removeOld().catch(reportFailure), CLEANUP_EVERY_MS).unref();
    this.#wake();
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#cleanup !== null) clearInterval(this.#cleanup);
  }

  /** `1.0/schedule`: see `EngineOptions.scheduler`. */
  schedule(tx: Transaction, caller: string, target: FunctionCall, atMs: number): string {
    if (!Number.isFinite(atMs)) throw new FunctionError("The scheduled time must be a finite number.");
    if (atMs - tx.now > MAX_AHEAD_MS) throw new FunctionError("Functions can be scheduled at most 5 years ahead.");
    if (JSON.stringify(target.args).length > MAX_ARGS_BYTES)
      throw new FunctionError("Arguments of a scheduled function are limited to 4 MiB.");
    const scheduledTime = Math.max(atMs, 0);
    // A canceled job may be running still, but nothing it starts from then on may go further.
    const canceled =
      target.job !== undefined && this.#read(tx, target.job.component, target.job.id)?.state.kind === "canceled";
    const id = tx.system.insert(caller, TABLE, {
      name: nameOf(caller, target),
      args: [target.args],
      scheduledTime,
      state: { kind: canceled ? "canceled" : "pending" },
      ...(canceled ? { completedTime: tx.now } : {}),
    });
    if (!canceled) {
      tx.afterCommit(() => {
        this.#add(caller, id, scheduledTime);
        this.#wake();
      });
    }
    return id;
  }

  /** `1.0/cancel_job`. A job that is done stays as it is. */
  cancel(tx: Transaction, caller: string, id: string): void {
    const job = this.#read(tx, caller, id);
    if (job === null) throw new FunctionError(`Scheduled function ${id} does not exist.`);
    if (job.state.kind !== "pending" && job.state.kind !== "inProgress") return;
    tx.system.shallowMerge(caller, id, { state: { kind: "canceled" }, completedTime: tx.now });
  }

  /** Deletes jobs that ended more than a week ago. */
  async removeOld(): Promise<void> {
    const before = Date.now() - KEEP_MS;
    for (const component of this.#store.catalog.components()) {
      const old = [...this.#jobs(component)]
        .filter((job) => job.completedTime !== undefined && job.completedTime < before)
        .map((job) => job._id);
      for (let at = 0; at < old.length && !this.#stopped; at += CLEANUP_BATCH) {
        const batch = old.slice(at, at + CLEANUP_BATCH);
        await this.#engine!.transact((tx) => {
          for (const id of batch) if (this.#read(tx, component, id) !== null) tx.system.remove(component, id);
        });
      }
    }
  }

  *#jobs(component: string): Generator<Job> {
    const tx = this.#store.begin("read", { unlimited: true });
    const stream = tx.openStream(component, {
      source: { type: "FullTableScan", tableName: TABLE, order: "asc" },
      operators: [],
    });
    for (let text = tx.nextInStream(stream); text !== null; text = tx.nextInStream(stream))
      yield JSON.parse(text) as Job;
    tx.closeStream(stream);
  }

  #read(tx: Transaction, component: string, id: string): Job | null {
    const text = tx.get(component, id, TABLE, true);
    return text === null ? null : (JSON.parse(text) as Job);
  }

  #add(component: string, id: string, atMs: number): void {
    this.#heap.push({ atMs, order: this.#order++, component, id, failures: 0 });
  }

  /** Due jobs start on the next pass of the event loop, after the batch that scheduled them has been answered. */
  #wake(): void {
    const next = this.#heap.peek();
    if (this.#stopped || this.#engine === null || next === undefined || this.#pumping) return;
    const waitMs = next.atMs - Date.now();
    if (waitMs <= 0) {
      this.#pumping = true;
      setImmediate(() => {
        this.#pumping = false;
        this.#pump();
      });
      return;
    }
    if (this.#timer !== null && this.#wakeAt <= next.atMs) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#wakeAt = next.atMs;
    this.#timer = setTimeout(
      () => {
        this.#timer = null;
        this.#wake();
      },
      Math.min(Math.ceil(waitMs), MAX_TIMER_MS),
    );
  }

  #pump(): void {
    while (this.#actions < MAX_RUNNING_ACTIONS && this.#waitingActions.length > 0)
      this.#begin(this.#waitingActions.shift()!);
    for (
      let next = this.#heap.peek();
      next !== undefined && next.atMs <= Date.now() && !this.#stopped;
      next = this.#heap.peek()
    ) {
      // Whatever ends first pumps again.
      if (this.#mutations >= MAX_RUNNING_MUTATIONS) return;
      this.#heap.pop();
      this.#begin(next);
    }
    this.#wake();
  }

  #begin(entry: Entry): void {
    const job = this.#read(this.#store.begin("read"), entry.component, entry.id);
    if (job === null || job.state.kind !== "pending") return;
    const call = callOf(entry.component, job);
    const kind = this.#engine!.resolve(call.component, call.path, "all");
    if (kind === "action") {
      if (this.#actions >= MAX_RUNNING_ACTIONS) {
        this.#waitingActions.push(entry);
        return;
      }
      this.#actions += 1;
      void this.#runAction(entry, call)
        .catch((error: unknown) => this.#retry(entry, error))
        .finally(() => {
          this.#actions -= 1;
          this.#pump();
        });
      return;
    }
    this.#mutations += 1;
    const work = kind === "mutation" ? this.#runMutation(entry, call) : this.#settle(entry, notRunnable(call, kind));
    void work
      .catch((error: unknown) => this.#retry(entry, error))
      .finally(() => {
        this.#mutations -= 1;
        this.#pump();
      });
  }

  async #runMutation(entry: Entry, call: FunctionCall): Promise<void> {
    await this.#engine!.mutationWith(call, {
      admit: (tx) => this.#read(tx, entry.component, entry.id)?.state.kind === "pending",
      settle: (tx, outcome) => void tx.system.shallowMerge(entry.component, entry.id, ended(tx, outcome)),
    });
  }

  async #runAction(entry: Entry, call: FunctionCall): Promise<void> {
    const engine = this.#engine!;
    const admitted = await engine.transact((tx) => {
      if (this.#read(tx, entry.component, entry.id)?.state.kind !== "pending") return false;
      tx.system.shallowMerge(entry.component, entry.id, { state: { kind: "inProgress" } });
      return true;
    });
    if (!admitted) return;
    const outcome = await engine.action(call).catch((error: unknown): Outcome => ({
      ok: false,
      errorMessage: error instanceof Error ? error.message : String(error),
      logLines: [],
    }));
    await this.#settle(entry, outcome);
  }

  async #settle(entry: Entry, outcome: Outcome): Promise<void> {
    if (this.#stopped) return;
    await this.#engine!.transact((tx) => {
      const kind = this.#read(tx, entry.component, entry.id)?.state.kind;
      if (kind === "pending" || kind === "inProgress")
        tx.system.shallowMerge(entry.component, entry.id, ended(tx, outcome));
    });
  }

  /**
   * Not the function's failure but the deployment's: the job is still pending, so it is tried again, ever more slowly.
   */
  #retry(entry: Entry, error: unknown): void {
    if (this.#stopped) return;
    reportFailure(error);
    const waitMs = Math.min(100 * 2 ** entry.failures, MAX_BACKOFF_MS);
    this.#heap.push({ ...entry, atMs: Date.now() + waitMs, failures: entry.failures + 1 });
  }
}

function ended(tx: Transaction, outcome: Outcome): JsonObject {
  const state: JsonObject = outcome.ok ? { kind: "success" } : { kind: "failed", error: outcome.errorMessage };
  return { state, completedTime: tx.now };
}

function notRunnable(call: FunctionCall, kind: string | null): Outcome {
  const errorMessage =
    kind === null
      ? `Could not find function '${call.path}'.`
      : `${call.path} is a ${kind}; only mutations and actions can be scheduled.`;
  return { ok: false, errorMessage, logLines: [] };
}

/**
 * `module.js:function` for a function of the caller's own component, with the component's path and a colon in front for
 * another's. Function and module names have no colon, so the two cannot be confused.
 */
function nameOf(caller: string, target: FunctionCall): string {
  if (target.path.startsWith("function://")) return target.path;
  const [module = "", fn = "default"] = target.path.split(":");
  const name = `${module.endsWith(".js") ? module : `${module}.js`}:${fn}`;
  return target.component === caller ? name : `${target.component}:${name}`;
}

function callOf(component: string, job: Job): FunctionCall {
  const parts = job.name.split(":");
  const foreign = parts.length === 3 && !job.name.startsWith("function://");
  return {
    component: foreign ? parts[0]! : component,
    path: foreign ? `${parts[1]}:${parts[2]}` : job.name,
    args: job.args[0] ?? {},
    identity: null,
    reach: "all",
    job: { component, id: job._id },
  };
}

function reportFailure(error: unknown): void {
  console.error("The scheduler could not carry out its work and will try again:", error);
}
