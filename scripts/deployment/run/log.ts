/** Records of what ran, for `convex logs` and the deployment's own output. */
import { randomUUID } from "node:crypto";
import type { LogRecord } from "../types";
import type { LogLine } from "./console";
import { fullText, type Failure } from "./errors";
import type { RequestScope } from "./execution";

export interface Logged {
  identifier: string;
  udfType: LogRecord["udfType"];
  component: string;
}

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
    this.#emit({
      ...base(request, what),
      kind: "Completion",
      executionTimeMs,
      logLines: streamed ? [] : [...request.logs.lines],
      success: result.ok,
      error: result.ok ? null : fullText(result),
    });
  }

  /** A line of an action that is still running. */
  progress(request: RequestScope, what: Logged, line: LogLine): void {
    if (this.#listeners.length === 0) return;
    this.#emit({
      ...base(request, what),
      kind: "Progress",
      executionTimeMs: 0,
      logLines: [line],
      success: true,
      error: null,
    });
  }

  #emit(record: LogRecord): void {
    for (const listener of this.#listeners) listener(record);
  }
}

function base(request: RequestScope, what: Logged) {
  return {
    udfType: what.udfType,
    identifier: what.identifier,
    component: what.component,
    timestamp: Date.now(),
    requestId: request.requestId,
    executionId: (request.executionId ??= randomUUID()),
    cached: false,
  };
}
