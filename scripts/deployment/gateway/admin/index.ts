/** For administrators: system queries and the log stream of the command line tool, and figures. */
export { LogStream } from "./log-stream";
export { DeploymentMetrics, METRICS_TYPE } from "./metrics";
export { SystemQueries } from "./system-queries";
