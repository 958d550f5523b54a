import { mkdirSync } from "node:fs";
import { asBinary, open, type RangeOptions, type RootDatabase } from "lmdb";

/** The ordered key-value map everything durable lives in. Synchronous; one write transaction at a time. */
export interface Kv {
  get(key: Uint8Array): Buffer | undefined;
  has(key: Uint8Array): boolean;
  /** The value as UTF-8 text, without copying its bytes first. */
  getText(key: Uint8Array): string | undefined;
  /** Keys in `[start, end)` from the start, or from the end when `reverse`; at most `limit`. */
  keys(start: Uint8Array, end: Uint8Array | null, reverse: boolean, limit: number): Buffer[];
  /** The number of keys in `[start, end)`. */
  countKeys(start: Uint8Array, end: Uint8Array | null): number;
  put(key: Uint8Array, value: Uint8Array): void;
  remove(key: Uint8Array): void;
  /** Runs `work` in one transaction: durable on return, gone without a trace when it throws. */
  transaction<T>(work: () => T): T;
  readonly writing: boolean;
  /**
   * Ensures that reads up to the next pass of the event loop only read. The first one otherwise sets a timer for the
   * end of its snapshot, and Node's list of timers must not be cut by a time limit.
   */
  prepareReads(): void;
  /** Lets reads see what another thread has committed. */
  refresh(): void;
  close(): Promise<void>;
}

/** LMDB refuses keys over 1,978 bytes at its default page size; callers keep theirs below this. */
export const MAX_KEY_BYTES = 1_900;

/** Sorts above every key in use: the first byte of each is a letter. */
const BEYOND = Buffer.from([0xff]);

export function openKv(folder: string): Kv {
  mkdirSync(folder, { recursive: true });
  const db: RootDatabase<Buffer, Buffer> = open({
    path: folder,
    keyEncoding: "binary",
    encoding: "binary",
    // Return from the transaction means it is on disk; the default only means it is visible.
    overlappingSync: false,
    noMemInit: true,
    mapSize: 64 * 1024 ** 3,
  });
  let writing = false;
  // A time limit may end a scan anywhere. Its cursor would pin a snapshot for good, so whatever comes next closes it.
  let scanning: Iterator<Buffer> | null = null;
  const finishScan = () => {
    const cut = scanning;
    scanning = null;
    cut?.return?.();
  };
  const scan = (options: RangeOptions): Buffer[] => {
    if (scanning) finishScan();
    const keys: Buffer[] = [];
    const iterator = (scanning = db.getKeys(options)[Symbol.iterator]());
    for (let step = iterator.next(); !step.done; step = iterator.next()) keys.push(step.value);
    scanning = null;
    return keys;
  };
  return {
    get: (key) => db.getBinary(key as Buffer),
    has: (key) => db.doesExist(key as Buffer),
    getText(key) {
      const lent = db.getBinaryFast(key as Buffer);
      // One large buffer with an overridden `length`, past which Buffer's methods read from Node 24 on; for values
      // beyond
      // it a plain Uint8Array. A view of exactly the value is right for both.
      return lent && Buffer.from(lent.buffer, lent.byteOffset, lent.length).toString();
    },
    keys(start, end, reverse, limit) {
      const stop = end ?? BEYOND;
      if (!reverse) return scan({ start: start, end: stop, limit });
      // Reversed ranges include the upper bound and leave out the lower one; ours are the other way round.
      const keys = scan({ start: stop, end: start, reverse: true, limit: limit + 1 });
      if (keys[0] && Buffer.compare(keys[0], stop) === 0) keys.shift();
      if (keys.length < limit && db.doesExist(start as Buffer)) keys.push(Buffer.from(start));
      return keys.length > limit ? keys.slice(0, limit) : keys;
    },
    countKeys: (start, end) => db.getKeysCount({ start: start as Buffer, end: (end ?? BEYOND) as Buffer }),
    put(key, value) {
      db.putSync(key as Buffer, asBinary(value) as unknown as Buffer);
    },
    remove(key) {
      db.removeSync(key as Buffer);
    },
    transaction(work) {
      if (writing) throw new Error("a write transaction is already open");
      finishScan();
      writing = true;
      try {
        let failure: { error: unknown } | null = null;
        const result = db.transactionSync(() => {
          try {
            return work();
          } catch (error) {
            failure = { error };
            throw error;
          } finally {
            // A cursor must not outlive the transaction it reads in.
            finishScan();
          }
        });
        if (failure) throw (failure as { error: unknown }).error;
        return result;
      } finally {
        writing = false;
      }
    },
    get writing() {
      return writing;
    },
    prepareReads: () => void db.getBinaryFast(BEYOND),
    refresh() {
      finishScan();
      db.resetReadTxn();
    },
    close: () => db.close(),
  };
}
