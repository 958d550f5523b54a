export type { PageJournal } from "./pagination";
export type { Commit, ReadSet, WrittenKey } from "./read-set";
export { type Store, type CommitWriter, openStore } from "./store";
export type { TableLoad } from "./table-load";
export type { Transaction } from "./transaction";
export { LIMITS, METRICS, type Metrics } from "./usage";
