/**
 * Queries that queries call. Each runs as a query of its own and is kept like one, for whoever calls it next; its caller is
 * kept with what it was answered. A query is deterministic: what it does next depends only on its code, its arguments and the
 * answers so far. So a caller whose calls are all answered as another's were has that one's result, without a run: of a
 * thousand people who watch one thing through a query that first asks another who they are, the first runs it.
 */
import type { FunctionCall, Identity, Json, ReadSet, Store, Tx } from "../types";
import { QueryCache, type Entry, type Execution } from "./cache";
import type { Result } from "./errors";
import { type Code, type QueryCaller, RequestScope } from "./execution";
import type { LoadedFunction } from "./functions";
import { NestedError, runFunction } from "./udf";

/** The function that calls. */
type Caller = Parameters<QueryCaller["call"]>[0];

/** What is called: everything that names its result but who is asking. */
interface Callee {
  key: string;
  fn: LoadedFunction;
  args: Json;
  argsText: string;
}

type Run = { request: RequestScope; tx: Tx; result: Result };

export class NestedQueries implements QueryCaller {
  /** Time of `performance.now()` after which nothing is kept: the watchdog may cut whatever runs from then on. */
  keepUntilMs = 0;
  /** What the calls since `keepUntilMs` was set have read, those that were cut included. */
  opened: ReadSet[] = [];

  constructor(
    private readonly cache: QueryCache,
    private readonly store: Store,
  ) {}

  /**
   * Calls a query for `caller`, a query.
   * @returns the value as Convex JSON text.
   * @throws NestedError when it fails.
   */
  call(caller: Caller, fn: LoadedFunction, args: Json): string {
    const { request } = caller;
    const argsText = JSON.stringify(args);
    const query: Callee = { key: QueryCache.key(fn.component.instance.path, fn.identifier, argsText, null), fn, args, argsText };
    const kept = this.#find(query, request.identity);
    if (kept) return answered(caller, query, kept);
    const run = this.#run(query, request, caller.tx.now, caller.depth + 1);
    const entry = this.#keep(query, run);
    if (entry) return answered(caller, query, entry);
    becomePartOf(caller, run);
    if (!run.result.ok) throw new NestedError(run.result);
    return run.result.value;
  }

  /** The entries that stand in for the calls of `execution` when `call`'s caller makes them; null where one is answered otherwise. */
  answersAsIn(execution: Execution, call: FunctionCall, code: Code): Entry[] | null {
    const entries: Entry[] = [];
    for (const { query: called, entry } of execution.calls) {
      const query = called as Callee;
      const own = this.#find(query, call.identity) ?? this.#fresh(query, call, code);
      if (!own || valueOf(own) !== valueOf(entry)) return null;
      entries.push(own);
    }
    return entries;
  }

  #fresh(query: Callee, call: FunctionCall, code: Code): Entry | null {
    const request = new RequestScope(code, call.identity, call.client, call.job, call.requestId, null);
    request.nested = this;
    return this.#keep(query, this.#run(query, request, undefined, 1));
  }

  #find(query: Callee, identity: Identity | null): Entry | null {
    const entry = this.cache.find(query.key, identity, true);
    if (!entry) return null;
    const { outcome, sawClock } = entry.execution;
    return outcome.ok && outcome.logLines.length === 0 && !sawClock ? entry : null;
  }

  #run({ fn, args, argsText }: Callee, caller: RequestScope, now: number | undefined, depth: number): Run {
    const request = new RequestScope(caller.code, caller.identity, caller.client, caller.job, caller.requestId, null);
    request.nested = this;
    const tx = this.store.begin("read", { now });
    this.opened.push(tx.reads);
    return { request, tx, result: runFunction(request, fn, args, argsText, tx, depth) };
  }

  /** Null for what must be seen as part of its caller: failures, what was logged, and what the clock or chance decided. */
  #keep({ fn, argsText }: Callee, { request, tx, result }: Run): Entry | null {
    const { identity, time, random } = request.observed;
    if (!result.ok || time || random || request.logs.texts().length > 0 || performance.now() > this.keepUntilMs) return null;
    return this.cache.store(fn.component.instance.path, fn.identifier, argsText, null, request.identity, {
      outcome: { ok: true, value: result.value, logLines: [] },
      reads: tx.reads,
      calls: request.calls,
      cost: tx.metrics,
      journal: null,
      sawIdentity: identity,
      sawClock: false,
      keep: true,
    });
  }
}

const valueOf = ({ execution: { outcome } }: Entry): string | null => (outcome.ok ? outcome.value : null);

function answered({ request, tx }: Caller, query: Callee, entry: Entry): string {
  request.calls.push({ query, entry });
  tx.charge(entry.execution.cost);
  return valueOf(entry) as string;
}

/** Adds `more` to `reads`. */
export function addReads(reads: ReadSet, more: ReadSet): void {
  for (const [index, ranges] of more) reads.set(index, [...(reads.get(index) ?? []), ...ranges]);
}

function becomePartOf({ request, tx }: Caller, run: Run): void {
  addReads(tx.reads, run.tx.reads);
  request.calls.push(...run.request.calls);
  const { observed, logs } = run.request;
  request.observed.identity ||= observed.identity;
  request.observed.time ||= observed.time;
  request.observed.random ||= observed.random;
  request.logs.append(logs);
  tx.charge(run.tx.metrics);
}
