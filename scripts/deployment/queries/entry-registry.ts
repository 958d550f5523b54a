import type { WrittenKey } from "../transactions";
import type { Entry, Execution } from "./cache-entries";
import { ReadSetIndex } from "./read-set-index";

/** The entries that commits invalidate, by what their executions read; with each the entries it depends on. */
export class EntryRegistry {
  readonly #reads = new ReadSetIndex<Execution>();
  readonly #entries = new Set<Entry>();

  list(): Entry[] {
    return [...this.#entries];
  }

  /** The executions whose reads contain one of the keys. */
  findTouched(writes: readonly WrittenKey[]): Set<Execution> {
    return this.#reads.findTouched(writes);
  }

  add(entry: Entry): void {
    if (entry.registered || !entry.valid) return;
    entry.registered = true;
    this.#entries.add(entry);
    const { entries, reads } = entry.execution;
    if (entries.size === 0) this.#reads.add(entry.execution, reads);
    entries.add(entry);
    for (const inner of entry.inner) {
      inner.outer.add(entry);
      this.add(inner);
    }
  }

  remove(entry: Entry): void {
    if (!entry.registered) return;
    entry.registered = false;
    this.#entries.delete(entry);
    const { entries } = entry.execution;
    entries.delete(entry);
    if (entries.size === 0) {
      this.#reads.remove(entry.execution);
      // Commits no longer invalidate it.
      entry.execution.withdraw?.();
      entry.execution.withdraw = null;
    }
    for (const inner of entry.inner) {
      inner.outer.delete(entry);
      this.removeUnheld(inner);
    }
  }

  /** Removes an entry that no watch, no slot and no other entry holds. */
  removeUnheld(entry: Entry): void {
    if (entry.watchers.size === 0 && entry.slots.length === 0 && entry.outer.size === 0) this.remove(entry);
  }
}
