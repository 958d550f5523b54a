/** The realms in which actions of the default runtime run. */
import type { AppRuntime } from "../functions";
import { ContextPool, idleWork } from "../isolate";
import { ActionRealm } from "./action-realm";
import type { ActionServices } from "./action-syscalls";

/**
 * An action has a realm of its own, unless its module exports `experimental_reuseContext = true`: the actions of such
 * modules share one for each component. The hosted platform never reuses the context of an action, so what such a
 * module keeps in its global scope must not matter.
 */
export class ActionRealms {
  readonly #code: AppRuntime;
  readonly #services: ActionServices;
  readonly #pools = new Map<string, ContextPool<ActionRealm>>();
  readonly #lasting = new Map<string, ActionRealm>();

  constructor(code: AppRuntime, services: ActionServices) {
    this.#code = code;
    this.#services = services;
  }

  reuses(component: string, module: string): boolean {
    return this.#code.table.component(component)?.code.analysis[module]?.reusesContext === true;
  }

  /** A realm that no action has used. */
  take(component: string, module: string): ActionRealm {
    let pool = this.#pools.get(component);
    if (!pool) this.#pools.set(component, (pool = new ContextPool(() => this.#create(component))));
    const realm = pool.take(module, false);
    idleWork.schedule();
    return realm;
  }

  /** The realm that actions of modules which reuse contexts share, and in which routes are read. */
  lasting(component: string): ActionRealm {
    let realm = this.#lasting.get(component);
    if (!realm) this.#lasting.set(component, (realm = this.#create(component)));
    return realm;
  }

  /** Called when other code is served. */
  retire(): void {
    for (const pool of this.#pools.values()) pool.retire();
  }

  #create(component: string): ActionRealm {
    const loaded = this.#code.table.component(component);
    if (!loaded) throw new Error(`Component "${component}" is not installed`);
    return new ActionRealm(this.#code, component, loaded.modules, this.#services);
  }
}
