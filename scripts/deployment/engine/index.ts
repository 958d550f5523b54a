/** The engine: the committer of mutations beside queries and actions, as one object. */
export { type Engine, createEngine } from "./engine";
export { startWatchdog } from "./watchdog";
