import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Appends of 400 bytes, each followed by `fdatasync`, per second: what the disk allows one writer after another. */
export function durableAppendsPerSecond(durationMs: number): number {
  const folder = mkdtempSync(join(tmpdir(), "live-sessions-bench-"));
  const file = openSync(join(folder, "log"), "w");
  const record = Buffer.alloc(400, 1);
  const startedAt = performance.now();
  let count = 0;
  while (performance.now() - startedAt < durationMs) {
    writeSync(file, record);
    fdatasyncSync(file);
    count++;
  }
  const seconds = (performance.now() - startedAt) / 1000;
  closeSync(file);
  rmSync(folder, { recursive: true });
  return count / seconds;
}
