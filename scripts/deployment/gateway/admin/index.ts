/** What the command line tool watches: system queries and the log stream. */
export { LogStream } from "./log-stream";
export { SystemQueries } from "./system-queries";
