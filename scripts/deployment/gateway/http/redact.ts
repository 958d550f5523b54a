import type { Outcome } from "../../functions";

const DETAIL = /^(\[Request ID: [^\]]*\] Server Error)\n[\s\S]*$/;

/**
 * The outcome as a client of a production deployment may see it: no stack, no message but a ConvexError's data, no
 * logs.
 */
export function redact<T extends Outcome>(outcome: T): T {
  if (outcome.ok) return outcome.logLines.length === 0 ? outcome : { ...outcome, logLines: [] };
  return { ...outcome, errorMessage: outcome.errorMessage.replace(DETAIL, "$1"), logLines: [] };
}
