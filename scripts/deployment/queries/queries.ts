/** Running queries: one-off calls, calls of actions gathered into batches, and watches. */
import {
  checkKind,
  type AppRuntime,
  type ExecutionLog,
  makeFailedOutcome,
  makeFailure,
  type Failure,
  type FunctionCall,
  type QueryOutcome,
  RequestScope,
} from "../functions";
import type { TimeLimit } from "../isolate";
import type { Entry, Watcher } from "./cache-entries";
import { Batch, QueryRun } from "./query-batch";
import type { QueryCache } from "./query-cache";

export interface QueriesOptions {
  cache: QueryCache;
  limit: TimeLimit;
  log: ExecutionLog;
  timeoutMs: number;
}

export class Queries {
  #code: AppRuntime;
  readonly #cache: QueryCache;
  readonly #limit: TimeLimit;
  readonly #log: ExecutionLog;
  readonly #timeoutMs: number;
  /** Watches whose result has changed, until it was looked for. */
  readonly #dirty = new Set<LiveWatch>();
  /** Watches of functions that do not exist: nothing but new code can change their answer. */
  readonly #unanswered = new Set<LiveWatch>();
  #waiting: { run: QueryRun; resolve: (outcome: QueryOutcome) => void }[] = [];

  constructor(code: AppRuntime, { cache, limit, log, timeoutMs }: QueriesOptions) {
    this.#code = code;
    this.#cache = cache;
    this.#limit = limit;
    this.#log = log;
    this.#timeoutMs = timeoutMs;
  }

  /** Serves other code; every result so far is out of date. */
  replaceCode(code: AppRuntime): void {
    this.#code = code;
    const watches = new Set<Watcher>([...this.#cache.clear(), ...this.#unanswered]);
    this.#unanswered.clear();
    this.announce(watches);
  }

  query(call: FunctionCall, journal: string | null): QueryOutcome {
    const prepared = this.#prepare(call, journal);
    if (!(prepared instanceof QueryRun)) return prepared;
    this.#runAll([prepared]);
    return this.#answer(prepared);
  }

  /** Runs a query like `query`, together with the others of the same pass of the event loop, under one time limit. */
  queryInBatch(call: FunctionCall): Promise<QueryOutcome> {
    const run = this.#prepare(call, null);
    if (!(run instanceof QueryRun)) return Promise.resolve(run);
    return new Promise((resolve) => {
      if (this.#waiting.push({ run, resolve }) === 1) setImmediate(() => this.#runWaiting());
    });
  }

  watch(call: FunctionCall, journal: string | null, onDirty: () => void): Watch {
    const shared = { cache: this.#cache, dirty: this.#dirty, unanswered: this.#unanswered };
    return new LiveWatch(this, shared, { call, journal }, onDirty);
  }

  /** Marks watches whose result has changed as dirty. */
  announce(watchers: Iterable<Watcher>): void {
    for (const watcher of watchers) watcher.invalidated();
  }

  /**
   * A current entry for a watch, or the error of a function that does not exist. Other dirty watches are brought up to
   * date under the same time limit, since each of them is about to be asked for.
   */
  refresh(watch: LiveWatch): Entry | QueryOutcome {
    const prepared = this.#prepareWatch(watch);
    if (!(prepared instanceof QueryRun)) return prepared;
    this.#runAll([prepared], this.#dirty);
    return prepared.entry as Entry;
  }

  answer(entry: Entry): QueryOutcome {
    return makeOutcome(entry, this.#code.options.store.lastTs);
  }

  #runWaiting(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    // A push in between leaves calls that were prepared for the old code; those start over, one by one.
    const current = waiting.filter(({ run }) => run.code === this.#code);
    if (current.length > 0) this.#runAll(current.map(({ run }) => run));
    for (const { run, resolve } of waiting) resolve(run.entry ? this.answer(run.entry) : this.query(run.call, null));
  }

  #prepare(call: FunctionCall, journal: string | null): QueryRun | QueryOutcome {
    const run = this.#resolve(call, journal, true);
    if (!(run instanceof QueryRun)) return run;
    const entry = this.#cache.find(run.key, call.identity, true);
    return entry ? this.answer(entry) : run;
  }

  #prepareWatch(watch: LiveWatch): QueryRun | Entry | QueryOutcome {
    const run = watch.plan?.code === this.#code ? watch.plan : this.#resolve(watch.call, watch.journal, false);
    if (!(run instanceof QueryRun)) return run;
    watch.plan = run;
    return this.#cache.find(run.key, watch.call.identity, false) ?? run;
  }

  #resolve(call: FunctionCall, journal: string | null, oneOff: boolean): QueryRun | QueryOutcome {
    const fn = this.#code.table.find(call.component, call.path, call.reach);
    const wrong = typeof fn === "string" ? makeFailure(fn) : checkKind(fn, "query");
    if (typeof fn !== "string" && !wrong)
      return new QueryRun(this.#code, call, fn, { argsText: JSON.stringify(call.args), journal, oneOff });
    const request = new RequestScope(this.#code, call);
    const outcome = makeFailedOutcome(wrong as Failure, request.requestId, []);
    return { ...outcome, journal: null, ts: this.#code.options.store.lastTs };
  }

  #answer(run: QueryRun): QueryOutcome {
    return this.answer(run.entry as Entry);
  }

  /** Gives each of `runs` its entry, then as many of `more` as fit into the time of a batch. */
  #runAll(runs: QueryRun[], more?: Set<LiveWatch>): void {
    for (const run of runs) run.entry = null;
    this.#code.options.store.prepareReads();
    for (let waiting = runs; waiting.length > 0; waiting = waiting.filter(({ entry }) => entry === null)) {
      const batch = new Batch(this.#code, this.#cache, this.#log);
      this.#limit.run(() => {
        for (const run of waiting) {
          if (!batch.hasTime) return;
          batch.perform(run);
        }
        for (const watch of more ?? []) {
          if (!batch.hasTime) return;
          more?.delete(watch);
          const run = this.#prepareWatch(watch);
          if (run instanceof QueryRun) batch.perform(run);
        }
      }, this.#timeoutMs);
      batch.settle(this.#timeoutMs, this.#limit.starved);
      more = undefined;
    }
  }
}

interface WatchSets {
  cache: QueryCache;
  dirty: Set<LiveWatch>;
  /** Watches of functions that do not exist. */
  unanswered: Set<LiveWatch>;
}

class LiveWatch implements Watch, Watcher {
  /** The query to run, for the code and journal it was made for. */
  plan: QueryRun | null = null;
  #entry: Entry | null = null;
  #stale = true;
  #closed = false;
  readonly call: FunctionCall;
  journal: string | null;
  readonly #queries: Queries;
  readonly #shared: WatchSets;
  readonly #onDirty: () => void;

  constructor(
    queries: Queries,
    shared: WatchSets,
    { call, journal }: { call: FunctionCall; journal: string | null },
    onDirty: () => void,
  ) {
    this.call = call;
    this.journal = journal;
    this.#queries = queries;
    this.#shared = shared;
    this.#onDirty = onDirty;
    shared.dirty.add(this);
  }

  get dirty(): boolean {
    return this.#stale;
  }

  refresh(): QueryOutcome {
    if (!this.#stale && this.#entry) return this.#queries.answer(this.#entry);
    this.#shared.dirty.delete(this);
    this.#stale = false;
    const found = this.#queries.refresh(this);
    if (this.#entry) this.#shared.cache.detach(this.#entry, this);
    this.#entry = null;
    if (!("watchers" in found)) {
      if (!this.#closed) this.#shared.unanswered.add(this);
      return found;
    }
    this.#entry = found;
    this.#shared.cache.attach(found, this);
    const { journal } = found.execution;
    if (journal !== null && journal !== this.journal) {
      this.journal = journal;
      this.plan = null;
    }
    return this.#queries.answer(found);
  }

  invalidated(): void {
    if (this.#stale || this.#closed) return;
    this.#stale = true;
    this.#shared.dirty.add(this);
    this.#onDirty();
  }

  close(): void {
    this.#closed = true;
    this.#shared.dirty.delete(this);
    this.#shared.unanswered.delete(this);
    if (this.#entry) this.#shared.cache.detach(this.#entry, this);
    this.#entry = null;
  }
}

function makeOutcome(entry: Entry, ts: bigint): QueryOutcome {
  const { outcome, journal } = entry.execution;
  return outcome.ok
    ? { ok: true, value: outcome.value, logLines: outcome.logLines, journal, ts }
    : { ...outcome, journal, ts };
}

/** A live query. Entries are shared by everyone whose result must be equal; a watch is one subscriber's hold on one. */
export interface Watch {
  /** Bring the result up to `store.lastTs`; runs the query only if something it read has changed. Synchronous. */
  refresh(): QueryOutcome;
  /** True when a commit touched what the last run read (or the code changed) and no refresh has followed. */
  readonly dirty: boolean;
  close(): void;
}
