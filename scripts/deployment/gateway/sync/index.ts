/** The sync protocol over WebSockets. */
export { decodeTs, encodeTs } from "./server-messages";
export { SyncHub } from "./sync-hub";
