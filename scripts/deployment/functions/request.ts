/** The state that one request carries through all the functions it runs. */
import type { Identity } from "../identity";
import { makeRandomHex } from "../lib";
import type { Metrics, PageJournal, Transaction } from "../transactions";
import type { Json } from "../values";
import type { ClientInfo, FunctionCall } from "./call";
import type { AppRuntime } from "./app-runtime";
import type { LoadedFunction } from "./function-table";
import { LogLines } from "./log-lines";

/** The answer to a query's call of another query. */
export interface Answer {
  readonly value: string;
  /** The metrics of finding it. */
  readonly cost: Partial<Metrics>;
  /** Whether it may differ for other callers. */
  readonly isPersonal: boolean;
}

export interface Call {
  /** The called query, as the `QueryCaller` describes it. */
  readonly query: unknown;
  readonly answer: Answer;
}

/**
 * Runs a query for a query, `caller`; anonymous ones do not learn who is asking.
 * @returns the value as Convex JSON text.
 */
export interface QueryCaller {
  call(
    caller: { request: RequestScope; tx: Transaction; depth: number; isAnonymous: boolean },
    fn: LoadedFunction,
    args: Json,
    isAnonymous: boolean,
  ): string;
}

/** The part of a call that all functions of a request share. */
type RequestCaller = Pick<FunctionCall, "identity" | "client" | "job" | "requestId">;

/** One request: the outermost call and what its nested calls share. */
export class RequestScope {
  readonly code: AppRuntime;
  readonly identity: Identity | null;
  readonly client: ClientInfo | undefined;
  readonly job: FunctionCall["job"];
  #requestId: string | undefined;
  readonly logs = new LogLines();
  /** The inputs of the result besides data, arguments and code. */
  readonly observed = { identity: false, time: false, random: false };
  readonly journal: PageJournal;
  #executionId: string | undefined;
  /** Set for queries: runs the queries that this one calls. */
  nested: QueryCaller | null = null;
  /** The queries called through `nested` so far. */
  readonly calls: Call[] = [];

  constructor(code: AppRuntime, caller: RequestCaller, journal: string | null = null) {
    this.code = code;
    this.identity = caller.identity;
    this.client = caller.client;
    this.job = caller.job;
    this.#requestId = caller.requestId;
    this.journal = { previous: journal, next: null };
  }

  get executionId(): string {
    return (this.#executionId ??= makeRandomHex(16));
  }

  /** Made when first asked for: most requests succeed and need none. */
  get requestId(): string {
    return (this.#requestId ??= makeRandomHex(8));
  }
}
