/** Records of what ran, for `convex logs` and the deployment's own output. */
import { type Failure, fullText } from "./failure";
import type { Logged } from "./function-table";
import type { LogRecord, LogLine } from "./log-lines";
import type { RequestScope } from "./request";

export class ExecutionLog {
  readonly #listeners: ((record: LogRecord) => void)[] = [];

  listen(listener: (record: LogRecord) => void): void {
    this.#listeners.push(listener);
  }

  /** One record for an execution that ended; lines that were streamed already are left out of it. */
  finished(
    request: RequestScope,
    what: Logged,
    result: { ok: true } | Failure,
    executionTimeMs: number,
    streamed = false,
  ): void {
    if (this.#listeners.length === 0) return;
    const error = result.ok ? null : fullText(result);
    const { lines } = request.logs;
    this.#emit(recordOf(request, what, "Completion", executionTimeMs, streamed ? [] : lines, error));
  }

  /** A line of an action that is still running. */
  progress(request: RequestScope, what: Logged, line: LogLine): void {
    if (this.#listeners.length > 0) this.#emit(recordOf(request, what, "Progress", 0, [line], null));
  }

  #emit(record: LogRecord): void {
    for (const listener of this.#listeners) listener(record);
  }
}

function recordOf(
  request: RequestScope,
  what: Logged,
  kind: LogRecord["kind"],
  executionTimeMs: number,
  logLines: LogLine[],
  error: string | null,
): LogRecord {
  return {
    kind,
    udfType: what.udfType,
    identifier: what.identifier,
    component: what.component,
    timestamp: Date.now(),
    executionTimeMs,
    logLines,
    success: error === null,
    error,
    requestId: request.requestId,
    executionId: request.executionId,
    cached: false,
  };
}
