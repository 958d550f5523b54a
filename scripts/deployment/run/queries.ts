/** Running queries: one-off calls, calls of actions gathered into batches, and watches. */
import type { FunctionCall, QueryOutcome, Tx, Watch } from "../types";
import { QueryCache, type Entry, type Ran, type Watcher } from "./cache";
import { failedOutcome, failure, type Result, timedOut } from "./errors";
import { type Code, RequestScope } from "./execution";
import { logged, type LoadedFunction } from "./functions";
import { Guard } from "./guard";
import type { ExecutionLog } from "./log";
import { checkKind, runFunction } from "./udf";

/** A batch stops taking calls after this long, so that the last one still has about its full time. */
const batchMs = 5;

/** A query to run: everything that names its result. */
class QueryRun {
  ran: Ran | null = null;
  entry: Entry | null = null;
  tx: Tx | null = null;
  constructor(
    readonly call: FunctionCall,
    readonly fn: LoadedFunction,
    readonly argsText: string,
    readonly journal: string | null,
  ) {}
}

export class Queries {
  #code: Code;
  readonly #cache: QueryCache;
  readonly #guard: Guard;
  readonly #log: ExecutionLog;
  readonly #timeoutMs: number;
  readonly #dirty = new Set<LiveWatch>();
  /** Watches of functions that do not exist: nothing but new code can change their answer. */
  readonly #unanswered = new Set<LiveWatch>();
  #waiting: { run: QueryRun; resolve: (outcome: QueryOutcome) => void }[] = [];

  constructor(code: Code, cache: QueryCache, guard: Guard, log: ExecutionLog, timeoutMs: number) {
    this.#code = code;
    this.#cache = cache;
    this.#guard = guard;
    this.#log = log;
    this.#timeoutMs = timeoutMs;
  }

  /** Serves other code from now on; everything known so far is out of date. */
  replaceCode(code: Code): void {
    this.#code = code;
    const watches = new Set<Watcher>([...this.#cache.clear(), ...this.#unanswered]);
    this.#unanswered.clear();
    this.announce(watches);
  }

  query(call: FunctionCall, journal: string | null): QueryOutcome {
    const prepared = this.#prepare(call, journal, true);
    if (!(prepared instanceof QueryRun)) return prepared;
    this.#runAll([prepared]);
    return this.#answer(prepared);
  }

  /** As `query`, together with the others asked for in the same turn of the event loop, under one time limit. */
  queryInBatch(call: FunctionCall): Promise<QueryOutcome> {
    const run = this.#prepare(call, null, true);
    if (!(run instanceof QueryRun)) return Promise.resolve(run);
    return new Promise((resolve) => {
      if (this.#waiting.push({ run, resolve }) === 1) setImmediate(() => this.#runWaiting());
    });
  }

  watch(call: FunctionCall, journal: string | null, onDirty: () => void): Watch {
    return new LiveWatch(this, this.#cache, call, journal, onDirty, this.#dirty, this.#unanswered);
  }

  /** Tells watches that what they show has changed. */
  announce(watchers: Iterable<Watcher>): void {
    for (const watcher of watchers) watcher.invalidated();
  }

  /**
   * A current entry for a watch, or the error of a function that does not exist. Other dirty watches are brought up to
   * date under the same guard, since each of them is about to be asked for.
   */
  refresh(watch: LiveWatch): Entry | QueryOutcome {
    const prepared = this.#prepareWatch(watch);
    if (!(prepared instanceof QueryRun)) return prepared;
    this.#runAll([prepared], this.#dirty);
    return prepared.entry as Entry;
  }

  answer(entry: Entry): QueryOutcome {
    return outcomeOf(entry, this.#code.options.store.lastTs);
  }

  #runWaiting(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    // The cache may have been filled since, by another of the batch or by a watch.
    const runs = waiting.map(({ run }) => run);
    this.#runAll(runs);
    for (const { run, resolve } of waiting) resolve(this.#answer(run));
  }

  #prepareWatch(watch: LiveWatch): QueryRun | Entry | QueryOutcome {
    return this.#prepare(watch.call, watch.journal, false, true);
  }

  #prepare(call: FunctionCall, journal: string | null, oneOff: boolean): QueryRun | QueryOutcome;
  #prepare(call: FunctionCall, journal: string | null, oneOff: boolean, asEntry: true): QueryRun | Entry | QueryOutcome;
  #prepare(call: FunctionCall, journal: string | null, oneOff: boolean, asEntry?: true): QueryRun | Entry | QueryOutcome {
    const fn = this.#code.table.find(call.component, call.path, call.reach);
    const wrong = typeof fn === "string" ? failure(fn) : checkKind(fn, "query");
    if (typeof fn === "string" || wrong) {
      const request = new RequestScope(this.#code, call.identity, call.client, call.job, call.requestId, null);
      const outcome = failedOutcome(wrong ?? failure("not found"), request.requestId, []);
      return { ...outcome, journal: null, ts: this.#code.options.store.lastTs };
    }
    const argsText = JSON.stringify(call.args);
    const component = fn.component.instance.path;
    const entry = this.#cache.find(QueryCache.key(component, fn.identifier, argsText, journal), call.identity, oneOff);
    if (entry) return asEntry ? entry : this.answer(entry);
    return new QueryRun(call, fn, argsText, journal);
  }

  #answer(run: QueryRun): QueryOutcome {
    return this.answer(run.entry as Entry);
  }

  /** Runs all of `runs`, then of `more` as many as fit into the time of a batch. */
  #runAll(runs: QueryRun[], more?: Set<LiveWatch>): void {
    let next = 0;
    while (next < runs.length) {
      let current: QueryRun | null = null;
      const finished: QueryRun[] = [];
      const started = performance.now();
      const completed = this.#guard.run(() => {
        while (next < runs.length && performance.now() - started < batchMs) {
          current = runs[next++] as QueryRun;
          this.#execute(current);
          finished.push(current);
          current = null;
        }
        if (!more || next < runs.length) return;
        for (const watch of more) {
          if (performance.now() - started >= batchMs) return;
          const prepared = this.#prepareWatch(watch);
          if (!(prepared instanceof QueryRun)) continue;
          current = prepared;
          this.#execute(current);
          finished.push(current);
          current = null;
        }
      }, this.#timeoutMs);
      for (const run of finished) this.#keep(run);
      const cut = current as QueryRun | null;
      if (!completed && cut) this.#keepTimeout(cut);
      more = undefined;
    }
  }

  #execute(run: QueryRun): void {
    const { call, fn } = run;
    const request = new RequestScope(this.#code, call.identity, call.client, call.job, call.requestId, run.journal);
    const tx = (run.tx = this.#code.options.store.begin("read"));
    const started = performance.now();
    const result = runFunction(request, fn, call.args, run.argsText, tx);
    this.#log.finished(request, logged(fn), result, performance.now() - started);
    run.ran = {
      outcome: toOutcome(result, request),
      reads: tx.reads,
      journal: request.journal.next,
      sawIdentity: request.observed.identity,
      sawClock: request.observed.time || request.observed.random,
      keep: true,
    };
  }

  #keep(run: QueryRun): void {
    if (run.ran) {
      const component = run.fn.component.instance.path;
      run.entry = this.#cache.store(component, run.fn.identifier, run.argsText, run.journal, run.call.identity, run.ran);
    }
  }

  #keepTimeout(run: QueryRun): void {
    const request = new RequestScope(this.#code, run.call.identity, run.call.client, run.call.job, run.call.requestId, null);
    const result = timedOut(this.#timeoutMs);
    this.#log.finished(request, logged(run.fn), result, this.#timeoutMs);
    run.ran = {
      outcome: toOutcome(result, request),
      // What it had read so far: a change there may well make it fast enough.
      reads: run.tx?.reads ?? new Map(),
      journal: null,
      sawIdentity: true,
      sawClock: false,
      keep: false,
    };
    this.#keep(run);
  }
}

class LiveWatch implements Watch, Watcher {
  #entry: Entry | null = null;
  #stale = true;
  #closed = false;
  constructor(
    private readonly queries: Queries,
    private readonly cache: QueryCache,
    readonly call: FunctionCall,
    public journal: string | null,
    private readonly onDirty: () => void,
    private readonly dirtyWatches: Set<LiveWatch>,
    private readonly unanswered: Set<LiveWatch>,
  ) {}

  get dirty(): boolean {
    return this.#stale;
  }

  refresh(): QueryOutcome {
    if (!this.#stale && this.#entry) return this.queries.answer(this.#entry);
    this.dirtyWatches.delete(this);
    this.#stale = false;
    const found = this.queries.refresh(this);
    if (this.#entry) this.cache.detach(this.#entry, this);
    this.#entry = null;
    if (!("watchers" in found)) {
      if (!this.#closed) this.unanswered.add(this);
      return found;
    }
    this.#entry = found;
    this.cache.attach(found, this);
    this.journal = found.journal ?? this.journal;
    return this.queries.answer(found);
  }

  invalidated(): void {
    if (this.#stale || this.#closed) return;
    this.#stale = true;
    this.dirtyWatches.add(this);
    this.onDirty();
  }

  close(): void {
    this.#closed = true;
    this.dirtyWatches.delete(this);
    this.unanswered.delete(this);
    if (this.#entry) this.cache.detach(this.#entry, this);
    this.#entry = null;
  }
}

function toOutcome(result: Result, request: RequestScope) {
  const logLines = request.logs.texts();
  return result.ok
    ? { ok: true as const, value: result.value, logLines }
    : failedOutcome(result, request.requestId, logLines);
}

function outcomeOf(entry: Entry, ts: bigint): QueryOutcome {
  const { outcome, journal } = entry;
  return outcome.ok
    ? { ok: true, value: outcome.value, logLines: outcome.logLines, journal, ts }
    : { ...outcome, journal, ts };
}
