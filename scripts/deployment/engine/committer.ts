/**
 * The committer: queued mutations run one after the other and are written by one group commit, then their callers are
 * answered, then the queries that read what changed are invalidated.
 */
import type { Code, ExecutionLog, FunctionCall, MutationOutcome } from "../functions";
import type { TimeLimit } from "../isolate";
import type { Commit, CommitWriter, Store, Transaction } from "../transactions";
import type { CommitterJob } from "./committer-job";
import { HostJob, LongJob } from "./host-job";
import { type JobServices, type MutationHooks, MutationJob } from "./mutation-job";
import { MutationOutcomes, type Session } from "./mutation-outcomes";

const MAX_BATCH_JOBS = 64;
const STARVED_RETRIES = 3;
/** Long enough that the commit which ends a batch, a few ms on a slow disk, is a small part of it. */
const MAX_BATCH_MS = 16;

export interface CommitterOptions {
  store: Store;
  code: () => Code;
  limit: TimeLimit;
  log: ExecutionLog;
  timeoutMs: number;
  /** Called after each group commit with what it wrote, once its answers are on their way. */
  onCommitted: (commits: Commit[]) => void;
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

  mutation(call: FunctionCall, session?: Session): Promise<MutationOutcome> {
    return new Promise((resolve, reject) => {
      const done = (outcome: MutationOutcome | null) => resolve(outcome as MutationOutcome);
      this.#enqueue(new MutationJob(this.#services, { call, session, hooks: {} }, done, reject));
    });
  }

  mutationWith(call: FunctionCall, hooks: MutationHooks): Promise<MutationOutcome | null> {
    return new Promise((resolve, reject) => {
      this.#enqueue(new MutationJob(this.#services, { call, session: undefined, hooks }, resolve, reject));
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
    const started = performance.now();
    const more = () =>
      this.#queue.length > 0 && jobs.length < MAX_BATCH_JOBS && performance.now() - started < MAX_BATCH_MS;
    while (more()) {
      let current: CommitterJob | null = null;
      let finishing = false;
      const guarded = performance.now();
      const completed = this.#options.limit.run(() => {
        while (more()) {
          current = this.#queue.shift() as CommitterJob;
          jobs.push(current);
          current.execute(code);
          // The time limit may end this anywhere; when it is near, what must not be cut is done outside.
          if (current.isLong || performance.now() - guarded > this.#options.timeoutMs / 2) return;
          finishing = true;
          commits.push(...current.finish(writer));
          finishing = false;
          current = null;
        }
      }, this.#options.timeoutMs);
      if (finishing) throw new Error("The machine was too busy to write what a mutation did; nothing of it was kept.");
      const open = current as CommitterJob | null;
      if (!open) continue;
      if (!completed && this.#options.limit.starved && open.retries++ < STARVED_RETRIES) {
        // Nothing of it is in the batch yet: it runs again, as if it had not begun.
        jobs.pop();
        this.#queue.unshift(open);
        continue;
      }
      if (!completed) open.cut(code, this.#options.timeoutMs);
      commits.push(...open.finish(writer));
    }
  }
}
