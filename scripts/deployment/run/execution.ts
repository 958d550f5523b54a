/** What one request carries through all the functions it runs. */
import { randomHex } from "./random";
import type { ClientInfo, EngineOptions, FunctionCall, Identity, Json, Metrics, PageJournal, Tx } from "../types";
import type { Entry } from "./cache";
import { LogLines } from "./console";
import { environmentOf, type FunctionTable, type LoadedFunction } from "./functions";
import { Sandbox, SandboxPool } from "./sandbox";

/** The code that is served, with everything derived from it. Replaced as a whole by a push or a change of environment. */
export class Code {
  readonly #pools = new Map<string, SandboxPool>();
  readonly #environments = new Map<string, (name: string) => string | undefined>();
  readonly #variables: Record<string, string>;

  constructor(
    readonly table: FunctionTable,
    readonly options: EngineOptions,
  ) {
    this.#variables = options.environment();
  }

  /** Sandboxes are kept by component instance, not by definition: modules may read their environment while loading. */
  pool(component: string): SandboxPool {
    let pool = this.#pools.get(component);
    if (!pool) {
      const loaded = this.table.component(component);
      if (!loaded) throw new Error(`Component "${component}" is not installed`);
      const env = this.environment(component);
      pool = new SandboxPool(() => new Sandbox(loaded.modules, env));
      this.#pools.set(component, pool);
    }
    return pool;
  }

  /**
   * What makes the first calls as quick as later ones, in small steps: a sandbox for each component with its modules
   * loaded. It matters for more than speed, since loading counts against the time limit of the call that needs it.
   */
  *warmUp(): Generator<() => void> {
    for (const component of this.table.components()) {
      const modules = new Set<string>();
      for (const fn of component.functions.values()) {
        if (fn.environment === "isolate" && fn.udfType !== "action") modules.add(fn.module);
      }
      if (modules.size === 0) continue;
      const pool = this.pool(component.instance.path);
      let sandbox: Sandbox | null = null;
      for (const path of modules) yield () => (sandbox ??= pool.take()).load(path);
      yield () => sandbox && pool.give(sandbox);
    }
  }

  environment(component: string): (name: string) => string | undefined {
    let env = this.#environments.get(component);
    if (!env) this.#environments.set(component, (env = environmentOf(this.table, component, this.#variables)));
    return env;
  }
}

/** What answered a query's call of another. */
export interface Answer {
  /** Null until the cache has it. */
  entry: Entry | null;
  readonly value: string;
  /** What finding it read. */
  readonly cost: Partial<Metrics>;
  /** Whether it may differ for other callers. */
  readonly isPersonal: boolean;
}

export interface Call {
  /** What was called; for who answers to know. */
  readonly query: unknown;
  readonly answer: Answer;
}

/** Runs a query for a query, `caller`; anonymous ones do not learn who is asking. @returns the value as Convex JSON text. */
export interface QueryCaller {
  call(
    caller: { request: RequestScope; tx: Tx; depth: number; isAnonymous: boolean },
    fn: LoadedFunction,
    args: Json,
    isAnonymous: boolean,
  ): string;
}

/** One request: the outermost call and what its nested calls share. */
export class RequestScope {
  #requestId: string | undefined;
  readonly logs = new LogLines();
  /** What the result depends on besides data, arguments and code. */
  readonly observed = { identity: false, time: false, random: false };
  readonly journal: PageJournal;
  #executionId: string | undefined;
  /** Set for queries: runs the queries that this one calls. */
  nested: QueryCaller | null = null;
  /** The queries called through `nested` so far. */
  readonly calls: Call[] = [];

  constructor(
    readonly code: Code,
    readonly identity: Identity | null,
    readonly client: ClientInfo | undefined,
    readonly job: FunctionCall["job"],
    requestId: string | undefined,
    journal: string | null,
  ) {
    this.#requestId = requestId;
    this.journal = { previous: journal, next: null };
  }

  get executionId(): string {
    return (this.#executionId ??= randomHex(16));
  }

  /** Made when first asked for: most requests succeed and need none. */
  get requestId(): string {
    return (this.#requestId ??= randomHex(8));
  }
}
