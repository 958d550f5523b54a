/** Runs the worker that applies segments of the log, for the thread that writes them. */
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { build } from "esbuild";
import type { FromApplier, ToApplier } from "./apply-worker";
import { DiskFullError } from "./disk-full";

const RETRY_MS = 1_000;
const REFUSED = "The database takes no more writes";

export class LogApplier {
  #worker: Worker | null = null;
  #starting: Promise<void> | null = null;
  /**
   * Shared with the worker: [number of the last segment applied, times it failed, whether it has loaded, whether the
   * disk was full].
   */
  readonly #counts = new Int32Array(new SharedArrayBuffer(16));
  readonly #waiting: ToApplier[] = [];
  #failure: Error | null = null;
  /** Failures after which everything that waits has been sent once more. */
  #failuresAnswered = 0;
  #sent = 0;
  #retired = 0;
  #retry: NodeJS.Timeout | null = null;
  readonly #folder: string;
  readonly #applied: (sequence: number) => void;

  /** @param applied called when the database has everything up to a sequence. */
  constructor(folder: string, applied: (sequence: number) => void) {
    this.#folder = folder;
    this.#applied = applied;
  }

  /** Hands over a segment that is complete. They are applied one after the other. */
  send(path: string, lastSequence: number): void {
    const segment = { number: ++this.#sent, path, lastSequence };
    this.#waiting.push(segment);
    if (this.#worker) this.#worker.postMessage(segment);
    else this.#resend();
  }

  /** False until the worker has loaded, because starting it needs this thread's event loop. */
  get canWait(): boolean {
    return Atomics.load(this.#counts, 2) === 1;
  }

  /**
   * Blocks until the worker has applied one more segment.
   * @returns the sequence it has reached. @throws Error with the reason when it cannot go on.
   */
  wait(): number {
    while (Atomics.load(this.#counts, 0) === this.#retired) {
      if (this.#failure) throw this.#failure;
      // Its message has yet to arrive here.
      if (Atomics.load(this.#counts, 1) !== this.#failuresAnswered)
        throw Atomics.load(this.#counts, 3) === 1 ? new DiskFullError() : new Error(REFUSED);
      Atomics.wait(this.#counts, 0, this.#retired, 100);
    }
    return this.#advance() ?? 0;
  }

  async close(): Promise<void> {
    await this.#starting;
    if (this.#retry) clearTimeout(this.#retry);
    if (!this.#worker) return;
    const exited = new Promise((resolve) => this.#worker!.once("exit", resolve));
    // Perhaps nothing else keeps the process alive until then.
    this.#worker.ref();
    this.#worker.postMessage(null);
    await exited;
    this.#worker = null;
    this.#reportApplied();
  }

  /** Sends the waiting segments to the worker, which is started when there is none. */
  #resend(): void {
    this.#failuresAnswered = Atomics.load(this.#counts, 1);
    if (this.#worker) for (const segment of this.#waiting) this.#worker.postMessage(segment);
    else this.#starting ??= this.#start();
  }

  async #start(): Promise<void> {
    try {
      const worker = new Worker(await buildWorkerSource(), {
        eval: true,
        workerData: { folder: this.#folder, counts: this.#counts },
      });
      worker.unref();
      worker.on("message", ({ error }: FromApplier) => {
        this.#failure = error && (error.isDiskFull ? new DiskFullError() : new Error(`${REFUSED}: ${error.message}`));
        if (error) this.#scheduleRetry();
        this.#reportApplied();
      });
      worker.on("error", (error) => {
        this.#failure = new Error(`${REFUSED}: ${error.message}`);
        this.#worker = null;
        Atomics.store(this.#counts, 2, 0);
        this.#scheduleRetry();
      });
      this.#worker = worker;
      this.#resend();
    } catch (error) {
      this.#failure = error as Error;
      this.#scheduleRetry();
    } finally {
      this.#starting = null;
    }
  }

  /** A full disk may have space again later. */
  #scheduleRetry(): void {
    this.#retry ??= setTimeout(() => {
      this.#retry = null;
      this.#resend();
    }, RETRY_MS).unref();
  }

  #reportApplied(): void {
    const sequence = this.#advance();
    if (sequence !== null) this.#applied(sequence);
  }

  /**
   * Drops the segments that the worker has finished.
   * @returns the sequence it has reached; null when it has not moved.
   */
  #advance(): number | null {
    const finished = Atomics.load(this.#counts, 0);
    const applied = this.#waiting.splice(0, finished - this.#retired);
    this.#retired = finished;
    return applied.at(-1)?.lastSequence ?? null;
  }
}

/** The worker's code as one script: threads start without the loader that lets this process import TypeScript. */
async function buildWorkerSource(): Promise<string> {
  const lmdb = createRequire(import.meta.url).resolve("lmdb");
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("./apply-worker.ts", import.meta.url))],
    bundle: true,
    platform: "node",
    format: "cjs",
    alias: { lmdb },
    external: [lmdb],
    write: false,
  });
  return outputFiles[0]!.text;
}
