import type { LogRecord } from "../../functions";

const MAX_RECORDS = 1_000;
const MAX_WAIT_MS = 60_000;

interface Entry {
  /** ms since the epoch, strictly increasing: the cursor the client sends back. */
  cursor: number;
  record: LogRecord;
}

/** The last executions, for `convex logs` and `convex dev`: a ring that readers long-poll. */
export class LogStream {
  readonly #entries: Entry[] = [];
  readonly #waiters = new Set<() => void>();
  #lastCursor = 0;

  add(record: LogRecord): void {
    // Fractions keep cursors apart within one millisecond; they stay numbers, as the client wants.
    this.#lastCursor = Math.max(Date.now(), this.#lastCursor + 0.001);
    this.#entries.push({ cursor: this.#lastCursor, record });
    if (this.#entries.length > MAX_RECORDS * 2) this.#entries.splice(0, this.#entries.length - MAX_RECORDS);
    if (this.#waiters.size > 0) {
      const waiting = [...this.#waiters];
      this.#waiters.clear();
      for (const wake of waiting) wake();
    }
  }

  /**
   * Entries newer than `cursor`, waiting for the first for up to a minute.
   * A first poll (cursor 0) answers at once: the client only wants the head then.
   * @param signal ends the wait early, when the reader has gone.
   */
  async poll(cursor: number, signal: AbortSignal): Promise<{ entries: unknown[]; newCursor: number }> {
    if (cursor > 0 && this.#lastCursor <= cursor) await this.#nextEntry(signal);
    const fresh = this.#entries.filter((entry) => entry.cursor > cursor).slice(-MAX_RECORDS);
    return {
      entries: fresh.map(({ record }) => encodeEntry(record)),
      newCursor: fresh.at(-1)?.cursor ?? Math.max(cursor, this.#lastCursor, 1),
    };
  }

  /** Answers every waiting poll now; used when the deployment closes. */
  release(): void {
    for (const wake of this.#waiters) wake();
    this.#waiters.clear();
  }

  #nextEntry(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(wake, MAX_WAIT_MS);
      const waiters = this.#waiters;
      waiters.add(wake);
      signal.addEventListener("abort", wake, { once: true });
      function wake(): void {
        clearTimeout(timer);
        waiters.delete(wake);
        signal.removeEventListener("abort", wake);
        resolve();
      }
    });
  }
}

/** Times are seconds on the wire except in log lines. Source: `FunctionExecutionJson` of the convex package. */
function encodeEntry(record: LogRecord): unknown {
  const common = {
    kind: record.kind,
    udfType: record.udfType,
    identifier: record.identifier,
    componentPath: record.component === "" ? null : record.component,
    timestamp: record.timestamp / 1_000,
    logLines: record.logLines,
    requestId: record.requestId,
    executionId: record.executionId,
  };
  if (record.kind === "Progress") return common;
  return {
    ...common,
    executionTime: record.executionTimeMs / 1_000,
    success: record.success ? {} : null,
    error: record.error,
    cachedResult: record.cached,
    usageStats: {},
    environment: "isolate",
    caller: "",
    identityType: "",
  };
}
