/** Transactions over documents: reads and writes, queries, limits, and the store that commits them. */
export type { PageJournal } from "./pagination";
export type { Commit, ReadSet, WrittenKey } from "./read-set";
export { type CommitWriter, openStore, type Store } from "./store";
export type { TableLoad } from "./table-load";
export type { Transaction } from "./transaction";
export { LIMITS, METRICS, type Metrics } from "./usage";
