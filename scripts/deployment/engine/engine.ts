/** Puts together everything that executes functions. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Actions, type ActionServices, NodePool } from "../actions";
import {
  type ClientInfo,
  AppRuntime,
  ExecutionLog,
  type FunctionCall,
  FunctionHandles,
  type FunctionHost,
  FunctionTable,
  type AppSources,
  type LogRecord,
  type MutationOutcome,
  type Outcome,
  type QueryOutcome,
} from "../functions";
import type { Identity } from "../identity";
import { type EvaluatedModule, type ModuleSource, prepareModules, TimeLimit, watchUnhandledErrors } from "../isolate";
import { Queries, QueryCache, runPastQuery, type Watch } from "../queries";
import type { Commit, Store, Transaction } from "../transactions";
import { Committer } from "./committer";
import { evaluateModules } from "./evaluate";
import type { MutationHooks } from "./mutation-job";

const DEFAULT_TIMEOUT_MS = 1_000;
const DEFAULT_CACHE_BYTES = 64 * 1024 * 1024;
const NO_APP: AppSources = {
  definitions: {},
  components: [],
  nodeModulesDir: null,
};

export function createEngine(store: Store, options: EngineOptions): Engine {
  const timeoutMs = options.functionTimeoutMs ?? DEFAULT_TIMEOUT_MS;
  const handles = new FunctionHandles(store.meta);
  const limit = new TimeLimit();
  const log = new ExecutionLog();
  const cache = new QueryCache(options.cacheBytes ?? DEFAULT_CACHE_BYTES);
  const commitListeners: (() => void)[] = [];
  const workDir = options.workDir ?? mkdtempSync(join(tmpdir(), "convex-node-"));
  // Files of an earlier run belong to workers that are gone; what is needed is written again on first use.
  if (options.workDir) rmSync(options.workDir, { recursive: true, force: true });
  const stopWatchingErrors = watchUnhandledErrors();

  let code = new AppRuntime(new FunctionTable(NO_APP, handles), options);
  const queries = new Queries(code, { cache, limit, log, timeoutMs });
  const committer = new Committer({ store, code: () => code, limit, log, timeoutMs, onCommitted });
  const services: ActionServices = {
    query: (call) => queries.queryInBatch(call),
    mutation: (call) => committer.mutation(call),
    action: (call) => actions.run(call),
    transact: (work) => committer.transact(work),
  };
  let node = nodePool();
  let actions = new Actions(code, services, log, node);

  let closed = false;

  function onCommitted(commits: Commit[]): void {
    queries.announce(cache.invalidate(commits));
    for (const listener of commitListeners) listener();
  }

  function nodePool(): NodePool {
    const modules = Object.values(code.table.app.definitions).flatMap((definition) => definition.modules);
    const { nodeModulesDir } = code.table.app;
    return new NodePool({ root: workDir, modules, nodeModulesDir, env: options.environment(), services });
  }

  /** Fresh sandboxes, realms and workers; calls in progress end on the old ones. */
  function serve(table: FunctionTable): void {
    code.retire();
    actions.retire();
    code = new AppRuntime(table, options);
    node.retire();
    node = nodePool();
    actions = new Actions(code, services, log, node);
    queries.replaceCode(code);
    store.forgetPast();
    warmUp(code, actions);
  }

  function warmUp(served: AppRuntime, servedActions: Actions): void {
    const steps: Iterator<() => void>[] = [servedActions.warmUp(), served.warmUp()];
    const next = (): void => {
      const step = steps[0]?.next();
      if (!step || code !== served || closed) return;
      if (step.done) steps.shift();
      try {
        if (!step.done) step.value();
      } catch {
        // The call that needs the module fails in the same way, and says so to its caller.
      }
      setImmediate(next);
    };
    setImmediate(next);
  }

  return {
    query: (call, journal) => queries.query(call, journal ?? null),
    watch: (call, journal, onDirty) => queries.watch(call, journal, onDirty),
    queryAt: (call, ts) => runPastQuery(code, call, ts, { limit, log, timeoutMs }),
    mutation: (call, clientRequest) => committer.mutation(call, clientRequest),
    mutationWith: (call, hooks) => committer.mutationWith(call, hooks),
    transact: (work) => committer.transact(work),
    transactAtLength: (work) => committer.transactAtLength(work),
    onCommit: (listener) => void commitListeners.push(listener),
    action: (call) => actions.run(call),
    httpAction: (request, identity, client) => actions.runHttp(request, identity, client),
    resolve(component, path, reach) {
      const fn = code.table.find(component, path, reach);
      return typeof fn === "string" ? null : fn.udfType;
    },
    prepare: (app) => prepareModules(Object.values(app.definitions).flatMap((definition) => definition.modules)),
    load: (app) => serve(new FunctionTable(app, handles)),
    environmentChanged: () => serve(new FunctionTable(code.table.app, handles)),
    evaluate: evaluateModules,
    onLog: (listener) => log.listen(listener),
    async close() {
      closed = true;
      code.retire();
      actions.retire();
      await committer.idle();
      await node.stop();
      stopWatchingErrors();
      if (!options.workDir) rmSync(workDir, { recursive: true, force: true });
    },
  };
}

export interface Engine {
  /** One-off query through the same cache as watches: equal calls between two relevant writes run once. */
  query(call: FunctionCall, journal?: string | null): QueryOutcome;
  /** A query as of an earlier time of `store.keepTs`; null when that is too long ago, or before the served code. */
  queryAt(call: FunctionCall, ts: bigint): QueryOutcome | null;
  watch(call: FunctionCall, journal: string | null, onDirty: () => void): Watch;
  /**
   * Queued for the next group commit; resolves when durable. `clientRequest` makes it exactly-once: a repeat gets the
   * stored outcome.
   */
  mutation(call: FunctionCall, clientRequest?: { sessionId: string; requestId: number }): Promise<MutationOutcome>;
  /** A mutation with bookkeeping (scheduled jobs); null when `admit` refused. */
  mutationWith(call: FunctionCall, hooks: MutationHooks): Promise<MutationOutcome | null>;
  /**
   * The deployment's own work as one transaction of the next group commit; invalidates like a mutation. A throw drops
   * it.
   */
  transact<T>(work: (tx: Transaction) => T): Promise<T>;
  /**
   * As `transact`, for work that has no time limit. It must not throw once it has changed more than what is in the
   * transaction.
   */
  transactAtLength<T>(work: (tx: Transaction) => T): Promise<T>;
  /** Called after every group commit with writes, once its watches are dirty. For native queries (tables, files). */
  onCommit(listener: () => void): void;
  action(call: FunctionCall): Promise<Outcome>;
  /**
   * Routes through the app's `http.ts` (and components' with a prefix). Null when the app has none or nothing matches.
   */
  httpAction(request: Request, identity: Identity | null, client?: ClientInfo): Promise<Response | null>;
  /** The kind of a function, or null; `reach` decides whether internal ones are found. */
  resolve(component: string, path: string, reach: "public" | "all"): "query" | "mutation" | "action" | null;
  /** Compiles modules ahead, so that `load` and the first calls need not. */
  prepare(app: AppSources): Promise<void>;
  /** Serves this code from now on; every cache entry and watch becomes dirty. Called once the code is stored. */
  load(app: AppSources): void;
  /** Call when the answer of `environment()` has changed: functions, watches and workers start afresh. */
  environmentChanged(): void;
  /** Evaluate modules without serving them, for push analysis. Throws with a readable message. */
  evaluate(
    modules: ModuleSource[],
    env: Record<string, string>,
    options: { component: string; nodeModulesDir?: string | null },
  ): Promise<EvaluatedModule[]>;
  /** `onLog` gets one record per finished execution, and per line for actions in progress. */
  onLog(listener: (record: LogRecord) => void): void;
  close(): Promise<void>;
}

/** The surroundings and limits of an engine. */
export interface EngineOptions extends FunctionHost {
  /** Time limit of a query or mutation, ms (1,000). */
  functionTimeoutMs?: number;
  /** Memory for cached query results, bytes (64 MiB). */
  cacheBytes?: number;
  /** The folder for modules of "use node" actions; a temporary folder when absent. */
  workDir?: string;
}
