/** Functions of the served code, and the runner of one query or mutation with its system calls. */
export type { ComponentInstance, LoadedApp } from "./app";
export type { ClientInfo, FunctionCall, MutationOutcome, Outcome, QueryOutcome } from "./call";
export { Code } from "./code";
export { ExecutionLog } from "./execution-log";
export {
  failedOutcome,
  failure,
  type Failure,
  failureOf,
  fromThrown,
  fullText,
  type Result,
  timedOut,
} from "./failure";
export { FunctionHandles } from "./function-handles";
export { FunctionTable, type LoadedFunction, type Logged } from "./function-table";
export type { FunctionHost } from "./host";
export type { LogRecord } from "./log-lines";
export { type Answer, type Call, type QueryCaller, RequestScope } from "./request";
export { checkArguments, checkKind, checkResult, NestedError, runFunction, syscallFailure } from "./runner";
export { scheduleTarget } from "./schedule-target";
export {
  deploymentMetadata,
  functionHandle,
  functionMetadata,
  identityText,
  int64,
  requestMetadata,
  storageMetadata,
} from "./syscall-answers";
