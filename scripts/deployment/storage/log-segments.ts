/**
 * The files of the write-ahead log: filled one after the other, and written over once their records are in the
 * database.
 */
import {
  closeSync,
  constants,
  fdatasyncSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { findEnding } from "./log-damage";
import {
  readEntries,
  findRecords,
  type FoundRecord,
  HEADER_BYTES,
  type LogRecord,
  NO_RECORD,
  findWholeStart,
} from "./log-records";

/** Bounds what a restart after a crash has to read, and about how much memory unapplied writes take. */
export const SEGMENT_BYTES = 4 * 1024 * 1024;

/** With O_DSYNC a write returns once its bytes are on disk: half the calls of a write and a sync. Windows has none. */
const WRITES_ARE_DURABLE = "O_DSYNC" in constants;

export interface Segment {
  path: string;
  handle: number;
  sizeBytes: number;
  usedBytes: number;
}

interface LogFile {
  name: string;
  bytes: Buffer;
  records: FoundRecord[];
}
interface Found {
  file: LogFile;
  record: FoundRecord;
}

/** A place in a file of the log that cannot be read. */
interface Defect {
  name: string;
  at: number;
  how: string;
}

const WAY_OUT = "Restore the folder from a copy; or, to go on without what was written from there on,";

export class Segments {
  readonly #all: Segment[] = [];
  readonly #free: Segment[] = [];
  /** Segments whose last append failed: the bytes there may form a whole record of a write that was refused. */
  readonly #torn = new Set<Segment>();
  #made = 0;
  readonly #folder: string;
  readonly #segmentBytes: number;

  constructor(folder: string, segmentBytes: number) {
    this.#folder = folder;
    this.#segmentBytes = segmentBytes;

    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(folder)) {
      const number = Number(/^(\d+)\.log$/.exec(name)?.[1] ?? "0");
      if (number === 0) continue;
      this.#made = Math.max(this.#made, number);
      this.#free.push(this.#open(join(folder, name)));
    }
  }

  /**
   * Records after `applied` that are on disk, in order. One is only written when the one before it is on disk, and
   * files are written over only when their records are in the database: a record that is missing before another is
   * damage.
   * @throws Error naming file, place and way out when something that was answered cannot be read.
   */
  recordsAfter(applied: number): LogRecord[] {
    const files = readdirSync(this.#folder)
      .filter((name) => name.endsWith(".log"))
      .map((name): LogFile => {
        const bytes = readFileSync(join(this.#folder, name));
        return { name, bytes, records: [...findRecords(bytes)] };
      });
    const found = files
      .flatMap((file) => file.records.map((record) => ({ file, record })))
      .filter(({ record }) => record.sequence > applied)
      .sort((a, b) => a.record.sequence - b.record.sequence);
    const gap = found.findIndex(({ record }, n) => record.sequence !== applied + 1 + n);
    if (gap >= 0) throw this.#makeDamageError(files, applied, found, gap);
    this.#checkEnd(files, (found.at(-1)?.record.sequence ?? applied) + 1);
    return found.map(({ file, record }) => ({ sequence: record.sequence, entries: readEntries(file.bytes, record) }));
  }

  /**
   * Behind the newest whole record there may be one whose write was cut off, but none that is damaged. It would begin
   * where the newest record of its file ends, or be the first one there.
   */
  #checkEnd(files: LogFile[], sequence: number): void {
    for (const file of files) {
      for (const at of new Set([0, findNewestEnd(file)])) {
        const ending = findEnding(file.bytes, at, sequence, this.#segmentBytes);
        if (ending === "cut off")
          console.error(
            `The log ${join(this.#folder, file.name)} ends in a write that was cut off at byte ${at}. It was never answered and is left out.`,
          );
        else if (ending) throw this.#makeUnreadableError({ name: file.name, at, how: `is ${ending}` }, sequence);
      }
      const { end, last } = findWholeStart(file.records);
      const rest = file.bytes.subarray(end);
      const isLast = last === null || last === sequence - 1;
      if (
        isLast &&
        file.bytes.length < this.#segmentBytes &&
        rest.length < HEADER_BYTES &&
        rest.some((byte) => byte !== 0)
      )
        throw this.#makeUnreadableError({ name: file.name, at: end, how: "is truncated" }, sequence);
    }
  }

  #makeDamageError(files: LogFile[], applied: number, found: Found[], gap: number): Error {
    const { file, record } = found[gap]!;
    const before = found[gap - 1];
    const missing = (before?.record.sequence ?? applied) + 1;
    const later = [...new Set(found.slice(gap).map(({ file: { name } }) => name))];
    // Bytes between whole records of one file are what is damaged; else it is what comes after the last whole one.
    const whole = before?.file === file ? before.record.end : findWholeStart(file.records).end;
    const place =
      whole < record.at
        ? { name: file.name, at: whole }
        : before
          ? { name: before.file.name, at: before.record.end }
          : files
              .map(({ name, records }) => ({
                name,
                at: findWholeStart(records).end,
                last: findWholeStart(records).last,
              }))
              .find(({ last }) => last === missing - 1);
    if (place)
      return this.#makeUnreadableError(
        { ...place, how: "is damaged" },
        missing,
        later.filter((name) => name !== place.name),
      );
    return new Error(
      `its log lacks what came after write ${missing - 1}: a file of ${this.#folder} is missing. Nothing was changed. ${WAY_OUT} remove ${later.join(", ")} there.`,
    );
  }

  #makeUnreadableError({ name, at, how }: Defect, missing: number, later: string[] = []): Error {
    const path = join(this.#folder, name);
    const removing = later.length > 0 ? ` and remove ${later.join(", ")} beside it` : "";
    return new Error(
      `its log lacks what came after write ${missing - 1}: the file ${path} ${how} at byte ${at}. Nothing was changed. ${WAY_OUT} cut the file there (truncate -s ${at} "${path}")${removing}.`,
    );
  }

  /** An empty segment that holds a record of this size. Its space is taken on disk before it is used. */
  take(recordBytes: number): Segment {
    const at = this.#free.findIndex(({ sizeBytes }) => sizeBytes >= recordBytes);
    if (at >= 0) {
      const [segment] = this.#free.splice(at, 1) as [Segment];
      segment.usedBytes = 0;
      return segment;
    }
    const path = join(this.#folder, `${this.#made + 1}.log`);
    try {
      writeFileSync(path, Buffer.alloc(Math.max(this.#segmentBytes, recordBytes)), { mode: 0o600 });
      syncFolder(this.#folder);
    } catch (error) {
      rmSync(path, { force: true });
      throw error;
    }
    this.#made++;
    return this.#open(path);
  }

  /** Whether the record fits behind the used bytes. */
  static fits(segment: Segment, recordBytes: number): boolean {
    return segment.usedBytes + recordBytes <= segment.sizeBytes;
  }

  /** Appends durably. After a failure the record counts as never written, whatever of it is on disk. */
  append(segment: Segment, record: Buffer): void {
    // A refused record has the sequence of this one, and would be taken for it if it stayed.
    for (const other of this.#torn) if (other !== segment) this.#eraseTorn(other);
    try {
      writeAt(segment, record);
    } catch (error) {
      this.#torn.add(segment);
      try {
        this.#eraseTorn(segment);
      } catch {
        // The next append tries again, and is refused if it cannot.
      }
      throw error;
    }
    segment.usedBytes += record.length;
    this.#torn.delete(segment);
  }

  #eraseTorn(segment: Segment): void {
    writeAt(segment, NO_RECORD.subarray(0, segment.sizeBytes - segment.usedBytes));
    this.#torn.delete(segment);
  }

  /** Frees a segment whose records are in the database, to be overwritten. */
  release(segment: Segment): void {
    this.#free.push(segment);
  }

  close(): void {
    for (const { handle } of this.#all.splice(0)) closeSync(handle);
  }

  #open(path: string): Segment {
    const handle = openSync(path, constants.O_RDWR | (constants.O_DSYNC ?? 0));
    const segment = { path, handle, sizeBytes: statSync(path).size, usedBytes: 0 };
    this.#all.push(segment);
    return segment;
  }
}

const findNewestEnd = ({ records }: LogFile): number =>
  records.reduce((newest, record) => (record.sequence > newest.sequence ? record : newest), {
    sequence: 0,
    at: 0,
    end: 0,
  }).end;

/** Writes behind what is there; on disk when it returns. */
function writeAt({ handle, usedBytes }: Segment, bytes: Buffer): void {
  for (let done = 0; done < bytes.length;)
    done += writeSync(handle, bytes, done, bytes.length - done, usedBytes + done);
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
