/** A half-open interval of encoded index keys; `end` null means "to the end of the index". */
export interface KeyRange {
  start: Uint8Array;
  end: Uint8Array | null;
}

/** The ranges that a transaction read, by global index id. Point reads are ranges on the table's `by_id`. */
export type ReadSet = Map<number, KeyRange[]>;

/** An index key that a commit added or removed; null stands for all of an index that came to an end. */
export interface WrittenKey {
  indexId: number;
  key: Uint8Array | null;
}

export interface Commit {
  /** Commit time in ns since the epoch, strictly increasing, never backwards over restarts. */
  ts: bigint;
  writes: WrittenKey[];
}
