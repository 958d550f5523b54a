/**
 * Queries that run under one time limit. It may end them anywhere, so what they produced goes into the cache after it;
 * until then equal queries find each other here.
 */
import {
  type AppRuntime,
  type ExecutionLog,
  makeFailedOutcome,
  makeFailure,
  type FunctionCall,
  type LoadedFunction,
  RequestScope,
  type Result,
  runFunction,
  makeTimeoutFailure,
  STARVED_RETRIES,
} from "../functions";
import type { ReadSet, Transaction } from "../transactions";
import { AnswerTree } from "./answer-tree";
import type { Entry, Execution } from "./cache-entries";
import type { Callee } from "./callee";
import { addReads, type CachedAnswer, listKeptCalls, NestedQueries } from "./nested-queries";
import { QueryCache, type QueryName } from "./query-cache";

/**
 * A batch stops taking calls after this long: the first watch waits for all of it, and the last call is to have about
 * its full time.
 */
const BATCH_MS = 2;

interface Finished {
  request: RequestScope;
  tx: Transaction;
  result: Result;
  tookMs: number;
}
/** The finished runs of one query. */
interface Ran {
  /** One that looked at nothing of its caller. */
  forAll: QueryRun | null;
  byIdentity: Map<string | undefined, QueryRun>;
  byAnswers: AnswerTree<QueryRun>;
}
/**
 * The execution whose result a run shares, and the answers of its calls; null when they are the same calls, or none.
 */
interface Sharing {
  source: Execution | QueryRun;
  answers: CachedAnswer[] | null;
}

/** A query to run: everything that names its result. */
export class QueryRun {
  entry: Entry | null = null;
  /** The finished run, until the cache has its result. */
  ran: Finished | null = null;
  sharing: Sharing | null = null;
  /** Times it was cut because the machine was busy, not because it took long. */
  retries = 0;
  readonly key: string;
  readonly argsText: string;
  readonly journal: string | null;
  /** Whether it is one call, not a watch. */
  readonly oneOff: boolean;

  constructor(
    readonly code: AppRuntime,
    readonly call: FunctionCall,
    readonly fn: LoadedFunction,
    { argsText, journal, oneOff }: { argsText: string; journal: string | null; oneOff: boolean },
  ) {
    this.argsText = argsText;
    this.journal = journal;
    this.oneOff = oneOff;
    this.key = QueryCache.makeKey(fn.component.instance.path, fn.identifier, argsText, journal);
  }

  get name(): QueryName {
    const { component, identifier } = this.fn;
    return { component: component.instance.path, identifier, argsText: this.argsText, journal: this.journal };
  }
}

export class Batch {
  readonly #code: AppRuntime;
  readonly #cache: QueryCache;
  readonly #log: ExecutionLog;
  readonly #nested: NestedQueries;
  readonly #runs: QueryRun[] = [];
  /** The finished runs, by key. */
  readonly #ran = new Map<string, Ran>();
  readonly #startedMs = performance.now();
  /** The transaction of the run in progress, whose reads count when it is cut. */
  #openTx: Transaction | null = null;

  constructor(code: AppRuntime, cache: QueryCache, log: ExecutionLog) {
    this.#code = code;
    this.#cache = cache;
    this.#log = log;
    this.#nested = new NestedQueries(cache, code.options.store);
  }

  get hasTime(): boolean {
    return this.#runs.length === 0 || performance.now() - this.#startedMs < BATCH_MS;
  }

  /** Inside the time limit. Looks for a result first: an earlier run may have been the same query. */
  perform(run: QueryRun): void {
    this.#runs.push(run);
    run.ran = run.sharing = null;
    run.entry = this.#cache.find(run.key, run.call.identity, run.oneOff);
    if (run.entry || (run.sharing = this.#findShareable(run))) return;
    this.#offer(run, this.#execute(run));
  }

  /** After the time limit: gives each run its entry, except those that run again. */
  settle(limitMs: number, wasStarved: boolean): void {
    this.#nested.settle();
    for (const run of this.#runs) {
      if (run.ran) this.#keep(run, run.ran);
      else if (run.sharing) this.#share(run, run.sharing);
      // The last one, when it was cut: as if it had not begun, when that was the machine's fault.
      else if (!run.entry && !(wasStarved && run.retries++ < STARVED_RETRIES)) this.#keepTimeout(run, limitMs);
    }
  }

  #findShareable({ key, call, journal }: QueryRun): Sharing | null {
    const ran = this.#ran.get(key);
    const source = ran?.forAll ?? ran?.byIdentity.get(call.identity?.key);
    if (source) return { source, answers: null };
    if (journal !== null) return null;
    const answer = (query: Callee) => this.#nested.answer(query, call, this.#code);
    const found = ran?.byAnswers.find(answer) ?? this.#cache.findShared(key, answer);
    return found && { source: found.run, answers: found.answers };
  }

  /** Lets later runs of the batch find a finished one. */
  #offer(run: QueryRun, { request }: Finished): void {
    let ran = this.#ran.get(run.key);
    if (!ran) this.#ran.set(run.key, (ran = { forAll: null, byIdentity: new Map(), byAnswers: new AnswerTree() }));
    ran.byIdentity.set(run.call.identity?.key, run);
    const { calls, observed, journal } = request;
    if (observed.identity) return;
    if (calls.length === 0) ran.forAll = run;
    else if (run.journal === null && journal.next === null && !observed.time && !observed.random)
      ran.byAnswers.add(
        calls.map(({ query, answer }) => ({ query: query as Callee, value: answer.value })),
        run,
      );
  }

  #execute(run: QueryRun): Finished {
    const { call, fn } = run;
    const request = new RequestScope(this.#code, call, run.journal);
    request.nested = this.#nested;
    const tx = (this.#openTx = this.#code.options.store.begin("read"));
    const started = performance.now();
    let result: Result;
    try {
      result = runFunction(request, { fn, args: call.args, argsText: run.argsText }, tx);
    } catch (error) {
      result = makeFailure(
        `The deployment failed to run the query: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    return (run.ran = { request, tx, result, tookMs: performance.now() - started });
  }

  #keep(run: QueryRun, { request, tx, result, tookMs }: Finished): void {
    this.#log.logFinished(request, run.fn.logged, { result, tookMs });
    run.entry = this.#cache.store(run.name, run.call.identity, {
      outcome: makeOutcome(result, request),
      reads: tx.reads,
      calls: listKeptCalls(request.calls),
      cost: tx.metrics,
      journal: request.journal.next,
      sawIdentity: request.observed.identity,
      sawClock: request.observed.time || request.observed.random,
      keep: true,
    });
    run.ran = null;
    run.retries = 0;
  }

  #share(run: QueryRun, { source, answers }: Sharing): void {
    const execution = source instanceof QueryRun ? (source.entry as Entry).execution : source;
    run.sharing = null;
    run.entry = answers
      ? this.#cache.share(
          run.key,
          execution,
          run.call.identity,
          answers.map(({ entry }) => entry as Entry),
        )
      : (source as QueryRun).entry;
  }

  #keepTimeout(run: QueryRun, limitMs: number): void {
    const { call, fn } = run;
    const request = new RequestScope(this.#code, call);
    const result = makeTimeoutFailure(limitMs);
    // The ranges it had read so far: a change there may well make it fast enough.
    const reads: ReadSet = new Map();
    for (const read of [this.#openTx?.reads, ...this.#nested.opened]) if (read) addReads(reads, read);
    this.#log.logFinished(request, fn.logged, { result, tookMs: limitMs });
    run.entry = this.#cache.store(run.name, call.identity, {
      outcome: makeOutcome(result, request),
      reads,
      calls: [],
      cost: {},
      journal: null,
      sawIdentity: true,
      sawClock: false,
      keep: false,
    });
  }
}

function makeOutcome(result: Result, request: RequestScope) {
  const logLines = request.logs.texts();
  return result.ok
    ? { ok: true as const, value: result.value, logLines }
    : makeFailedOutcome(result, request.requestId, logLines);
}
