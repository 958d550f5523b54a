/**
 * Thread of `LogApplier`: applies the segments it is sent, in order. After a failure it waits to be sent them again.
 */
import { workerData, parentPort } from "node:worker_threads";
import { readFileSync } from "node:fs";
import { readAppliedSequence, applyEntries } from "./apply-log";
import { describeWriteError, DiskFullError } from "./disk-full";
import { openKv } from "./kv";
import { decodeRecords } from "./log-records";

export interface ToApplier {
  number: number;
  path: string;
  lastSequence: number;
}
/** The result of applying a segment; `error` is null when it is in the database. */
export interface FromApplier {
  error: { message: string; isDiskFull: boolean } | null;
}

const { folder, counts } = workerData as { folder: string; counts: Int32Array };
const base = openKv(folder);
Atomics.store(counts, 2, 1);
/** Set while a segment has failed: those behind it are sent again with it and cannot be applied before it. */
let hasFailed = false;

function applySegment({ number, path, lastSequence }: ToApplier): void {
  const applied = readAppliedSequence(base);
  if (lastSequence > applied) {
    const records = [...decodeRecords(readFileSync(path))].filter(
      ({ sequence }) => sequence > applied && sequence <= lastSequence,
    );
    if (hasFailed && (records[0]?.sequence ?? 0) > applied + 1) return;
    if (records[0]?.sequence !== applied + 1 || records.at(-1)?.sequence !== lastSequence)
      throw new Error(`the log does not continue after write ${applied}`);
    applyEntries(
      base,
      records.flatMap(({ entries }) => entries),
      lastSequence,
    );
  }
  hasFailed = false;
  Atomics.store(counts, 0, Math.max(number, Atomics.load(counts, 0)));
  Atomics.notify(counts, 0);
}

/** Lets a writer that waits know of a failure. */
function signalFailure(isDiskFull: boolean): void {
  Atomics.store(counts, 3, isDiskFull ? 1 : 0);
  Atomics.add(counts, 1, 1);
  Atomics.notify(counts, 0);
}
process.on("exit", () => signalFailure(false));

const report = (message: FromApplier): void => parentPort!.postMessage(message);

parentPort!.on("message", (segment: ToApplier | null) => {
  if (segment === null) {
    void base.close().then(() => process.exit(0));
    return;
  }
  try {
    applySegment(segment);
    if (!hasFailed) report({ error: null });
  } catch (error) {
    hasFailed = true;
    const reason = describeWriteError(error, folder);
    const isDiskFull = reason instanceof DiskFullError;
    signalFailure(isDiskFull);
    report({ error: { message: reason.message, isDiskFull } });
  }
});
