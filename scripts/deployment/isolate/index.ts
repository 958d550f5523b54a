/** The JavaScript runtime of pushed code: compiled modules, sandboxes, the time limit. */
export { actionContext, type TrackedRun } from "./async-context";
export { ContextPool } from "./context-pool";
export { type EvaluatedModule, extract, EXTRACT_SOURCE, type Extracted } from "./extract";
export { formatFrames } from "./frames";
export { idleWork } from "./idle-work";
export { interrupter } from "./interrupter";
export { type Conversion, type ModuleSource, findConversion, prepareModules } from "./modules";
export {
  type Exports,
  installPrelude,
  type LoadedModules,
  loadModule,
  ModuleSet,
  makeContext,
  Sandbox,
  type SandboxHost,
  SHARED_GLOBALS,
  type Slot,
  type SyscallFailure,
  type ThrownError,
} from "./sandbox";
export { sharedClasses } from "./shared-classes";
export { operationTime, TimeLimit } from "./time-limit";
export { failCurrentRun, settleRejections, watchUnhandledErrors } from "./unhandled-errors";
