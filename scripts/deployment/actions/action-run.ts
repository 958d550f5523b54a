import type { LoadedFunction, RequestScope } from "../functions";
import { settleRejections, type TrackedRun } from "../isolate";

/** One running action or HTTP action. */
export class ActionRun implements TrackedRun {
  readonly request: RequestScope;
  /** The component it runs in. */
  readonly component: string;
  /** Absent for HTTP actions. */
  readonly fn: LoadedFunction | null;
  #reject: ((thrown: unknown) => void) | null = null;
  #thrown: { reason: unknown } | null = null;

  constructor(request: RequestScope, component: string, fn: LoadedFunction | null) {
    this.request = request;
    this.component = component;
    this.fn = fn;
  }

  /** Whether an error that nothing handles has ended it. Its code may go on, but does nothing any more. */
  get hasFailed(): boolean {
    return this.#thrown !== null;
  }

  fail(thrown: unknown): boolean {
    if (this.#reject === null || this.#thrown !== null) return false;
    this.#thrown = { reason: thrown };
    this.#reject(thrown);
    return true;
  }

  /** The result of `work`, unless an error of the run that nothing handles comes first. */
  async guard<T>(work: () => Promise<T>): Promise<T> {
    const failed = new Promise<never>((_resolve, reject) => (this.#reject = reject));
    try {
      const value = await Promise.race([work(), failed]);
      // Rejections become known when all microtasks of a job have run, which is after those of this result.
      await settleRejections();
      if (this.#thrown) throw this.#thrown.reason;
      return value;
    } finally {
      this.#reject = null;
    }
  }
}
