/** Counts what a transaction uses, against its limits. */
import { FunctionError } from "../lib";

const MEBIBYTE = 1024 * 1024;

/** Limits of one function, including the functions it calls. */
export const LIMITS: Readonly<Metrics> = {
  bytesRead: 16 * MEBIBYTE,
  bytesWritten: 16 * MEBIBYTE,
  databaseQueries: 4_096,
  documentsRead: 32_000,
  documentsWritten: 16_000,
  functionsScheduled: 1_000,
  scheduledFunctionArgsBytes: 16 * MEBIBYTE,
};

const NONE: Readonly<Metrics> = {
  bytesRead: 0,
  bytesWritten: 0,
  databaseQueries: 0,
  documentsRead: 0,
  documentsWritten: 0,
  functionsScheduled: 0,
  scheduledFunctionArgsBytes: 0,
};

export const METRICS = Object.keys(NONE) as (keyof Metrics)[];
/** Counts that are taken back when a function fails and its writes are dropped. Its reads still count. */
const UNDONE = ["bytesWritten", "documentsWritten", "functionsScheduled", "scheduledFunctionArgsBytes"] as const;

const HINT =
  "Consider using smaller limits in your queries, paginating your queries, or using indexed queries with a selective index range expressions.";

const COMPLAINTS: Record<keyof Metrics, (limit: number) => string> = {
  bytesRead: (limit) => `Too many bytes read in a single function execution (limit: ${limit} bytes). ${HINT}`,
  bytesWritten: (limit) => `Too many bytes written in a single function execution (limit: ${limit} bytes).`,
  databaseQueries: (limit) => `Too many reads in a single function execution (limit: ${limit}).`,
  documentsRead: (limit) => `Too many documents read in a single function execution (limit: ${limit}). ${HINT}`,
  documentsWritten: (limit) => `Too many documents written in a single function execution (limit: ${limit}).`,
  functionsScheduled: (limit) => `Too many functions scheduled in a single mutation (limit: ${limit})`,
  scheduledFunctionArgsBytes: (limit) =>
    `Too large total size of the arguments of scheduled functions in this mutation (limit: ${limit} bytes)`,
};

/** Counts for one transaction, and for the one that started it. */
export class Usage {
  readonly used: Metrics = { ...NONE };
  readonly #above: Usage | null;
  readonly #limits: Partial<Metrics> | null;

  /** @param limits what it may use; null for the deployment's own work, which is not limited. */
  constructor(limits: Partial<Metrics> | null, above: Usage | null = null) {
    this.#limits = limits;

    this.#above = above;
  }

  /** @throws FunctionError when that is more than this transaction, or one that it is part of, may use. */
  add(what: keyof Metrics, amount: number): void {
    const passed = this.#count(what, amount);
    if (passed !== null) throw new FunctionError(COMPLAINTS[what](passed));
  }

  /**
   * Counts all the way up, whatever is passed, so that what is undone later is what was counted.
   * @returns a limit passed.
   */
  #count(what: keyof Metrics, amount: number): number | null {
    const used = (this.used[what] += amount);
    const above = this.#above ? this.#above.#count(what, amount) : null;
    const limit = this.#limits?.[what];
    return limit !== undefined && used > limit ? limit : above;
  }

  /** Counts what another transaction used. */
  charge(used: Partial<Metrics>): void {
    for (const what of METRICS) if (used[what]) this.add(what, used[what]);
  }

  /** The writes of this transaction were dropped: whatever it is part of has not made them. */
  undo(): void {
    for (let usage = this.#above; usage; usage = usage.#above)
      for (const what of UNDONE) usage.used[what] -= this.used[what];
  }
}

/** The limited quantities of a transaction, by the names that `ctx.meta.getTransactionMetrics` uses. */
export interface Metrics {
  bytesRead: number;
  bytesWritten: number;
  /** Index ranges read. */
  databaseQueries: number;
  documentsRead: number;
  documentsWritten: number;
  functionsScheduled: number;
  scheduledFunctionArgsBytes: number;
}
