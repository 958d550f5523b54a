/** The worker that applies segments of the log, seen from the thread that writes them. */
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import type { ToApplier } from "./apply-worker";

const RETRY_MS = 1_000;

export class LogApplier {
  private worker: Worker | null = null;
  /** Shared with the worker: [number of the last segment applied, times it failed, whether it has loaded]. */
  private readonly counts = new Int32Array(new SharedArrayBuffer(12));
  private readonly waiting: ToApplier[] = [];
  private failure: Error | null = null;
  private sent = 0;
  private retired = 0;
  private retry: NodeJS.Timeout | null = null;

  /** @param applied told when the database has everything up to a sequence. */
  constructor(
    private readonly folder: string,
    private readonly applied: (sequence: number) => void,
  ) {}

  /** Hands over a segment that is complete. They are applied one after the other. */
  send(path: string, lastSequence: number): void {
    const segment = { number: ++this.sent, path, lastSequence };
    this.waiting.push(segment);
    this.start().postMessage(segment);
  }

  /** False while the worker loads: that needs this thread, so it must not block. */
  get canWait(): boolean {
    return Atomics.load(this.counts, 2) === 1;
  }

  /**
   * Blocks until the worker has applied one more segment.
   * @returns the sequence it has reached. @throws Error with the reason when it cannot go on.
   */
  wait(): number {
    const failedBefore = Atomics.load(this.counts, 1);
    while (Atomics.load(this.counts, 0) === this.retired) {
      if (this.failure || Atomics.load(this.counts, 1) !== failedBefore)
        throw new Error(`The database cannot take more writes: ${this.failure?.message ?? "its disk refuses them"}`);
      Atomics.wait(this.counts, 0, this.retired, 100);
    }
    return this.advance() ?? 0;
  }

  async close(): Promise<void> {
    if (this.retry) clearTimeout(this.retry);
    if (!this.worker) return;
    const exited = new Promise((resolve) => this.worker!.once("exit", resolve));
    this.worker.postMessage(null);
    await exited;
    this.worker = null;
    this.tell();
  }

  private start(): Worker {
    if (this.worker) return this.worker;
    const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
    const worker = new Worker(new URL("./apply-worker.ts", import.meta.url), {
      execArgv: ["--import", tsx],
      workerData: { folder: this.folder, counts: this.counts },
    });
    worker.unref();
    worker.on("message", ({ error }: { error: string | null }) => {
      this.failure = error === null ? null : new Error(error);
      if (error !== null) this.again();
      this.tell();
    });
    worker.on("error", (error) => {
      this.failure = error;
      this.worker = null;
      Atomics.store(this.counts, 2, 0);
      this.again();
    });
    return (this.worker = worker);
  }

  /** A full disk may have space again later. */
  private again(): void {
    this.retry ??= setTimeout(() => {
      this.retry = null;
      for (const segment of this.waiting) this.start().postMessage(segment);
    }, RETRY_MS).unref();
  }

  private tell(): void {
    const sequence = this.advance();
    if (sequence !== null) this.applied(sequence);
  }

  /** Takes note of what the worker has finished; the sequence it has reached when that has moved. */
  private advance(): number | null {
    const finished = Atomics.load(this.counts, 0);
    const applied = this.waiting.splice(0, finished - this.retired);
    this.retired = finished;
    return applied.at(-1)?.lastSequence ?? null;
  }
}
