import type { Commit, CommitWriter, Store, Transaction } from "../transactions";
import { type CommitterJob, listWithWrites } from "./committer-job";

/** A transaction of the deployment's own work, under the time limit. */
export class HostJob<T> implements CommitterJob {
  retries = 0;
  #tx: Transaction | null = null;
  #value: { value: T } | { error: unknown } | null = null;
  readonly #store: Store;
  readonly #work: (tx: Transaction) => T;
  readonly #resolve: (value: T) => void;
  readonly #reject: (error: unknown) => void;

  constructor(
    store: Store,
    work: (tx: Transaction) => T,
    resolve: (value: T) => void,
    reject: (error: unknown) => void,
  ) {
    this.#store = store;
    this.#work = work;
    this.#resolve = resolve;
    this.#reject = reject;
  }
  execute(): void {
    this.#tx = this.#store.begin("write", { unlimited: true });
    try {
      this.#value = { value: this.#work(this.#tx) };
    } catch (error) {
      this.#value = { error };
    }
  }
  cut(): void {
    this.#value = { error: new Error("a transaction of the deployment exceeded the time limit") };
  }
  finish(writer: CommitWriter): Commit[] {
    return this.#tx && this.#value && "value" in this.#value ? listWithWrites(writer.commit(this.#tx)) : [];
  }
  answer(): void {
    if (this.#value && "value" in this.#value) this.#resolve(this.#value.value);
    else this.#reject(this.#value?.error);
  }
  abandon(error: unknown): void {
    this.#reject(error);
  }
}

/** A transaction of the deployment that runs as a whole outside the time limit. */
export class LongJob<T> extends HostJob<T> {
  readonly isLong = true;
  override execute(): void {}
  override cut(): void {}
  override finish(writer: CommitWriter): Commit[] {
    super.execute();
    return super.finish(writer);
  }
}
