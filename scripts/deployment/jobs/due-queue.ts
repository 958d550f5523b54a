import { Heap } from "../lib";

const MAX_TIMER_MS = 2 ** 31 - 1;

/** A job that is to be looked at: what is stored of it decides whether it runs. */
export interface DueJob {
  atMs: number;
  /** Breaks ties: jobs for one moment run in the order they were scheduled. */
  order: number;
  component: string;
  id: string;
  failures: number;
}

/** Jobs in memory by the time they are due, and the timer for the next one. */
export class DueQueue {
  readonly #heap = new Heap<DueJob>((a, b) => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order));
  #order = 0;
  #onDue: (() => void) | null = null;
  #wakeAt = Infinity;
  #timer: NodeJS.Timeout | null = null;
  #isWaking = false;

  /** @param onDue called when a job is due, until `stop`. */
  start(onDue: () => void): void {
    this.#onDue = onDue;
    this.wake();
  }

  stop(): void {
    this.#onDue = null;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  add(component: string, id: string, atMs: number): void {
    this.#heap.push({ atMs, order: this.#order++, component, id, failures: 0 });
  }

  addAgain(job: DueJob, atMs: number): void {
    this.#heap.push({ ...job, atMs, failures: job.failures + 1 });
  }

  get hasDue(): boolean {
    const next = this.#heap.peek();
    return next !== undefined && next.atMs <= Date.now();
  }

  take(): DueJob {
    return this.#heap.pop()!;
  }

  /** Due jobs start on the next pass of the event loop, after the batch that scheduled them has been answered. */
  wake(): void {
    const next = this.#heap.peek();
    if (this.#onDue === null || next === undefined || this.#isWaking) return;
    const waitMs = next.atMs - Date.now();
    if (waitMs <= 0) {
      this.#isWaking = true;
      setImmediate(() => {
        this.#isWaking = false;
        this.#onDue?.();
      });
      return;
    }
    if (this.#timer !== null && this.#wakeAt <= next.atMs) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#wakeAt = next.atMs;
    this.#timer = setTimeout(
      () => {
        this.#timer = null;
        this.wake();
      },
      Math.min(Math.ceil(waitMs), MAX_TIMER_MS),
    );
  }
}
