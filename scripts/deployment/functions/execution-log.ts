/** Records of what ran, for `convex logs` and the deployment's own output. */
import { type Failure, formatFailure } from "./failure";
import type { Logged } from "./function-table";
import type { LogRecord, LogLine } from "./log-lines";
import type { RequestScope } from "./request";

export class ExecutionLog {
  readonly #listeners: ((record: LogRecord) => void)[] = [];

  listen(listener: (record: LogRecord) => void): void {
    this.#listeners.push(listener);
  }

  /** One record for an execution that ended; lines that were streamed already are left out of it. */
  logFinished(
    request: RequestScope,
    what: Logged,
    ending: { result: { ok: true } | Failure; tookMs: number; isStreamed?: boolean },
  ): void {
    if (this.#listeners.length === 0) return;
    const { result, tookMs, isStreamed } = ending;
    const error = result.ok ? null : formatFailure(result);
    const isRefusal = !result.ok && isOfCaller(result);
    const logLines = isStreamed ? [] : request.logs.lines;
    this.#emit(makeRecord(request, what, { kind: "Completion", executionTimeMs: tookMs, logLines, error, isRefusal }));
  }

  /** A line of an action that is still running. */
  logProgress(request: RequestScope, what: Logged, line: LogLine): void {
    if (this.#listeners.length === 0) return;
    this.#emit(
      makeRecord(request, what, {
        kind: "Progress",
        executionTimeMs: 0,
        logLines: [line],
        error: null,
        isRefusal: false,
      }),
    );
  }

  #emit(record: LogRecord): void {
    for (const listener of this.#listeners) listener(record);
  }
}

/** Subclasses of ConvexError have names of their own; all have data. */
const isOfCaller = ({ data, message }: Failure): boolean =>
  data !== undefined || message.startsWith("ArgumentValidationError");

function makeRecord(
  request: RequestScope,
  what: Logged,
  rest: Pick<LogRecord, "kind" | "executionTimeMs" | "logLines" | "error" | "isRefusal">,
): LogRecord {
  return {
    kind: rest.kind,
    udfType: what.udfType,
    identifier: what.identifier,
    component: what.component,
    timestamp: Date.now(),
    executionTimeMs: rest.executionTimeMs,
    logLines: rest.logLines,
    success: rest.error === null,
    error: rest.error,
    isRefusal: rest.isRefusal,
    requestId: request.requestId,
    executionId: request.executionId,
    cached: false,
  };
}
