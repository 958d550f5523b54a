/**
 * Queries that queries call. Each runs as a query of its own and is cached like one, for its next caller; its caller is
 * kept with what it was answered. A query is deterministic: what it does next depends only on its code, its arguments
 * and the answers so far. So a caller whose calls are all answered as another's were has that one's result, without a
 * run: of a thousand people who watch one thing through a query that first asks another who they are, the first runs
 * it.
 */
import {
  type Answer,
  type Call,
  type AppRuntime,
  type FunctionCall,
  type LoadedFunction,
  NestedError,
  type QueryCaller,
  RequestScope,
  type Result,
  runFunction,
} from "../functions";
import type { Identity } from "../identity";
import type { ReadSet, Store, Transaction } from "../transactions";
import type { Json } from "../values";
import type { Entry, NestedCall } from "./cache-entries";
import type { Callee } from "./callee";
import { QueryCache } from "./query-cache";

/** The calling function. */
type Caller = Parameters<QueryCaller["call"]>[0];

interface Run {
  request: RequestScope;
  tx: Transaction;
  result: Result;
}
/** An answer that the cache has, or gets when the batch is over. */
export interface CachedAnswer extends Answer {
  /** Null until the cache has it. */
  entry: Entry | null;
}

/** A result that the cache gets when the batch is over. */
type Pending = CachedAnswer & { query: Callee; run: Run };

/** The inner queries of one batch. The time limit may end it anywhere: until `settle` nothing is put into the cache. */
export class NestedQueries implements QueryCaller {
  /** The read sets of all inner queries, including those that were cut. */
  readonly opened: ReadSet[] = [];
  /** In the order in which they ended: what one called comes before it. */
  readonly #pending: Pending[] = [];
  readonly #found = new Map<string, Pending>();
  readonly #cache: QueryCache;
  readonly #store: Store;

  constructor(cache: QueryCache, store: Store) {
    this.#cache = cache;
    this.#store = store;
  }

  /**
   * Calls a query for `caller`, a query.
   * @returns the value as Convex JSON text.
   * @throws NestedError when it fails.
   */
  call(caller: Caller, fn: LoadedFunction, args: Json, isAnonymous: boolean): string {
    const { request, tx } = caller;
    const argsText = JSON.stringify(args);
    const query: Callee = {
      key: QueryCache.makeKey(fn.component.instance.path, fn.identifier, argsText, null),
      fn,
      args,
      argsText,
      isAnonymous,
    };
    const known = this.#find(query, request.identity);
    const run = known ? null : this.#run(query, request, tx.now, caller.depth + 1);
    const answer = known ?? this.#note(query, run as Run);
    if (answer) {
      request.calls.push({ query, answer });
      tx.charge(answer.cost);
      return answer.value;
    }
    const { result } = run as Run;
    addToCaller(caller, run as Run);
    if (!result.ok) throw new NestedError(result);
    return result.value;
  }

  /** The answer for the caller of `call`; null when it must be seen as part of its caller. */
  answer(query: Callee, call: FunctionCall, code: AppRuntime): CachedAnswer | null {
    const known = this.#find(query, call.identity);
    if (known) return known;
    const request = new RequestScope(code, call);
    return this.#note(query, this.#run(query, request, undefined, 1));
  }

  /** After the batch: everything goes into the cache. */
  settle(): void {
    for (const pending of this.#pending) {
      const { fn, argsText, isAnonymous } = pending.query;
      const { request, tx } = pending.run;
      pending.entry = this.#cache.store(
        { component: fn.component.instance.path, identifier: fn.identifier, argsText, journal: null },
        isAnonymous ? null : request.identity,
        {
          outcome: { ok: true, value: pending.value, logLines: [] },
          reads: tx.reads,
          calls: listKeptCalls(request.calls),
          cost: tx.metrics,
          journal: null,
          sawIdentity: request.observed.identity,
          sawClock: false,
          keep: true,
        },
      );
    }
  }

  #find({ key, isAnonymous }: Callee, caller: Identity | null): CachedAnswer | null {
    const identity = isAnonymous ? null : caller;
    const pending = this.#found.get(key) ?? this.#found.get(makePersonalKey(key, identity));
    if (pending) return pending;
    const entry = this.#cache.find(key, identity, true);
    if (!entry) return null;
    const { outcome, sawClock, cost } = entry.execution;
    if (!outcome.ok || outcome.logLines.length > 0 || sawClock) return null;
    return { entry, value: outcome.value, cost, isPersonal: entry.identityKey !== null };
  }

  #run({ fn, args, argsText, isAnonymous }: Callee, caller: RequestScope, now: number | undefined, depth: number): Run {
    const request = new RequestScope(caller.code, caller);
    request.nested = this;
    const tx = this.#store.begin("read", { now });
    this.opened.push(tx.reads);
    return { request, tx, result: runFunction(request, { fn, args, argsText, depth, isAnonymous }, tx) };
  }

  /**
   * Null for what must be seen as part of its caller: failures, what was logged, and what the clock or chance decided.
   */
  #note(query: Callee, run: Run): Pending | null {
    const { request, tx, result } = run;
    const { identity, time, random } = request.observed;
    if (!result.ok || time || random || request.logs.lines.length > 0) return null;
    const isPersonal = identity || request.calls.some((call) => dependsOnCaller(call, query.isAnonymous));
    const pending: Pending = { entry: null, value: result.value, cost: tx.metrics, isPersonal, query, run };
    this.#pending.push(pending);
    this.#found.set(
      isPersonal ? makePersonalKey(query.key, query.isAnonymous ? null : request.identity) : query.key,
      pending,
    );
    return pending;
  }
}

/** An anonymous call has the same answer for every caller of the query that makes it. */
const dependsOnCaller = ({ query, answer }: Call, isAnonymous: boolean): boolean =>
  answer.isPersonal && (isAnonymous || !(query as Callee).isAnonymous);

const makePersonalKey = (key: string, identity: Identity | null): string => `${identity?.key ?? ""}\n\n${key}`;

/** Calls as the cache keeps them, once it has what answered them. */
export const listKeptCalls = (calls: readonly Call[]): NestedCall[] =>
  calls.map(({ query, answer }) => ({
    query: query as Callee,
    value: answer.value,
    entry: (answer as CachedAnswer).entry as Entry,
  }));

/** Adds `more` to `reads`. */
export function addReads(reads: ReadSet, more: ReadSet): void {
  for (const [index, ranges] of more) reads.set(index, [...(reads.get(index) ?? []), ...ranges]);
}

function addToCaller({ request, tx }: Caller, run: Run): void {
  addReads(tx.reads, run.tx.reads);
  request.calls.push(...run.request.calls);
  const { observed, logs } = run.request;
  request.observed.identity ||= observed.identity;
  request.observed.time ||= observed.time;
  request.observed.random ||= observed.random;
  request.logs.append(logs);
  tx.charge(run.tx.metrics);
}
