export { BlobStore } from "./blob-store";
export { DiskFullError, writeError } from "./disk-full";
export { type Kv, MAX_KEY_BYTES, openKv } from "./kv";
export { decodeRecords } from "./log-records";
export { openLogged } from "./logged-kv";
export { type MetaStore, metaStore } from "./meta-store";
