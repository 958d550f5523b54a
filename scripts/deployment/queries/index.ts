/** The query cache, the runs that fill it, and subscriptions to its results. */
export { runPastQuery } from "./past-queries";
export { Queries, type Watch } from "./queries";
export { QueryCache } from "./query-cache";
