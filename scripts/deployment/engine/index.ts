/** The engine: the committer of mutations beside queries and actions, as one object. */
export { createEngine, type Engine } from "./engine";
export { startWatchdog } from "./watchdog";
