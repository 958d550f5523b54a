/** Writes that are in the log but not yet in the database, in key order. */
import { createRequire } from "node:module";
import type { Entry } from "./log-records";

// The package is CommonJS with a `default`, which loaders unwrap differently; `require` always gives the same.
const { default: BTree } = createRequire(import.meta.url)("sorted-btree") as typeof import("sorted-btree");

type Value = Uint8Array | null;

const compareKeys = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export class Memtable {
  readonly #tree = new BTree<string, Value>(undefined, compareKeys, 64);
  /** Writes that removed a key. */
  removed = 0;

  get isEmpty(): boolean {
    return this.#tree.isEmpty;
  }

  /** The value; null when removed, undefined when the memtable does not know the key. */
  get(key: string): Value | undefined {
    return this.#tree.get(key);
  }

  set(key: string, value: Value): void {
    this.#tree.set(key, value);
    if (value === null) this.removed++;
  }

  /** As if the key had never been written. */
  forget(key: string): void {
    this.#tree.delete(key);
  }

  hasWithin(start: string, end: string): boolean {
    const next = this.#tree.getPairOrNextHigher(start);
    return next !== undefined && next[0] < end;
  }

  /** Keys in `[start, end)` with their values, from the start or from the end. */
  *within(start: string, end: string, reverse: boolean): Generator<Entry> {
    const pairs = reverse ? this.#tree.entriesReversed(end, undefined, true) : this.#tree.entries(start);
    for (const pair of pairs) {
      if (reverse ? pair[0] < start : pair[0] >= end) return;
      yield pair;
    }
  }

  all(): Iterable<Entry> {
    return this.#tree.entries();
  }
}

/**
 * K-way merge of what several sources know of a range. A source earlier in the list is newer and wins.
 * @returns keys that are there, at most `limit`.
 */
export function mergeKeys(sources: Iterator<Entry, unknown>[], reverse: boolean, limit: number): Buffer[] {
  const heads = sources.map((source) => ({ source, step: source.next() }));
  const keys: Buffer[] = [];
  while (keys.length < limit) {
    let first: Entry | null = null;
    for (const { step } of heads) {
      if (step.done) continue;
      const entry = step.value;
      if (first === null || compareKeys(entry[0], first[0]) * (reverse ? -1 : 1) < 0) first = entry;
    }
    if (first === null) break;
    for (const head of heads) if (!head.step.done && head.step.value[0] === first[0]) head.step = head.source.next();
    if (first[1] !== null) keys.push(Buffer.from(first[0], "latin1"));
  }
  return keys;
}
