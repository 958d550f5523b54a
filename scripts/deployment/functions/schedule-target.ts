import type { Json } from "../values";
import type { Address } from "./function-table";
import type { RequestScope } from "./request";

const MAX_JOB_ARGS_BYTES = 4 * 1024 * 1024;
const MAX_SCHEDULE_AHEAD_MS = 5 * 366 * 24 * 60 * 60 * 1000;

/**
 * Checks a job before it is handed to the scheduler.
 * @returns component and path to schedule, and the time in ms.
 */
export function resolveScheduled(
  request: RequestScope,
  component: string,
  job: { address: Address; tsSeconds: number; args: Json; nowMs: number },
) {
  const { address, tsSeconds, args, nowMs } = job;
  const target = request.code.table.target(component, address);
  const found = request.code.table.find(target.component, target.path, "all");
  if (typeof found === "string") {
    throw new Error(`Attempted to schedule function at nonexistent path: ${target.path}`);
  }
  if (typeof tsSeconds !== "number" || !Number.isFinite(tsSeconds))
    throw new Error("Invalid argument `ts` for scheduler: not a time");
  const atMs = tsSeconds * 1000;
  if (Math.abs(atMs - nowMs) > MAX_SCHEDULE_AHEAD_MS)
    throw new Error(`The scheduled time is more than 5 years in the ${atMs > nowMs ? "future" : "past"}.`);
  const argsText = JSON.stringify(args);
  // A field's name: in a string the quotes would be escaped.
  if (argsText.includes('"$commitTs":'))
    throw new Error(
      "Arguments of a scheduled function cannot have a commit timestamp: the job is stored before there is one.",
    );
  const bytes = Buffer.byteLength(argsText);
  if (bytes > MAX_JOB_ARGS_BYTES)
    throw new Error(`Arguments of a scheduled function are too large (${bytes} bytes, limit: 4 MiB)`);
  return {
    atMs,
    bytes,
    call: {
      component: target.component,
      path: found.identifier,
      args,
      identity: null,
      reach: "all" as const,
      ...(request.job ? { job: request.job } : {}),
    },
  };
}
