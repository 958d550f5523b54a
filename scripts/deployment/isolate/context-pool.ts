/**
 * Contexts for calls of one component. A call gets a context that none used before it, so that nothing a function leaves
 * in the global scope reaches another call. Only a module that exports `experimental_reuseContext = true` gets its own
 * contexts again, as on the hosted platform.
 */
import { idleWork } from "./idle-work";

/** Prepared contexts a component may have, each a few MB. */
const MAX_PREPARED = 8;

interface Loading {
  /** @throws Error when the module is missing or fails while it loads. */
  load(path: string): unknown;
}

export class ContextPool<T extends Loading> {
  readonly #create: () => T;
  /** Contexts that calls have used, by the path of the module that allows it. */
  readonly #used = new Map<string, T[]>();
  /** Unused contexts by the path of the module they have loaded, the least recently wanted first. */
  readonly #prepared = new Map<string, T>();
  /** Modules that failed to load ahead: the call that needs one says why. */
  readonly #unprepared = new Set<string>();
  #retired = false;

  constructor(create: () => T) {
    this.#create = create;
  }

  /** A context for a call of `module`, which may have it loaded already. */
  take(module: string, reuses: boolean): T {
    if (reuses) return this.#used.get(module)?.pop() ?? this.#create();
    const prepared = this.#prepared.get(module);
    this.#prepared.delete(module);
    idleWork.note(() => this.#prepare(module));
    return prepared ?? this.#create();
  }

  /** Takes back the context of a call that has ended, for later ones of a module that reuses its contexts. */
  give(module: string, context: T): void {
    const idle = this.#used.get(module);
    if (idle) idle.push(context);
    else this.#used.set(module, [context]);
  }

  /** Prepares nothing from now on. */
  retire(): void {
    this.#retired = true;
  }

  #prepare(module: string): void {
    if (this.#retired || this.#prepared.has(module) || this.#unprepared.has(module)) return;
    const context = this.#create();
    try {
      context.load(module);
    } catch {
      this.#unprepared.add(module);
      return;
    }
    this.#prepared.set(module, context);
    const [oldest] = this.#prepared.keys();
    if (this.#prepared.size > MAX_PREPARED && oldest !== undefined) this.#prepared.delete(oldest);
  }
}
