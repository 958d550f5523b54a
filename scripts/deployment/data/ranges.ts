import type { KeyRange, ReadSet, WrittenKey } from "../types";

/** The smallest key above `key`: ends the interval that holds exactly it. */
export function successor(key: Uint8Array): Buffer {
  const next = Buffer.allocUnsafe(key.length + 1);
  next.set(key);
  next[key.length] = 0;
  return next;
}

const text = (key: Uint8Array): string =>
  Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString("latin1");

/** The one key an interval holds, or null when it can hold more. */
function pointOf({ start, end }: KeyRange): string | null {
  if (!end || end.length !== start.length + 1 || end[start.length] !== 0) return null;
  return Buffer.compare(end.subarray(0, start.length), start) === 0 ? text(start) : null;
}

type Interval<Token> = { start: string; end: string | null; token: Token };

/** The intervals and points of one index. Keys are compared as latin1 text, which orders like their bytes. */
class IndexIntervals<Token> {
  readonly points = new Map<string, Set<Token>>();
  /** Sorted by start once `sorted`; `maxEnd[i]` is the largest end among the first i+1. */
  private intervals: Interval<Token>[] = [];
  private maxEnd: (string | null)[] = [];
  private sorted = true;
  private removed = new Set<Interval<Token>>();

  add(interval: Interval<Token>): void {
    this.intervals.push(interval);
    this.sorted = false;
  }

  remove(interval: Interval<Token>): void {
    this.removed.add(interval);
    if (this.removed.size > 64 && this.removed.size * 2 > this.intervals.length) this.compact();
  }

  get empty(): boolean {
    return this.points.size === 0 && this.intervals.length === this.removed.size;
  }

  stab(key: string, found: Set<Token>): void {
    for (const token of this.points.get(key) ?? []) found.add(token);
    if (!this.sorted) this.compact();
    for (let i = this.lastStartingAtOrBefore(key); i >= 0; i--) {
      const reach = this.maxEnd[i];
      if (reach !== null && reach !== undefined && reach <= key) break;
      const interval = this.intervals[i]!;
      if ((interval.end === null || interval.end > key) && !this.removed.has(interval)) found.add(interval.token);
    }
  }

  private compact(): void {
    if (this.removed.size > 0) this.intervals = this.intervals.filter((interval) => !this.removed.has(interval));
    this.removed.clear();
    this.intervals.sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
    let reach: string | null = "";
    this.maxEnd = this.intervals.map(({ end }) => {
      if (reach !== null) reach = end === null || end > reach ? end : reach;
      return reach;
    });
    this.sorted = true;
  }

  private lastStartingAtOrBefore(key: string): number {
    let low = 0;
    let high = this.intervals.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.intervals[middle]!.start <= key) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

type Registration<Token> = { indexId: number; point?: string; interval?: Interval<Token> };

/**
 * Which tokens read what: add a read set, then ask which tokens a commit's written keys touch. Point reads are hash
 * lookups; intervals are sorted by start with the furthest end so far, so a stab looks only at those that can reach it.
 */
export class IntervalIndex<Token> {
  private readonly indexes = new Map<number, IndexIntervals<Token>>();
  private readonly registrations = new Map<Token, Registration<Token>[]>();

  /** Replaces what `token` had registered. */
  add(token: Token, reads: ReadSet): void {
    this.remove(token);
    const made: Registration<Token>[] = [];
    for (const [indexId, ranges] of reads) {
      let index = this.indexes.get(indexId);
      if (!index) this.indexes.set(indexId, (index = new IndexIntervals<Token>()));
      for (const range of ranges) {
        const point = pointOf(range);
        if (point !== null) {
          const tokens = index.points.get(point);
          if (tokens) tokens.add(token);
          else index.points.set(point, new Set([token]));
          made.push({ indexId, point });
        } else {
          const interval = { start: text(range.start), end: range.end && text(range.end), token };
          index.add(interval);
          made.push({ indexId, interval });
        }
      }
    }
    this.registrations.set(token, made);
  }

  remove(token: Token): void {
    for (const { indexId, point, interval } of this.registrations.get(token) ?? []) {
      const index = this.indexes.get(indexId);
      if (!index) continue;
      if (interval) index.remove(interval);
      else if (point !== undefined) {
        const tokens = index.points.get(point);
        tokens?.delete(token);
        if (tokens?.size === 0) index.points.delete(point);
      }
      if (index.empty) this.indexes.delete(indexId);
    }
    this.registrations.delete(token);
  }

  /** Every token whose reads hold one of the keys. */
  stab(writes: readonly WrittenKey[]): Set<Token> {
    const found = new Set<Token>();
    for (const { indexId, key } of writes) this.indexes.get(indexId)?.stab(text(key), found);
    return found;
  }
}
