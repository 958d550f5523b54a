/** The subscriptions of the command line tool: system queries and the log stream. */
export { LogStream } from "./log-stream";
export { SystemQueries } from "./system-queries";
