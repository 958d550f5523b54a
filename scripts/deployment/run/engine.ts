/** The engine: everything that executes functions, put together. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Commit, Engine, EngineOptions, LoadedApp, Store } from "../types";
import { Actions } from "./actions";
import type { ActionServices } from "./action-syscalls";
import { QueryCache } from "./cache";
import { evaluateModules } from "./evaluate";
import { Code } from "./execution";
import { FunctionHandles, FunctionTable } from "./functions";
import { Guard } from "./guard";
import { ExecutionLog } from "./log";
import { prepareModules } from "./modules";
import { NodePool } from "./node-pool";
import { Queries } from "./queries";
import { watchStrays } from "./strays";
import { Turns } from "./turns";

const defaultTimeoutMs = 1_000;
const defaultCacheBytes = 64 * 1024 * 1024;
const nothing: LoadedApp = {
  definitions: {},
  components: [],
  nodeModulesDir: null,
};

export function createEngine(store: Store, options: EngineOptions): Engine {
  const timeoutMs = options.functionTimeoutMs ?? defaultTimeoutMs;
  const handles = new FunctionHandles(store.meta);
  const guard = new Guard();
  const log = new ExecutionLog();
  const cache = new QueryCache(options.cacheBytes ?? defaultCacheBytes);
  const commitListeners: (() => void)[] = [];
  const workDir = options.workDir ?? mkdtempSync(join(tmpdir(), "convex-node-"));
  // Versions of earlier runs; what is needed is written again on first use.
  if (options.workDir) rmSync(options.workDir, { recursive: true, force: true });
  const stopWatchingStrays = watchStrays();

  let code = new Code(new FunctionTable(nothing, handles), options);
  const queries = new Queries(code, cache, guard, log, timeoutMs);
  const turns = new Turns(store, () => code, guard, log, timeoutMs, committed);
  const services: ActionServices = {
    query: (call) => queries.queryInBatch(call),
    mutation: (call) => turns.mutation(call),
    action: (call) => actions.run(call),
    transact: (work) => turns.transact(work),
  };
  let node = nodePool();
  let actions = new Actions(code, services, log, node);

  let closed = false;

  function committed(commits: Commit[]): void {
    queries.announce(cache.invalidate(commits));
    for (const listener of commitListeners) listener();
  }

  function nodePool(): NodePool {
    const modules = Object.values(code.table.app.definitions).flatMap((definition) => definition.modules);
    return new NodePool(workDir, modules, code.table.app.nodeModulesDir, options.environment(), services);
  }

  /** Fresh sandboxes, realms and workers; calls in progress end on the old ones. */
  function serve(table: FunctionTable): void {
    code = new Code(table, options);
    node.retire();
    node = nodePool();
    actions = new Actions(code, services, log, node);
    queries.replaceCode(code);
    warmUp(code, actions);
  }

  function warmUp(served: Code, servedActions: Actions): void {
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
    mutation: (call, session) => turns.mutation(call, session),
    mutationWith: (call, hooks) => turns.mutationWith(call, hooks),
    transact: (work) => turns.transact(work),
    transactAtLength: (work) => turns.transactAtLength(work),
    onCommit: (listener) => void commitListeners.push(listener),
    action: (call) => actions.run(call),
    httpAction: (request, identity, client) => actions.http(request, identity, client),
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
      await turns.idle();
      await node.stop();
      stopWatchingStrays();
      if (!options.workDir) rmSync(workDir, { recursive: true, force: true });
    },
  };
}
