/** Thread of `LogApplier`: applies the segments it is sent, in order. After a failure it waits to be sent them again. */
import { readFileSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { openKv } from "../kv";
import { appliedSequence, apply } from "./apply";
import { decodeRecords } from "./records";

export type ToApplier = { number: number; path: string; lastSequence: number };

const { folder, counts } = workerData as { folder: string; counts: Int32Array };
const base = openKv(folder);
Atomics.store(counts, 2, 1);

function applySegment({ number, path, lastSequence }: ToApplier): void {
  const applied = appliedSequence(base);
  if (lastSequence > applied) {
    const records = [...decodeRecords(readFileSync(path))].filter(({ sequence }) => sequence > applied && sequence <= lastSequence);
    // An earlier segment failed; both will be sent again.
    if (records[0]?.sequence !== applied + 1 || records.at(-1)?.sequence !== lastSequence)
      throw new Error(`${path} does not continue after write ${applied}`);
    apply(base, records.flatMap(({ entries }) => entries), lastSequence);
  }
  Atomics.store(counts, 0, Math.max(number, Atomics.load(counts, 0)));
  Atomics.notify(counts, 0);
}

parentPort!.on("message", (segment: ToApplier | null) => {
  if (segment === null) {
    void base.close().then(() => process.exit(0));
    return;
  }
  try {
    applySegment(segment);
    parentPort!.postMessage({ error: null });
  } catch (error) {
    Atomics.add(counts, 1, 1);
    Atomics.notify(counts, 0);
    parentPort!.postMessage({ error: (error as Error).message });
  }
});
