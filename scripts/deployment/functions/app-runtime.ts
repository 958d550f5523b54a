import { ContextPool, operationTime, Sandbox } from "../isolate";
import { makeEnvironment, type FunctionTable } from "./function-table";
import type { FunctionHost } from "./host";

/**
 * The code that is served, with everything derived from it. Replaced as a whole by a push or a change of environment.
 */
export class AppRuntime {
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
   * Steps that make the first calls quicker: each module is loaded once, so that its code is compiled; those that reuse
   * contexts in the one that their first call gets, the others in one that no call gets. They matter for more than
   * speed, since loading counts against the time limit of the call.
   */
  *warmUp(): Generator<() => void> {
    for (const component of this.table.components()) {
      const { path } = component.instance;
      const reuses = new Map<string, boolean>();
      for (const fn of component.functions.values())
        if (fn.environment === "isolate" && fn.udfType !== "action") reuses.set(fn.module, fn.reusesContext);
      let unused: Sandbox | null = null;
      for (const [module, isReusing] of reuses)
        yield () => {
          if (isReusing) this.pool(path).warm(module);
          else (unused ??= new Sandbox(component.modules, this.environment(path))).load(module);
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
