/**
 * The committer: queued mutations run one after the other and are written by one group commit, then their callers are
 * answered, then the queries that read what changed are invalidated.
 */
import {
  type AppRuntime,
  type ExecutionLog,
  type FunctionCall,
  type MutationOutcome,
  STARVED_RETRIES,
} from "../functions";
import type { TimeLimit } from "../isolate";
import type { Commit, CommitWriter, Store, Transaction } from "../transactions";
import type { CommitterJob } from "./committer-job";
import { HostJob, LongJob } from "./host-job";
import { type JobServices, type MutationHooks, MutationJob } from "./mutation-job";
import { MutationOutcomes, type ClientRequest } from "./mutation-outcomes";

const MAX_BATCH_JOBS = 64;
/** Long enough that the commit which ends a batch, a few ms on a slow disk, is a small part of it. */
const MAX_BATCH_MS = 16;

export interface CommitterOptions {
  store: Store;
  code: () => AppRuntime;
  limit: TimeLimit;
  log: ExecutionLog;
  timeoutMs: number;
  /** Called after each group commit with what it wrote, once its answers are on their way. */
  onCommitted: (commits: Commit[]) => void;
}

/** One group commit in the making. */
interface Batch {
  writer: CommitWriter;
  jobs: CommitterJob[];
  commits: Commit[];
  code: AppRuntime;
  startedAt: number;
}

export class Committer {
  #queue: CommitterJob[] = [];
  #scheduled = false;
  readonly #options: CommitterOptions;
  readonly #outcomes: MutationOutcomes;

  constructor(options: CommitterOptions) {
    this.#options = options;
    this.#outcomes = new MutationOutcomes(options.store.meta);
  }

  mutation(call: FunctionCall, clientRequest?: ClientRequest): Promise<MutationOutcome> {
    return new Promise((resolve, reject) => {
      const done = (outcome: MutationOutcome | null) => resolve(outcome as MutationOutcome);
      this.#enqueue(new MutationJob(this.#services, { call, clientRequest, hooks: {} }, done, reject));
    });
  }

  mutationWith(call: FunctionCall, hooks: MutationHooks): Promise<MutationOutcome | null> {
    return new Promise((resolve, reject) => {
      this.#enqueue(new MutationJob(this.#services, { call, clientRequest: undefined, hooks }, resolve, reject));
    });
  }

  transact<T>(work: (tx: Transaction) => T): Promise<T> {
    return new Promise((resolve, reject) => this.#enqueue(new HostJob(this.#options.store, work, resolve, reject)));
  }

  /** Runs a transaction like `transact`, but the time limit, which is a function's, does not end it. */
  transactAtLength<T>(work: (tx: Transaction) => T): Promise<T> {
    return new Promise((resolve, reject) => this.#enqueue(new LongJob(this.#options.store, work, resolve, reject)));
  }

  /** Resolves when nothing is queued. */
  async idle(): Promise<void> {
    while (this.#queue.length > 0 || this.#scheduled) await new Promise((resolve) => setImmediate(resolve));
  }

  get #services(): JobServices {
    const { store, log } = this.#options;
    return { store, log, outcomes: this.#outcomes };
  }

  #enqueue(job: CommitterJob): void {
    this.#queue.push(job);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#commitBatch());
  }

  #commitBatch(): void {
    this.#scheduled = false;
    const jobs: CommitterJob[] = [];
    const commits: Commit[] = [];
    try {
      this.#options.store.groupCommit((writer) => this.#run(writer, jobs, commits));
    } catch (error) {
      for (const job of jobs) job.abandon(error);
      if (this.#queue.length > 0) this.#schedule();
      return;
    }
    for (const job of jobs) job.answer();
    if (commits.length > 0) this.#options.onCommitted(commits);
    if (this.#queue.length > 0) this.#schedule();
  }

  #run(writer: CommitWriter, jobs: CommitterJob[], commits: Commit[]): void {
    const code = this.#options.code();
    this.#options.store.prepareReads();
    const batch: Batch = { writer, jobs, commits, code, startedAt: performance.now() };
    while (this.#takesMore(batch)) {
      const { open, wasCut } = this.#runGuarded(batch);
      if (!open) continue;
      if (wasCut && this.#options.limit.starved && open.retries++ < STARVED_RETRIES) {
        // Nothing of it is in the batch yet: it runs again, as if it had not begun.
        jobs.pop();
        this.#queue.unshift(open);
        continue;
      }
      if (wasCut) open.cut(code, this.#options.timeoutMs);
      commits.push(...open.finish(writer));
    }
  }

  #takesMore({ jobs, startedAt }: Batch): boolean {
    return this.#queue.length > 0 && jobs.length < MAX_BATCH_JOBS && performance.now() - startedAt < MAX_BATCH_MS;
  }

  /**
   * Runs and finishes queued jobs under the time limit, which may end this anywhere: when it is near, what must not be
   * cut is left to the caller.
   * @returns the job that is to be finished still, and whether the limit has cut it.
   * @throws Error when a job was cut while it wrote.
   */
  #runGuarded(batch: Batch): { open: CommitterJob | null; wasCut: boolean } {
    const { limit, timeoutMs } = this.#options;
    let open: CommitterJob | null = null;
    let isFinishing = false;
    const guardedSince = performance.now();
    const completed = limit.run(() => {
      while (this.#takesMore(batch)) {
        open = this.#queue.shift() as CommitterJob;
        batch.jobs.push(open);
        open.execute(batch.code);
        if (open.isLong || performance.now() - guardedSince > timeoutMs / 2) return;
        isFinishing = true;
        batch.commits.push(...open.finish(batch.writer));
        isFinishing = false;
        open = null;
      }
    }, timeoutMs);
    if (isFinishing) throw new Error("The machine was too busy to write what a mutation did; nothing of it was kept.");
    return { open, wasCut: !completed };
  }
}
