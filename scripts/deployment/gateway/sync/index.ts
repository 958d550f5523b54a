export { decodeTs, encodeTs } from "./server-messages";
export { SyncHub } from "./sync-hub";
