/** Running queries: one-off calls, calls of actions gathered into batches, and watches. */
import type { FunctionCall, QueryOutcome, ReadSet, Tx, Watch } from "../types";
import { QueryCache, type Entry, type Ran, type Watcher } from "./cache";
import { failedOutcome, type Failure, failure, type Result, timedOut } from "./errors";
import { type Code, RequestScope } from "./execution";
import type { LoadedFunction } from "./functions";
import type { Guard } from "./guard";
import type { ExecutionLog } from "./log";
import { checkKind, runFunction } from "./udf";

/** A batch stops taking calls after this long, so that the last one still has about its full time. */
const batchMs = 5;
const starvedRetries = 3;

const NOTHING_READ: ReadSet = new Map();

type Finished = { request: RequestScope; result: Result; tookMs: number };

/** A query to run: everything that names its result. */
class QueryRun {
  /** What it has produced and the cache does not have yet. */
  ran: Finished | null = null;
  entry: Entry | null = null;
  tx: Tx | null = null;
  /** One whose result is this one's too: the same query in the same batch. */
  twin: QueryRun | null = null;
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
   * Gives each of `runs` its entry, then as many of `more` as fit into the time of a batch. The time limit may end the
   * guard anywhere, so what has run goes into the cache after it; until then, equal queries find each other in the batch.
   */
  #runAll(runs: QueryRun[], more?: Iterable<LiveWatch>): void {
    for (const run of runs) run.entry = null;
    this.#code.options.store.prepareReads();
    for (let waiting = runs; waiting.length > 0; waiting = waiting.filter(({ entry }) => entry === null)) {
      const batch: QueryRun[] = [];
      const newest = new Map<string, QueryRun>();
      const started = performance.now();
      const hasTime = () => performance.now() - started < batchMs;
      const perform = (run: QueryRun): void => {
        batch.push(run);
        run.twin = null;
        run.entry = this.#cache.find(run.key, run.call.identity, run.oneOff);
        if (run.entry || (run.twin = twinOf(run, newest.get(run.key)))) return;
        this.#execute(run);
        newest.set(run.key, run);
      };
      this.#guard.run(() => {
        for (const run of waiting) {
          if (batch.length > 0 && !hasTime()) return;
          perform(run);
        }
        for (const watch of more ?? []) {
          if (!hasTime()) return;
          const run = this.#prepareWatch(watch);
          if (run instanceof QueryRun) perform(run);
        }
      }, this.#timeoutMs);
      for (const run of batch) {
        if (run.ran) this.#keep(run, run.ran);
        else if (run.twin) run.entry = run.twin.entry;
        // The last one, when it was cut: as if it had not begun, when that was the machine's fault.
        else if (!run.entry && !(this.#guard.starved && run.retries++ < starvedRetries)) this.#keepTimeout(run);
      }
      more = undefined;
    }
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
    run.ran = { request, result, tookMs: performance.now() - started };
  }

  #keep(run: QueryRun, { request, result, tookMs }: Finished): void {
    this.#log.finished(request, run.fn.logged, result, tookMs);
    this.#store(run, {
      outcome: toOutcome(result, request),
      reads: run.tx?.reads ?? NOTHING_READ,
      journal: request.journal.next,
      sawIdentity: request.observed.identity,
      sawClock: request.observed.time || request.observed.random,
      keep: true,
    });
    run.retries = 0;
  }

  #store(run: QueryRun, ran: Ran): void {
    const component = run.fn.component.instance.path;
    run.entry = this.#cache.store(component, run.fn.identifier, run.argsText, run.journal, run.call.identity, ran);
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
    this.#log.finished(request, run.fn.logged, result, this.#timeoutMs);
    this.#store(run, {
      outcome: toOutcome(result, request),
      // What it had read so far: a change there may well make it fast enough.
      reads: run.tx?.reads ?? NOTHING_READ,
      journal: null,
      sawIdentity: true,
      sawClock: false,
      keep: false,
    });
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
    if (found.journal !== null && found.journal !== this.journal) {
      this.journal = found.journal;
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

/** `newest` when it has the result of `run` too. */
function twinOf(run: QueryRun, newest: QueryRun | undefined): QueryRun | null {
  if (!newest?.ran) return null;
  const isForAll = !newest.ran.request.observed.identity;
  return isForAll || newest.call.identity?.key === run.call.identity?.key ? newest : null;
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
