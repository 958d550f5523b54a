/** Running queries: one-off calls, calls of actions gathered into batches, and watches. */
import type { FunctionCall, QueryOutcome, ReadSet, Tx, Watch } from "../types";
import { QueryCache, type Entry, type Ran, type Watcher } from "./cache";
import { failedOutcome, type Failure, failure, type Result, timedOut } from "./errors";
import { type Code, RequestScope } from "./execution";
import type { LoadedFunction } from "./functions";
import type { Guard } from "./guard";
import type { ExecutionLog } from "./log";
import { addReads, NestedQueries } from "./nested";
import { checkKind, runFunction } from "./udf";

/** A batch stops taking calls after this long, so that the last one still has about its full time. */
const batchMs = 5;
const starvedRetries = 3;
const noCost: Tx["metrics"] = { documentsRead: 0, bytesRead: 0, ranges: 0, documentsWritten: 0, bytesWritten: 0 };

/** A query to run: everything that names its result. */
class QueryRun {
  ran: Ran | null = null;
  entry: Entry | null = null;
  tx: Tx | null = null;
  /** Times it was cut because the machine was busy, not because it took long. */
  retries = 0;
  readonly key: string;
  constructor(
    readonly code: Code,
    readonly call: FunctionCall,
    readonly fn: LoadedFunction,
    readonly argsText: string,
    readonly journal: string | null,
    readonly oneOff: boolean,
  ) {
    this.key = QueryCache.key(fn.component.instance.path, fn.identifier, argsText, journal);
  }
}

export class Queries {
  #code: Code;
  readonly #cache: QueryCache;
  readonly #guard: Guard;
  readonly #log: ExecutionLog;
  readonly #timeoutMs: number;
  readonly #nested: NestedQueries;
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
    this.#nested = new NestedQueries(cache, code.options.store);
  }

  /** Serves other code from now on; everything known so far is out of date. */
  replaceCode(code: Code): void {
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

  /** As `query`, together with the others asked for in the same turn of the event loop, under one time limit. */
  queryInBatch(call: FunctionCall): Promise<QueryOutcome> {
    const run = this.#prepare(call, null);
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
    // A push in between leaves calls that were prepared for the old code; those start over, one by one.
    const current = waiting.filter(({ run }) => run.code === this.#code);
    if (current.length > 0) this.#runAll(current.map(({ run }) => run));
    for (const { run, resolve } of waiting)
      resolve(run.entry ? this.answer(run.entry) : this.query(run.call, null));
  }

  #prepare(call: FunctionCall, journal: string | null): QueryRun | QueryOutcome {
    const run = this.#resolve(call, journal, true);
    if (!(run instanceof QueryRun)) return run;
    const entry = this.#cache.find(run.key, call.identity, true);
    return entry ? this.answer(entry) : run;
  }

  #prepareWatch(watch: LiveWatch): QueryRun | Entry | QueryOutcome {
    const run =
      watch.plan?.code === this.#code ? watch.plan : this.#resolve(watch.call, watch.journal, false);
    if (!(run instanceof QueryRun)) return run;
    watch.plan = run;
    return this.#cache.find(run.key, watch.call.identity, false) ?? run;
  }

  #resolve(call: FunctionCall, journal: string | null, oneOff: boolean): QueryRun | QueryOutcome {
    const fn = this.#code.table.find(call.component, call.path, call.reach);
    const wrong = typeof fn === "string" ? failure(fn) : checkKind(fn, "query");
    if (typeof fn !== "string" && !wrong)
      return new QueryRun(this.#code, call, fn, JSON.stringify(call.args), journal, oneOff);
    const request = new RequestScope(this.#code, call.identity, call.client, call.job, call.requestId, null);
    const outcome = failedOutcome(wrong as Failure, request.requestId, []);
    return { ...outcome, journal: null, ts: this.#code.options.store.lastTs };
  }

  #answer(run: QueryRun): QueryOutcome {
    return this.answer(run.entry as Entry);
  }

  /**
   * Gives each of `runs` its entry, then as many of `more` as fit into the time of a batch. The cache is asked again
   * just before each run, because an earlier one may have been the same query.
   */
  #runAll(runs: QueryRun[], more?: Iterable<LiveWatch>): void {
    let next = 0;
    while (next < runs.length) {
      let current: QueryRun | null = null;
      const started = performance.now();
      this.#nested.keepUntilMs = started + this.#timeoutMs / 2;
      this.#nested.opened = [];
      const perform = (run: QueryRun): void => {
        run.entry = this.#cache.find(run.key, run.call.identity, run.oneOff);
        if (run.entry) return;
        current = run;
        run.entry = this.#shared(run);
        if (!run.entry) this.#execute(run);
        // The watchdog may cut whatever runs when its time comes; the shared cache is not touched near that.
        if (performance.now() > this.#nested.keepUntilMs) return;
        this.#keep(run);
        current = null;
      };
      const completed = this.#guard.run(() => {
        const hasTime = () => current === null && performance.now() - started < batchMs;
        do perform(runs[next++] as QueryRun);
        while (next < runs.length && hasTime());
        for (const watch of more ?? []) {
          if (!hasTime()) return;
          const run = this.#prepareWatch(watch);
          if (run instanceof QueryRun) perform(run);
        }
      }, this.#timeoutMs);
      const open = current as QueryRun | null;
      if (open && completed) this.#keep(open);
      else if (open && this.#guard.starved && open.retries++ < starvedRetries) runs.push(open);
      else if (open) this.#keepTimeout(open);
      more = undefined;
    }
  }

  /** A run for another caller whose result this caller gets too. */
  #shared({ key, call, journal, code }: QueryRun): Entry | null {
    if (journal !== null) return null;
    for (const execution of this.#cache.executions(key)) {
      const inner = this.#nested.answersAsIn(execution, call, code);
      if (inner && performance.now() < this.#nested.keepUntilMs) return this.#cache.share(key, execution, call.identity, inner);
    }
    return null;
  }

  #execute(run: QueryRun): void {
    const { call, fn } = run;
    const request = new RequestScope(
      this.#code,
      call.identity,
      call.client,
      call.job,
      call.requestId,
      run.journal,
    );
    request.nested = this.#nested;
    const tx = (run.tx = this.#code.options.store.begin("read"));
    const started = performance.now();
    let result: Result;
    try {
      result = runFunction(request, fn, call.args, run.argsText, tx);
    } catch (error) {
      result = failure(
        `The deployment failed to run the query: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    this.#log.finished(request, fn.logged, result, performance.now() - started);
    run.ran = {
      outcome: toOutcome(result, request),
      reads: tx.reads,
      calls: request.calls,
      cost: tx.metrics,
      journal: request.journal.next,
      sawIdentity: request.observed.identity,
      sawClock: request.observed.time || request.observed.random,
      keep: true,
    };
  }

  #keep(run: QueryRun): void {
    if (!run.ran) return;
    const component = run.fn.component.instance.path;
    run.entry = this.#cache.store(
      component,
      run.fn.identifier,
      run.argsText,
      run.journal,
      run.call.identity,
      run.ran,
    );
    run.ran = run.tx = null;
  }

  #keepTimeout(run: QueryRun): void {
    const request = new RequestScope(
      this.#code,
      run.call.identity,
      run.call.client,
      run.call.job,
      run.call.requestId,
      null,
    );
    const result = timedOut(this.#timeoutMs);
    // What it had read so far: a change there may well make it fast enough.
    const reads: ReadSet = new Map();
    for (const read of [run.tx?.reads, ...this.#nested.opened]) if (read) addReads(reads, read);
    this.#log.finished(request, run.fn.logged, result, this.#timeoutMs);
    run.ran = {
      outcome: toOutcome(result, request),
      reads,
      calls: [],
      cost: noCost,
      journal: null,
      sawIdentity: true,
      sawClock: false,
      keep: false,
    };
    this.#keep(run);
  }
}

class LiveWatch implements Watch, Watcher {
  /** What to run, for the code and journal it was made for. */
  plan: QueryRun | null = null;
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
  ) {
    dirtyWatches.add(this);
  }

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
    const { journal } = found.execution;
    if (journal !== null && journal !== this.journal) {
      this.journal = journal;
      this.plan = null;
    }
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
  const { outcome, journal } = entry.execution;
  return outcome.ok
    ? { ok: true, value: outcome.value, logLines: outcome.logLines, journal, ts }
    : { ...outcome, journal, ts };
}
