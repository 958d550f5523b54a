import { ContextPool, operationTime, Sandbox } from "../isolate";
import { makeEnvironment, type FunctionTable } from "./function-table";
import type { FunctionHost } from "./host";

/**
 * The code that is served, with everything derived from it. Replaced as a whole by a push or a change of environment.
 */
export class Code {
  readonly #pools = new Map<string, ContextPool<Sandbox>>();
  readonly #environments = new Map<string, (name: string) => string | undefined>();
  readonly #variables: Record<string, string>;

  constructor(
    readonly table: FunctionTable,
    readonly options: FunctionHost,
  ) {
    this.#variables = options.environment();
  }

  /** Sandboxes are kept by component instance, not by definition: modules may read their environment while loading. */
  pool(component: string): ContextPool<Sandbox> {
    let pool = this.#pools.get(component);
    if (!pool) {
      const loaded = this.table.component(component);
      if (!loaded) throw new Error(`Component "${component}" is not installed`);
      const env = this.environment(component);
      pool = new ContextPool(() => operationTime.measure(() => new Sandbox(loaded.modules, env)));
      this.#pools.set(component, pool);
    }
    return pool;
  }

  /**
   * Steps that make the first calls quicker: each module is loaded once, in a sandbox that no call gets, so that its
   * code is compiled. They matter for more than speed, since loading counts against the time limit of the call.
   */
  *warmUp(): Generator<() => void> {
    for (const component of this.table.components()) {
      const modules = new Set<string>();
      for (const fn of component.functions.values()) {
        if (fn.environment === "isolate" && fn.udfType !== "action") modules.add(fn.module);
      }
      if (modules.size === 0) continue;
      let sandbox: Sandbox | null = null;
      for (const path of modules)
        yield () => {
          sandbox ??= new Sandbox(component.modules, this.environment(component.instance.path));
          sandbox.load(path);
        };
    }
  }

  /** Called when other code is served. */
  retire(): void {
    for (const pool of this.#pools.values()) pool.retire();
  }

  environment(component: string): (name: string) => string | undefined {
    let env = this.#environments.get(component);
    if (!env) this.#environments.set(component, (env = makeEnvironment(this.table, component, this.#variables)));
    return env;
  }
}
