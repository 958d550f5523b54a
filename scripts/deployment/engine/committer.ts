/**
 * The committer: queued mutations run one after the other and are written by one group commit, then their callers are
 * answered, then the queries that read what changed are invalidated.
 */
import {
  checkKind,
  type Code,
  type ExecutionLog,
  failedOutcome,
  failure,
  type FunctionCall,
  int64,
  type LoadedFunction,
  type MutationOutcome,
  type Outcome,
  RequestScope,
  type Result,
  runFunction,
  timedOut,
} from "../functions";
import type { TimeLimit } from "../isolate";
import { DiskFullError } from "../storage";
import type { Commit, CommitWriter, Store, Transaction } from "../transactions";
import { MutationOutcomes, type Session } from "./mutation-outcomes";

const MAX_BATCH_JOBS = 64;
const STARVED_RETRIES = 3;
/** Long enough that the commit which ends a batch, a few ms on a slow disk, is a small part of it. */
const MAX_BATCH_MS = 16;

/** Work with a transaction of its own in a batch. */
interface Job {
  /** Times it was cut because the machine was busy, not because it took long. */
  retries: number;
  /** Whether even `finish` takes long, so that it runs outside the time limit. */
  readonly isLong?: boolean;
  /** User code: runs under the time limit. */
  execute(code: Code): void;
  /** Called when the time limit ended `execute`. */
  cut(code: Code, limitMs: number): void;
  /**
   * Adds the result to the group commit. Takes far less than half the time limit, and may still be cut when the machine
   * stalls: it touches only what is dropped with the batch. @returns the commits made.
   */
  finish(writer: CommitWriter): Commit[];
  /** Called when the batch is durable. */
  answer(): void;
  /** Called when the batch failed as a whole. */
  abandon(error: unknown): void;
}

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
  #queue: Job[] = [];
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

  /** As `transact`, but the time limit, which is a function's, does not end it. */
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

  #enqueue(job: Job): void {
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
    const jobs: Job[] = [];
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

  #run(writer: CommitWriter, jobs: Job[], commits: Commit[]): void {
    const code = this.#options.code();
    this.#options.store.prepareReads();
    const started = performance.now();
    const more = () =>
      this.#queue.length > 0 && jobs.length < MAX_BATCH_JOBS && performance.now() - started < MAX_BATCH_MS;
    while (more()) {
      let current: Job | null = null;
      let finishing = false;
      const guarded = performance.now();
      const completed = this.#options.limit.run(() => {
        while (more()) {
          current = this.#queue.shift() as Job;
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
      const open = current as Job | null;
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

interface JobServices {
  store: Store;
  log: ExecutionLog;
  outcomes: MutationOutcomes;
}

class HostJob<T> implements Job {
  retries = 0;
  #tx: Transaction | null = null;
  #value: { value: T } | { error: unknown } | null = null;
  readonly #store: Store;
  readonly #work: (tx: Transaction) => T;
  readonly #resolve: (value: T) => void;
  readonly #reject: (error: unknown) => void;

  constructor(
    store: Store,
    work: (tx: Transaction) => T,
    resolve: (value: T) => void,
    reject: (error: unknown) => void,
  ) {
    this.#store = store;
    this.#work = work;
    this.#resolve = resolve;
    this.#reject = reject;
  }
  execute(): void {
    this.#tx = this.#store.begin("write", { unlimited: true });
    try {
      this.#value = { value: this.#work(this.#tx) };
    } catch (error) {
      this.#value = { error };
    }
  }
  cut(): void {
    this.#value = { error: new Error("a transaction of the deployment exceeded the time limit") };
  }
  finish(writer: CommitWriter): Commit[] {
    return this.#tx && this.#value && "value" in this.#value ? withWrites(writer.commit(this.#tx)) : [];
  }
  answer(): void {
    if (this.#value && "value" in this.#value) this.#resolve(this.#value.value);
    else this.#reject(this.#value?.error);
  }
  abandon(error: unknown): void {
    this.#reject(error);
  }
}

/** Runs as a whole outside the time limit. */
class LongJob<T> extends HostJob<T> {
  readonly isLong = true;
  override execute(): void {}
  override cut(): void {}
  override finish(writer: CommitWriter): Commit[] {
    super.execute();
    return super.finish(writer);
  }
}

class MutationJob implements Job {
  retries = 0;
  #request: RequestScope | null = null;
  #fn: LoadedFunction | null = null;
  #tx: Transaction | null = null;
  #result: Result | null = null;
  #startedMs = 0;
  #tookMs = 0;
  #refused = false;
  #outcome: MutationOutcome | null = null;
  readonly #services: JobServices;
  readonly #call: FunctionCall;
  readonly #session: Session | undefined;
  readonly #hooks: MutationHooks;
  readonly #resolve: (outcome: MutationOutcome | null) => void;
  readonly #reject: (error: unknown) => void;

  constructor(
    services: JobServices,
    { call, session, hooks }: { call: FunctionCall; session: Session | undefined; hooks: MutationHooks },
    resolve: (outcome: MutationOutcome | null) => void,
    reject: (error: unknown) => void,
  ) {
    this.#services = services;
    this.#call = call;
    this.#session = session;
    this.#hooks = hooks;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  execute(code: Code): void {
    const call = this.#call;
    const hooks = this.#hooks;
    this.#startedMs = performance.now();
    if (this.#session && (this.#outcome = this.#services.outcomes.find(this.#session))) return;
    const request = (this.#request = new RequestScope(code, call));
    const tx = (this.#tx = this.#services.store.begin("write"));
    try {
      if (hooks.admit && !hooks.admit(tx)) {
        this.#refused = true;
        return;
      }
      const fn = code.table.find(call.component, call.path, call.reach);
      if (typeof fn === "string") {
        this.#result = failure(fn);
        return;
      }
      this.#fn = fn;
      // Hooks write on the same transaction, so what a failed function wrote must be separable from what they did.
      const { args } = call;
      const run = () => runFunction(request, { fn, args, argsText: JSON.stringify(args) }, tx);
      this.#result = checkKind(fn, "mutation") ?? run();
    } catch (error) {
      this.#result = failure(error instanceof Error ? error.message : String(error));
    }
  }

  cut(code: Code, limitMs: number): void {
    this.#request ??= new RequestScope(code, this.#call);
    this.#result = timedOut(limitMs);
  }

  finish(writer: CommitWriter): Commit[] {
    const hooks = this.#hooks;
    const session = this.#session;
    const request = this.#request;
    const result = this.#result;
    if (this.#outcome || this.#refused || !request || !result || !this.#tx) return [];
    const logLines = request.logs.texts();
    const outcome: Outcome = result.ok
      ? { ok: true, value: result.value, logLines }
      : failedOutcome(result, request.requestId, logLines);
    const tx = result.ok ? this.#tx : hooks.settle ? this.#services.store.begin("write") : null;
    if (tx) hooks.settle?.(tx, outcome);
    const commit = tx ? writer.commit(tx) : null;
    const commits = commit ? withWrites(commit) : [];
    const ts = commits[0]?.ts ?? this.#services.store.lastTs;
    if (outcome.ok && outcome.value.includes('"$commitTs"')) {
      outcome.value = outcome.value.replaceAll('{"$commitTs":null}', `{"$integer":"${int64(ts)}"}`);
    }
    this.#outcome = { ...outcome, ts };
    // Only successes: a failed mutation left nothing behind, so a repeat may run it again.
    if (session && outcome.ok) this.#services.outcomes.keep(session, this.#outcome);
    this.#tookMs = performance.now() - this.#startedMs;
    return commits;
  }

  answer(): void {
    if (this.#fn && this.#request && this.#result)
      this.#services.log.finished(this.#request, this.#fn.logged, { result: this.#result, tookMs: this.#tookMs });
    this.#resolve(this.#refused ? null : this.#outcome);
  }

  abandon(error: unknown): void {
    // The caller gets an error; a caller with hooks keeps the mutation until it succeeds, and tries again by itself.
    const isForCaller = error instanceof DiskFullError && !this.#hooks.settle && this.#request;
    if (!isForCaller) return this.#reject(error);
    const outcome = failedOutcome(failure(error.message), this.#request!.requestId, []);
    this.#resolve({ ...outcome, ts: this.#services.store.lastTs });
  }
}

function withWrites(commit: Commit): Commit[] {
  return commit.writes.length > 0 ? [commit] : [];
}

/** Lets the deployment tie its own bookkeeping to a mutation: both happen or neither does. */
export interface MutationHooks {
  /** On the mutation's transaction before it runs. False: it does not run, nothing is written, the outcome is null. */
  admit?(tx: Transaction): boolean;
  /** After success on the mutation's own transaction, after failure on a fresh one; committed with it. */
  settle?(tx: Transaction, outcome: Outcome): void;
}
