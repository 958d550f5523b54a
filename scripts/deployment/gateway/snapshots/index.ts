/** Snapshot export and import. */
export { Exports } from "./exports";
export { Imports } from "./imports";
export { handleSnapshot } from "./snapshot-http";
export { TableWork } from "./table-work";
