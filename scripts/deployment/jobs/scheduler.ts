import type { Engine } from "../engine";
import type { FunctionCall, Outcome } from "../functions";
import { FunctionError } from "../lib";
import type { Store, Transaction } from "../transactions";
import { type DueJob, DueQueue } from "./due-queue";
import { JOBS_TABLE, listJobs, makeEndFields, makeJobCall, makeJobName, readJob } from "./job-documents";

/** Actions wait for the world and may take minutes; mutations are done within a batch of the committer. */
const MAX_RUNNING_ACTIONS = 8;
const MAX_RUNNING_MUTATIONS = 64;
const MAX_AHEAD_MS = 5 * 366 * 24 * 3_600_000;
const MAX_ARGS_BYTES = 4 * 1024 * 1024;
const KEEP_MS = 7 * 24 * 3_600_000;
const CLEANUP_EVERY_MS = 3_600_000;
const CLEANUP_BATCH = 500;
const MAX_BACKOFF_MS = 60_000;

/**
 * Runs jobs that functions put off. A job is a document, written in the transaction of the function that schedules it;
 * the queue in memory only says when to look at it. Mutations run exactly once: their effects and the state `success`
 * are one commit. Actions run at most once: `inProgress` is committed first, and a job found so at start has failed.
 */
export class Scheduler {
  readonly #store: Store;
  #engine: Engine | null = null;
  readonly #queue = new DueQueue();
  /** Due actions for which there is no place yet; mutations behind them must not wait. */
  readonly #waitingActions: DueJob[] = [];
  #actions = 0;
  #mutations = 0;
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
      for (const job of listJobs(this.#store, component)) {
        if (job.state.kind === "pending") this.#queue.add(component, job._id, job.scheduledTime);
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
    if (!this.#stopped) this.#queue.start(() => this.#beginDue());
  }

  stop(): void {
    this.#stopped = true;
    this.#queue.stop();
    if (this.#cleanup !== null) clearInterval(this.#cleanup);
  }

  /** `1.0/schedule`: see `EngineOptions.scheduler`. */
  schedule(tx: Transaction, caller: string, target: FunctionCall, atMs: number): string {
    if (!Number.isFinite(atMs)) throw new FunctionError("The scheduled time must be a finite number.");
    if (atMs - tx.now > MAX_AHEAD_MS) throw new FunctionError("Functions can be scheduled at most 5 years ahead.");
    if (Buffer.byteLength(JSON.stringify(target.args)) > MAX_ARGS_BYTES)
      throw new FunctionError("Arguments of a scheduled function are limited to 4 MiB.");
    const scheduledTime = Math.max(atMs, 0);
    // A canceled job may be running still, but nothing it starts from then on may go further.
    const canceled =
      target.job !== undefined && readJob(tx, target.job.component, target.job.id)?.state.kind === "canceled";
    const id = tx.system.insert(caller, JOBS_TABLE, {
      name: makeJobName(caller, target),
      args: [target.args],
      scheduledTime,
      state: { kind: canceled ? "canceled" : "pending" },
      ...(canceled ? { completedTime: tx.now } : {}),
    });
    if (!canceled) {
      tx.afterCommit(() => {
        this.#queue.add(caller, id, scheduledTime);
        this.#queue.wake();
      });
    }
    return id;
  }

  /** `1.0/cancel_job`. A job that is done stays as it is. */
  cancel(tx: Transaction, caller: string, id: string): void {
    const job = readJob(tx, caller, id);
    if (job === null) throw new FunctionError(`Scheduled function ${id} does not exist.`);
    if (job.state.kind !== "pending" && job.state.kind !== "inProgress") return;
    tx.system.shallowMerge(caller, id, { state: { kind: "canceled" }, completedTime: tx.now });
  }

  /** Deletes jobs that ended more than a week ago. */
  async removeOld(): Promise<void> {
    const before = Date.now() - KEEP_MS;
    for (const component of this.#store.catalog.components()) {
      const old = [...listJobs(this.#store, component)]
        .filter((job) => job.completedTime !== undefined && job.completedTime < before)
        .map((job) => job._id);
      for (let at = 0; at < old.length && !this.#stopped; at += CLEANUP_BATCH) {
        const batch = old.slice(at, at + CLEANUP_BATCH);
        await this.#engine!.transact((tx) => {
          for (const id of batch) if (readJob(tx, component, id) !== null) tx.system.remove(component, id);
        });
      }
    }
  }

  #beginDue(): void {
    while (this.#actions < MAX_RUNNING_ACTIONS && this.#waitingActions.length > 0)
      this.#begin(this.#waitingActions.shift()!);
    while (this.#queue.hasDue && !this.#stopped) {
      // The first mutation that ends begins the next ones.
      if (this.#mutations >= MAX_RUNNING_MUTATIONS) return;
      this.#begin(this.#queue.take());
    }
    this.#queue.wake();
  }

  #begin(entry: DueJob): void {
    const job = readJob(this.#store.begin("read"), entry.component, entry.id);
    if (job === null || job.state.kind !== "pending") return;
    const call = makeJobCall(entry.component, job);
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
          this.#beginDue();
        });
      return;
    }
    this.#mutations += 1;
    const work =
      kind === "mutation" ? this.#runMutation(entry, call) : this.#settle(entry, makeNotRunnableOutcome(call, kind));
    void work
      .catch((error: unknown) => this.#retry(entry, error))
      .finally(() => {
        this.#mutations -= 1;
        this.#beginDue();
      });
  }

  async #runMutation(entry: DueJob, call: FunctionCall): Promise<void> {
    await this.#engine!.mutationWith(call, {
      admit: (tx) => readJob(tx, entry.component, entry.id)?.state.kind === "pending",
      settle: (tx, outcome) => void tx.system.shallowMerge(entry.component, entry.id, makeEndFields(tx, outcome)),
    });
  }

  async #runAction(entry: DueJob, call: FunctionCall): Promise<void> {
    const engine = this.#engine!;
    const admitted = await engine.transact((tx) => {
      if (readJob(tx, entry.component, entry.id)?.state.kind !== "pending") return false;
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

  async #settle(entry: DueJob, outcome: Outcome): Promise<void> {
    if (this.#stopped) return;
    await this.#engine!.transact((tx) => {
      const kind = readJob(tx, entry.component, entry.id)?.state.kind;
      if (kind === "pending" || kind === "inProgress")
        tx.system.shallowMerge(entry.component, entry.id, makeEndFields(tx, outcome));
    });
  }

  /**
   * Not the function's failure but the deployment's: the job is still pending, so it is tried again, ever more slowly.
   */
  #retry(entry: DueJob, error: unknown): void {
    if (this.#stopped) return;
    reportFailure(error);
    const waitMs = Math.min(100 * 2 ** entry.failures, MAX_BACKOFF_MS);
    this.#queue.addAgain(entry, Date.now() + waitMs);
  }
}

function makeNotRunnableOutcome(call: FunctionCall, kind: string | null): Outcome {
  const errorMessage =
    kind === null
      ? `Could not find function '${call.path}'.`
      : `${call.path} is a ${kind}; only mutations and actions can be scheduled.`;
  return { ok: false, errorMessage, logLines: [] };
}

function reportFailure(error: unknown): void {
  console.error("The scheduler could not carry out its work and will try again:", error);
}
