import type { StoredDocument } from "./document";
import type { Table } from "./table";

/** Is shown the writes to the tables of the catalog. */
export interface WriteObserver {
  /** Called for every document a commit writes, whether the commit succeeds or not. */
  observeWrite(table: Table, document: StoredDocument): void;
  /** A table of the component was replaced: neither its rows nor its indexes are those that were seen. */
  restart(component: string): void;
}

/** The observers of writes. One that is removed inside a commit comes back when that is abandoned. */
export class WriteObservers {
  readonly #observers = new Set<WriteObserver>();
  #removed: WriteObserver[] = [];

  add(observer: WriteObserver): void {
    this.#observers.add(observer);
  }

  /** Removes an observer, provided that the commit succeeds. */
  remove(observer: WriteObserver): void {
    if (this.#observers.delete(observer)) this.#removed.push(observer);
  }

  /** Called when the commit has succeeded. */
  keepRemoved(): void {
    if (this.#removed.length > 0) this.#removed = [];
  }

  /** Called when the commit was abandoned. */
  restoreRemoved(): void {
    for (const observer of this.#removed) this.#observers.add(observer);
    this.#removed = [];
  }

  /** Called for each document that a commit writes; null stands for one that it removes. */
  notify(table: Table, document: StoredDocument | null): void {
    if (document && this.#observers.size > 0)
      for (const observer of this.#observers) observer.observeWrite(table, document);
  }

  restart(component: string): void {
    for (const observer of this.#observers) observer.restart(component);
  }
}
