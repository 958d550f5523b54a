import { Heap } from "../lib";

const MAX_TIMER_MS = 2 ** 31 - 1;
/**
 * A job that is due at once begins after so long: by then whoever called the function that scheduled it is answered.
 * When it began with the next pass of the event loop, a mutation that scheduled one was answered 1.4 ms later, for a
 * job of 1.3 ms (bench, case webhooks).
 */
const ANSWER_FIRST_MS = 2;

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

  /** Due jobs start after a moment, a later one at its time. */
  wake(): void {
    const next = this.#heap.peek();
    if (this.#onDue === null || next === undefined) return;
    const now = Date.now();
    const wakeAt = Math.max(next.atMs, now + ANSWER_FIRST_MS);
    if (this.#timer !== null && this.#wakeAt <= wakeAt) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#wakeAt = wakeAt;
    this.#timer = setTimeout(
      () => {
        this.#timer = null;
        if (this.hasDue) this.#onDue?.();
        else this.wake();
      },
      Math.min(Math.ceil(wakeAt - now), MAX_TIMER_MS),
    );
  }
}
