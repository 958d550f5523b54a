/**
 * Contexts for calls of one component. A call gets a context that none used before it, so that nothing a function
 * leaves in the global scope reaches another call. Only modules that export `experimental_reuseContext = true` get
 * contexts again, which they share: code that several of them import is loaded and optimized once.
 */
import { idleWork } from "./idle-work";

/** Prepared contexts that a component may have, each one to three MB, and one of its modules. */
const MAX_PREPARED = 16;
const MAX_PREPARED_OF_ONE = 6;

interface Loading {
  /** @throws Error when the module is missing or fails while it loads. */
  load(path: string): unknown;
}

export class ContextPool<T extends Loading> {
  readonly #create: () => T;
  /** Contexts that calls of modules that allow it have used. */
  readonly #used: T[] = [];
  /** Unused contexts by the path of the module they have loaded, the least recently wanted first. */
  readonly #prepared = new Map<string, T[]>();
  /** Contexts that are to be prepared. */
  readonly #noted = new Map<string, number>();
  /** Modules that failed to load ahead: the call that needs one says why. */
  readonly #unprepared = new Set<string>();
  #retired = false;

  constructor(create: () => T) {
    this.#create = create;
  }

  /** A context for a call of `module`, which may have it loaded already. */
  take(module: string, reuses: boolean): T {
    if (reuses) return this.#used.pop() ?? this.#create();
    this.#note(module);
    return this.#prepared.get(module)?.pop() ?? this.#create();
  }

  /** Loads a module that reuses contexts ahead of its first call. */
  warm(module: string): void {
    const context = this.take(module, true);
    context.load(module);
    this.give(context);
  }

  /** Takes back the context of a call that has ended, for later ones of modules that reuse contexts. */
  give(context: T): void {
    this.#used.push(context);
  }

  /** Prepares nothing from now on. */
  retire(): void {
    this.#retired = true;
  }

  /** As many contexts are prepared as were taken since the last quiet moment: a call may call others many times. */
  #note(module: string): void {
    const noted = this.#noted.get(module) ?? 0;
    if (noted >= MAX_PREPARED_OF_ONE) return;
    this.#noted.set(module, noted + 1);
    idleWork.note(() => this.#prepare(module));
  }

  #prepare(module: string): void {
    this.#noted.set(module, (this.#noted.get(module) ?? 1) - 1);
    const prepared = this.#prepared.get(module) ?? [];
    if (this.#retired || prepared.length >= MAX_PREPARED_OF_ONE || this.#unprepared.has(module)) return;
    let context: T;
    try {
      context = this.#create();
      context.load(module);
    } catch {
      this.#unprepared.add(module);
      return;
    }
    this.#prepared.delete(module);
    this.#prepared.set(module, [...prepared, context]);
    let count = 0;
    for (const { length } of this.#prepared.values()) count += length;
    for (const [oldest, contexts] of this.#prepared)
      if (count > MAX_PREPARED && oldest !== module) {
        this.#prepared.delete(oldest);
        count -= contexts.length;
      }
  }
}
