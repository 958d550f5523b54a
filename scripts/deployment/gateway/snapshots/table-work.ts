import type { Store } from "../../transactions";

/**
 * Work on whole tables beside what is served, one after the other: imports, and the sweep that removes the rows of
 * replaced tables, of failed imports and of indexes that pushes dropped.
 */
export class TableWork {
  #last: Promise<void> = Promise.resolve();
  #stopped = false;
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Does this after all earlier work, then sweeps. `work` must not throw. */
  run(work: () => Promise<void>): void {
    this.#last = this.#last.then(async () => {
      await work();
      await this.#removeUnserved();
    });
  }

  /** Removes what is no longer served, after the work that is on its way. */
  sweep(): void {
    this.#last = this.#last.then(() => this.#removeUnserved());
  }

  async #removeUnserved(): Promise<void> {
    try {
      while (this.#store.sweep()) await this.pause();
    } catch (error) {
      // It is tried again after the next import or push, or at the next start.
      if (!this.#stopped) console.error("Rows that are no longer served could not be removed:", error);
    }
  }

  /** Lets others work. @throws Error when the deployment is closing. */
  async pause(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    if (this.#stopped) throw new Error("The deployment is closing.");
  }

  /** Ends what is under way, of which nothing is kept if it is an import. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#last;
  }
}
