export { Queries, type Watch } from "./queries";
export { type Entry, QueryCache } from "./query-cache";
