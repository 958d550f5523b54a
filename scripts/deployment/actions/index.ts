/** Actions of both runtimes, and HTTP actions. */
export type { ActionServices } from "./action-syscalls";
export { Actions } from "./actions";
export { LeanRequest, Received } from "./lean-request";
export { findWholeBody } from "./lean-response";
export { inspectNodeModules, NodePool } from "./node-pool";
