export { LogRing } from "./log-stream";
export { SystemQueries } from "./system-queries";
