/** Durable bytes: an ordered key-value store (LMDB behind a write-ahead log), and file contents. */
export { BlobStore } from "./blob-store";
export { DiskFullError, describeWriteError } from "./disk-full";
export { type Kv, MAX_KEY_BYTES, openKv } from "./kv";
export { decodeRecords } from "./log-records";
export { openLoggedKv } from "./logged-kv";
export { type MetaStore, openMetaStore } from "./meta-store";
