/** The JavaScript runtime of pushed code: compiled modules, sandboxes, the time limit. */
export { actionContext } from "./async-context";
export { type EvaluatedModule, type Extracted, extract, EXTRACT_SOURCE } from "./extract";
export { type ModuleSource, originalPosition, prepareModules } from "./modules";
export {
  type Exports,
  type LoadedModules,
  ModuleSet,
  Sandbox,
  type SandboxHost,
  SandboxPool,
  type Slot,
  type SyscallFailure,
  type ThrownError,
  installPrelude,
  loadModule,
  newContext,
  SHARED_GLOBALS,
} from "./sandbox";
export { TimeLimit } from "./time-limit";
export { watchUnhandledErrors } from "./unhandled-errors";
