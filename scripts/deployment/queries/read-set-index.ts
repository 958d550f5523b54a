import type { ReadSet, WrittenKey } from "../transactions";
import { IntervalMap, type IntervalNode } from "./interval-map";

const decodeKey = (key: Uint8Array): string =>
  (Buffer.isBuffer(key) ? key : Buffer.from(key.buffer, key.byteOffset, key.byteLength)).toString("latin1");

/** Whether the interval contains its start and nothing else. */
const isPoint = (start: string, end: string | null): boolean =>
  end !== null && end.length === start.length + 1 && end.charCodeAt(start.length) === 0 && end.startsWith(start);

/** The intervals and points of one index. Keys are compared as latin1 text, which orders like their bytes. */
class IndexReaders<Token> {
  readonly points = new Map<string, Set<Token>>();
  readonly intervals = new IntervalMap<Token>();

  get empty(): boolean {
    return this.points.size === 0 && this.intervals.empty;
  }

  findAt(key: string, found: Set<Token>): void {
    const tokens = this.points.get(key);
    if (tokens) for (const token of tokens) found.add(token);
    this.intervals.findAt(key, found);
  }

  all(found: Set<Token>): void {
    for (const tokens of this.points.values()) for (const token of tokens) found.add(token);
    this.intervals.all(found);
  }
}

type Registration<Token> = { indexId: number; point: string } | { indexId: number; interval: IntervalNode<Token> };

/**
 * Read sets by token: finds the tokens that a commit's written keys touch. Point reads are looked up in a hash map,
 * ranges in an interval map.
 */
export class ReadSetIndex<Token> {
  readonly #indexes = new Map<number, IndexReaders<Token>>();
  readonly #registrations = new Map<Token, Registration<Token>[]>();

  /** Replaces what `token` had registered. */
  add(token: Token, reads: ReadSet): void {
    this.remove(token);
    const made: Registration<Token>[] = [];
    for (const [indexId, ranges] of reads) {
      let index = this.#indexes.get(indexId);
      if (!index) this.#indexes.set(indexId, (index = new IndexReaders<Token>()));
      for (const range of ranges) {
        const start = decodeKey(range.start);
        const end = range.end && decodeKey(range.end);
        if (isPoint(start, end)) {
          const tokens = index.points.get(start);
          if (tokens) tokens.add(token);
          else index.points.set(start, new Set<Token>().add(token));
          made.push({ indexId, point: start });
        } else if (end === null || start < end)
          made.push({ indexId, interval: index.intervals.add(start, end, token) });
      }
      if (index.empty) this.#indexes.delete(indexId);
    }
    this.#registrations.set(token, made);
  }

  remove(token: Token): void {
    const made = this.#registrations.get(token);
    if (!made) return;
    this.#registrations.delete(token);
    for (const registration of made) {
      const index = this.#indexes.get(registration.indexId);
      if (!index) continue;
      if ("interval" in registration) index.intervals.remove(registration.interval, token);
      else {
        const tokens = index.points.get(registration.point);
        tokens?.delete(token);
        if (tokens?.size === 0) index.points.delete(registration.point);
      }
      if (index.empty) this.#indexes.delete(registration.indexId);
    }
  }

  /** Every token whose reads contain one of the keys. */
  findTouched(writes: readonly WrittenKey[]): Set<Token> {
    const found = new Set<Token>();
    for (const { indexId, key } of writes) {
      const index = this.#indexes.get(indexId);
      if (key === null) index?.all(found);
      else index?.findAt(decodeKey(key), found);
    }
    return found;
  }
}
