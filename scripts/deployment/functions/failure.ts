/** Failures of functions: the developer's message, the frames where it was thrown, and the data it carries. */
import { formatFrames, type ModuleSource, type ThrownError } from "../isolate";
import type { Outcome } from "./call";

/** A failure of one execution. `message` starts with "Uncaught …" for errors of user code. */
export interface Failure {
  ok: false;
  message: string;
  /** The stack, one line a frame; only for the outermost caller. */
  frames?: string;
  /** ConvexError's data as Convex JSON text. */
  data?: string;
}

export type Result = { ok: true; value: string } | Failure;

/** A failure found by the deployment itself (arguments, lookups, limits): no frames, no "Uncaught". */
export function makeFailure(message: string): Failure {
  return { ok: false, message };
}

/** @param nodeModules that were running, when it was thrown by one */
export function describeThrown(error: ThrownError, nodeModules?: ModuleSource[]): Failure {
  const head = `Uncaught ${[error.name, error.message].filter(Boolean).join(": ")}`.trim();
  const result: Failure = { ok: false, message: head, frames: formatFrames(error.stack, nodeModules) };
  if (error.data !== undefined) result.data = error.data;
  return result;
}

export function makeTimeoutFailure(limitMs: number): Failure {
  return makeFailure(`Function execution timed out (maximum duration: ${limitMs / 1000}s)`);
}

/** Message and frames, as logs show them. */
export function formatFailure(result: Failure): string {
  return result.message + (result.frames ?? "");
}

/** The outcome that clients get. */
export function makeFailedOutcome(result: Failure, requestId: string, logLines: string[]): Outcome {
  const outcome: Outcome = {
    ok: false,
    errorMessage: `[Request ID: ${requestId}] Server Error\n${formatFailure(result)}`,
    logLines,
  };
  if (result.data !== undefined) outcome.errorData = result.data;
  return outcome;
}

/** The failure inside an outcome, for a caller within the deployment. */
export function readFailure(outcome: Outcome & { ok: false }): Failure {
  const text = outcome.errorMessage.replace(/^\[Request ID: \w+\] Server Error\n/, "");
  const end = text.indexOf("\n    at ");
  const result: Failure =
    end < 0 ? makeFailure(text) : { ok: false, message: text.slice(0, end), frames: text.slice(end) };
  if (outcome.errorData !== undefined) result.data = outcome.errorData;
  return result;
}
