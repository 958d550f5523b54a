/** Functions of the served code, and the runner of one query or mutation with its system calls. */
export type { ComponentInstance, AppSources } from "./app";
export {
  type ClientInfo,
  type FunctionCall,
  type MutationOutcome,
  type Outcome,
  type QueryOutcome,
  STARVED_RETRIES,
} from "./call";
export { AppRuntime } from "./app-runtime";
export { ExecutionLog } from "./execution-log";
export {
  makeFailedOutcome,
  makeFailure,
  type Failure,
  readFailure,
  describeThrown,
  formatFailure,
  type Result,
  makeTimeoutFailure,
} from "./failure";
export { FunctionHandles } from "./function-handles";
export { formatPath, FunctionTable, type LoadedFunction, type Logged } from "./function-table";
export type { FileMetadata, FunctionHost } from "./host";
export type { LogRecord } from "./log-lines";
export { type Answer, type Call, type QueryCaller, RequestScope } from "./request";
export { checkArguments, checkKind, checkResult, NestedError, runFunction, describeSyscallFailure } from "./runner";
export { resolveScheduled } from "./schedule-target";
export {
  describeDeployment,
  makeFunctionHandle,
  describeFunction,
  describeIdentity,
  encodeInt64,
  describeRequest,
} from "./syscall-answers";
export { requireText } from "./syscalls";
