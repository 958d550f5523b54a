export { type Engine, createEngine } from "./engine";
export { watchdog } from "./watchdog";
