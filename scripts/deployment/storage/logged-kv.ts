/**
 * A key-value map whose transactions cost one small write to disk: they are appended to a log and kept in memory, and a
 * worker applies whole segments of the log to the database, where thousands of scattered keys become few pages.
 *
 * Reads ask memory first. Invariants: what is answered as written is in the log; a segment is written over only when
 * the database says durably that it has it (`APPLIED_KEY`); opening applies what the log has and the database lacks.
 * Functions run inside a transaction and their time limit may end it anywhere: what it writes is its own until it has
 * ended.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { readAppliedSequence, applyEntries } from "./apply-log";
import { describeWriteError } from "./disk-full";
import type { Kv } from "./kv";
import { LogApplier } from "./log-applier";
import { RecordEncoder, type Entry } from "./log-records";
import { type Segment, SEGMENT_BYTES, Segments } from "./log-segments";
import { Memtable, mergeKeys } from "./memtable";

/**
 * Keys that a generation may remember as removed. The next one begins then: whoever looks for what comes behind a run
 * of removed keys, as at the head of a queue, goes through all that are in memory.
 */
const REMOVED_MAX = 2_000;
/** Segments that may wait for the worker; with more, writers wait too. */
const WAITING_MAX = 4;
const COUNTED_KEYS = 1_000;
const PRESENT = new Uint8Array(0);

interface Generation {
  memtable: Memtable;
  segment: Segment;
  lastSequence: number;
}

/** @param base the database in `folder`, which no one else writes. */
export function openLoggedKv(folder: string, base: Kv, segmentBytes = SEGMENT_BYTES): Kv {
  mkdirSync(folder, { recursive: true });
  const segments = new Segments(join(folder, "log"), segmentBytes);
  try {
    const missing = segments.recordsAfter(readAppliedSequence(base));
    const last = missing.at(-1);
    if (last)
      applyEntries(
        base,
        missing.flatMap(({ entries }) => entries),
        last.sequence,
      );
    return new LoggedKv(folder, base, segments, readAppliedSequence(base));
  } catch (error) {
    segments.close();
    throw error;
  }
}

class LoggedKv implements Kv {
  /** Newest first: the one being written, then those that the worker has yet to apply. */
  #generations: [Generation, ...Generation[]];
  readonly #encoder = new RecordEncoder();
  readonly #applier: LogApplier;
  /** The writes of the open transaction. */
  #written: Memtable | null = null;
  readonly #folder: string;
  readonly #base: Kv;
  readonly #segments: Segments;
  #sequence: number;

  constructor(folder: string, base: Kv, segments: Segments, sequence: number) {
    this.#folder = folder;
    this.#base = base;
    this.#segments = segments;
    this.#sequence = sequence;

    this.#generations = [{ memtable: new Memtable(), segment: segments.take(0), lastSequence: sequence }];
    this.#applier = new LogApplier(folder, (sequence) => this.#retire(sequence));
  }

  get writing(): boolean {
    return this.#written !== null;
  }

  get(key: Uint8Array): Buffer | undefined {
    const known = this.#known(decodeKey(key));
    if (known === undefined) return this.#base.get(key);
    return known === null ? undefined : Buffer.from(known);
  }

  has(key: Uint8Array): boolean {
    const known = this.#known(decodeKey(key));
    return known === undefined ? this.#base.has(key) : known !== null;
  }

  getText(key: Uint8Array): string | undefined {
    const known = this.#known(decodeKey(key));
    if (known === undefined) return this.#base.getText(key);
    return known === null ? undefined : (known as Buffer).toString("utf8");
  }

  keys(start: Uint8Array, end: Uint8Array | null, reverse: boolean, limit: number): Buffer[] {
    const [low, high] = [decodeKey(start), end ? decodeKey(end) : BEYOND_ALL];
    const concerned = this.#memtables().filter((memtable) => memtable.hasWithin(low, high));
    if (concerned.length === 0) return this.#base.keys(start, end, reverse, limit);
    const sources: Iterator<Entry, unknown>[] = concerned.map((memtable) => memtable.within(low, high, reverse));
    return mergeKeys([...sources, readBaseEntries(this.#base, { start, end, reverse })], reverse, limit);
  }

  countKeys(start: Uint8Array, end: Uint8Array | null): number {
    const [low, high] = [decodeKey(start), end ? decodeKey(end) : BEYOND_ALL];
    if (!this.#memtables().some((memtable) => memtable.hasWithin(low, high))) return this.#base.countKeys(start, end);
    let count = 0;
    for (let from = start; ;) {
      const keys = this.keys(from, end, false, COUNTED_KEYS);
      count += keys.length;
      if (keys.length < COUNTED_KEYS) return count;
      from = Buffer.concat([keys.at(-1)!, ZERO]);
    }
  }

  put(key: Uint8Array, value: Uint8Array): void {
    this.#write(key, value);
  }

  remove(key: Uint8Array): void {
    this.#write(key, null);
  }

  transaction<T>(work: () => T): T {
    if (this.#written) throw new Error("a write transaction is already open");
    const written = (this.#written = new Memtable());
    let result: T;
    try {
      result = work();
    } finally {
      this.#written = null;
    }
    if (written.isEmpty) return result;
    try {
      this.#commit([...written.all()]);
    } catch (error) {
      throw describeWriteError(error, this.#folder);
    }
    return result;
  }

  prepareReads(): void {
    this.#base.prepareReads();
  }

  refresh(): void {
    this.#base.refresh();
  }

  async close(): Promise<void> {
    await this.#applier.close();
    try {
      for (const { memtable, lastSequence } of [...this.#generations].reverse())
        if (!memtable.isEmpty) applyEntries(this.#base, memtable.all(), lastSequence);
    } catch (error) {
      // It is in the log, which the next start goes through.
      console.error(`Closing the database: ${describeWriteError(error, this.#folder).message}`);
    }
    this.#segments.close();
    await this.#base.close();
  }

  /** The writes that are not in the database yet, newest first. */
  #memtables(): Memtable[] {
    const kept = this.#generations.map(({ memtable }) => memtable);
    return this.#written ? [this.#written, ...kept] : kept;
  }

  #known(key: string): Uint8Array | null | undefined {
    const own = this.#written?.get(key);
    if (own !== undefined) return own;
    for (const { memtable } of this.#generations) {
      const value = memtable.get(key);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  /**
   * Whether the key came with the generation that is being written. Removed, it need not be remembered: the head of a
   * queue would otherwise lie behind all that have left it.
   */
  #isNew(key: string): boolean {
    const [current, ...older] = this.#generations;
    return (
      current.memtable.get(key) != null &&
      older.every(({ memtable }) => memtable.get(key) === undefined) &&
      !this.#base.has(encodeKey(key))
    );
  }

  #write(key: Uint8Array, value: Uint8Array | null): void {
    if (!this.#written) throw new Error("writes need a transaction");
    this.#written.set(decodeKey(key), value);
  }

  #commit(entries: Entry[]): void {
    const record = this.#encoder.encode(this.#sequence + 1, entries);
    const [current] = this.#generations;
    const isFull = current.memtable.removed > REMOVED_MAX || !Segments.fits(current.segment, record.length);
    if (!isFull) this.#segments.append(current.segment, record);
    else this.#startGeneration(record);
    const [generation] = this.#generations;
    for (const [key, value] of entries) {
      if (value === null && this.#isNew(key)) generation.memtable.forget(key);
      else generation.memtable.set(key, value);
    }
    generation.lastSequence = ++this.#sequence;
  }

  /** The record goes to a segment of its own; the worker gets the one before. */
  #startGeneration(record: Buffer): void {
    while (this.#generations.length > WAITING_MAX && this.#applier.canWait) this.#retire(this.#applier.wait());
    const next = {
      memtable: new Memtable(),
      segment: this.#segments.take(record.length),
      lastSequence: this.#sequence,
    };
    try {
      this.#segments.append(next.segment, record);
    } catch (error) {
      this.#segments.release(next.segment);
      throw error;
    }
    const [current, ...waiting] = this.#generations;
    const isEmpty = current.segment.usedBytes === 0;
    this.#generations = isEmpty ? [next, ...waiting] : [next, current, ...waiting];
    if (isEmpty) this.#segments.release(current.segment);
    else this.#applier.send(current.segment.path, current.lastSequence);
  }

  /** Drops the generations that the database has, up to this sequence. */
  #retire(sequence: number): void {
    this.#base.refresh();
    const [current, ...waiting] = this.#generations;
    for (const { segment } of waiting.filter(({ lastSequence }) => lastSequence <= sequence))
      this.#segments.release(segment);
    this.#generations = [current, ...waiting.filter(({ lastSequence }) => lastSequence > sequence)];
  }
}

const decodeKey = (key: Uint8Array): string => (key as Buffer).toString("latin1");
const encodeKey = (key: string): Buffer => Buffer.from(key, "latin1");
/** Every key starts with a letter. */
const BEYOND_ALL = "\xff";

interface KeyBounds {
  start: Uint8Array;
  end: Uint8Array | null;
  reverse: boolean;
}

/** Keys read from the database at once: first few, then more, since those that memory knows as removed do not count. */
const FIRST_CHUNK = 16;
const CHUNK = 256;

/** The database's keys of a range as entries. */
function* readBaseEntries(base: Kv, { start, end, reverse }: KeyBounds): Generator<Entry> {
  let [from, to] = [start, end];
  for (let chunk = FIRST_CHUNK; ; chunk = CHUNK) {
    const keys = base.keys(from, to, reverse, chunk);
    for (const key of keys) yield [decodeKey(key), PRESENT];
    const last = keys.at(-1);
    if (!last || keys.length < chunk) return;
    if (reverse) to = last;
    else from = Buffer.concat([last, ZERO]);
  }
}

const ZERO = Buffer.from([0]);
