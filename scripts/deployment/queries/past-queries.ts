/** Queries as of an earlier time: each runs on its own, beside the cache, which holds newest results. */
import {
  checkKind,
  type AppRuntime,
  type ExecutionLog,
  type FunctionCall,
  makeFailedOutcome,
  makeFailure,
  makeTimeoutFailure,
  type QueryOutcome,
  RequestScope,
  type Result,
  runFunction,
  STARVED_RETRIES,
} from "../functions";
import type { TimeLimit } from "../isolate";

interface Surroundings {
  limit: TimeLimit;
  log: ExecutionLog;
  timeoutMs: number;
}

/** @returns null when the state of that time is not known any more. */
export function runPastQuery(
  code: AppRuntime,
  call: FunctionCall,
  ts: bigint,
  { limit, log, timeoutMs }: Surroundings,
): QueryOutcome | null {
  const { store } = code.options;
  const fn = code.table.find(call.component, call.path, call.reach);
  const wrong = typeof fn === "string" ? makeFailure(fn) : checkKind(fn, "query");
  let request = new RequestScope(code, call);
  if (typeof fn === "string" || wrong)
    return { ...makeFailedOutcome(wrong!, request.requestId, []), journal: null, ts };
  const started = performance.now();
  const ran: { result: Result | null } = { result: null };
  for (let tries = 0; ran.result === null && tries <= STARVED_RETRIES; tries++) {
    const tx = store.beginAt(ts);
    if (tx === null) return null;
    const attempt = (request = new RequestScope(code, call));
    store.prepareReads();
    const run = { fn, args: call.args, argsText: JSON.stringify(call.args) };
    const completed = limit.run(() => void (ran.result = runFunction(attempt, run, tx)), timeoutMs);
    if (completed) break;
    ran.result = null;
    if (!limit.starved) break;
  }
  const ended = ran.result ?? makeTimeoutFailure(timeoutMs);
  log.logFinished(request, fn.logged, { result: ended, tookMs: performance.now() - started });
  const logLines = request.logs.texts();
  return ended.ok
    ? { ok: true, value: ended.value, logLines, journal: null, ts }
    : { ...makeFailedOutcome(ended, request.requestId, logLines), journal: null, ts };
}
