/** The files of the write-ahead log: filled one after the other, and written over once their records are in the database. */
import { closeSync, constants, fdatasyncSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { decodeRecords, NO_RECORD, type LogRecord } from "./records";

/** Also how much a restart after a crash has to go through, and about how much memory unapplied writes take. */
export const SEGMENT_BYTES = 4 * 1024 * 1024;

/** With O_DSYNC a write returns once its bytes are on disk: half the calls of a write and a sync. Windows has none. */
const WRITES_ARE_DURABLE = "O_DSYNC" in constants;

export type Segment = { path: string; handle: number; sizeBytes: number; usedBytes: number };

export class Segments {
  private readonly all: Segment[] = [];
  private readonly free: Segment[] = [];
  /** Where an append failed: what is there may be a whole record all the same, of a write that was refused. */
  private readonly torn = new Set<Segment>();
  private made = 0;

  constructor(
    private readonly folder: string,
    private readonly segmentBytes: number,
  ) {
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(folder)) {
      const number = Number(/^(\d+)\.log$/.exec(name)?.[1] ?? "0");
      if (number === 0) continue;
      this.made = Math.max(this.made, number);
      this.free.push(this.open(join(folder, name)));
    }
  }

  /** Records after `sequence` that are on disk, in order. @throws Error when some between them are missing. */
  *recordsAfter(sequence: number): Generator<LogRecord> {
    const files = readdirSync(this.folder)
      .filter((name) => name.endsWith(".log"))
      .map((name) => readFileSync(join(this.folder, name)))
      .map((bytes) => ({ bytes, first: first(bytes) }))
      .filter(({ first }) => first !== null)
      .sort((a, b) => a.first! - b.first!);
    let last = sequence;
    for (const { bytes } of files) {
      for (const record of decodeRecords(bytes)) {
        if (record.sequence <= last) continue;
        if (record.sequence !== last + 1) throw new Error(`its log lacks what came after write ${last}`);
        last = record.sequence;
        yield record;
      }
    }
  }

  /** An empty segment that holds a record of this size. Its space is taken on disk before it is used. */
  take(recordBytes: number): Segment {
    const at = this.free.findIndex(({ sizeBytes }) => sizeBytes >= recordBytes);
    if (at >= 0) {
      const [segment] = this.free.splice(at, 1) as [Segment];
      segment.usedBytes = 0;
      return segment;
    }
    const path = join(this.folder, `${this.made + 1}.log`);
    try {
      writeFileSync(path, Buffer.alloc(Math.max(this.segmentBytes, recordBytes)), { mode: 0o600 });
      syncFolder(this.folder);
    } catch (error) {
      rmSync(path, { force: true });
      throw error;
    }
    this.made++;
    return this.open(path);
  }

  /** Whether the record fits behind what is there. */
  static fits(segment: Segment, recordBytes: number): boolean {
    return segment.usedBytes + recordBytes <= segment.sizeBytes;
  }

  /** Appends durably. After a failure the record counts as never written, whatever of it is on disk. */
  append(segment: Segment, record: Buffer): void {
    // A refused record has the sequence of this one, and would be taken for it if it stayed.
    for (const other of this.torn) if (other !== segment) this.mend(other);
    try {
      writeAt(segment, record);
    } catch (error) {
      this.torn.add(segment);
      try {
        this.mend(segment);
      } catch {
        // The next append tries again, and is refused if it cannot.
      }
      throw error;
    }
    segment.usedBytes += record.length;
    this.torn.delete(segment);
  }

  private mend(segment: Segment): void {
    writeAt(segment, NO_RECORD.subarray(0, segment.sizeBytes - segment.usedBytes));
    this.torn.delete(segment);
  }

  /** Its records are in the database: it may be written over. */
  release(segment: Segment): void {
    this.free.push(segment);
  }

  close(): void {
    for (const { handle } of this.all.splice(0)) closeSync(handle);
  }

  private open(path: string): Segment {
    const handle = openSync(path, constants.O_RDWR | (constants.O_DSYNC ?? 0));
    const segment = { path, handle, sizeBytes: statSync(path).size, usedBytes: 0 };
    this.all.push(segment);
    return segment;
  }
}

/** Writes behind what is there; on disk when it returns. */
function writeAt({ handle, usedBytes }: Segment, bytes: Buffer): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(handle, bytes, done, bytes.length - done, usedBytes + done);
  if (!WRITES_ARE_DURABLE) fdatasyncSync(handle);
}

/** A write to a new file is only safe once the folder's entry of it is. */
function syncFolder(folder: string): void {
  // Windows keeps its folders by itself, and opens none.
  if (process.platform === "win32") return;
  const handle = openSync(folder, constants.O_RDONLY);
  fsyncSync(handle);
  closeSync(handle);
}

const first = (bytes: Buffer): number | null => {
  const { value } = decodeRecords(bytes).next() as IteratorResult<LogRecord, undefined>;
  return value?.sequence ?? null;
};
