import { Sandbox, SandboxPool } from "../isolate";
import { makeEnvironment, type FunctionTable } from "./function-table";
import type { FunctionHost } from "./host";

/**
 * The code that is served, with everything derived from it. Replaced as a whole by a push or a change of environment.
 */
export class Code {
  readonly #pools = new Map<string, SandboxPool>();
  readonly #environments = new Map<string, (name: string) => string | undefined>();
  readonly #variables: Record<string, string>;

  constructor(
    readonly table: FunctionTable,
    readonly options: FunctionHost,
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
   * Steps that make the first calls as quick as later ones: a sandbox for each component with its modules loaded. They
   * matter for more than speed, since loading counts against the time limit of the call that needs it.
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
    if (!env) this.#environments.set(component, (env = makeEnvironment(this.table, component, this.#variables)));
    return env;
  }
}
