import { PGlite } from "@electric-sql/pglite";
import { NodeFS } from "@electric-sql/pglite/nodefs";
import { dataDir as fetchEmptyCluster } from "@electric-sql/pglite-prepopulatedfs";
import { existsSync, fsyncSync, openSync, closeSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "../lib/folders/folders";
import type { Backend } from "./turns";

export type Database = Backend & {
  /** As `SHOW server_version` gives it. */
  version: string;
  close(): Promise<void>;
};

/**
 * Opens the cluster in `dataDir`, making it on the first call. A commit is on disk when it is answered: the WASM build
 * runs with fsync off and its file system has no fsync, so both are put back.
 * Throws when the folder cannot be read or written. `onDeath` hears of an error after which it cannot go on.
 */
export async function openDatabase(
  dataDir: string,
  onDeath: (error: unknown) => void,
  onProgress: (doing: string) => void = () => undefined,
): Promise<Database> {
  makeFolder(dataDir);
  const cluster = join(dataDir, "cluster");
  if (!existsSync(cluster)) {
    onProgress("making a new database");
    await createCluster(dataDir, cluster);
  }
  onProgress("opening the database");
  const pglite = await openCluster(cluster);
  const { rows } = await pglite.query<{ server_version: string }>("SHOW server_version");
  return {
    version: rows[0]?.server_version ?? "unknown",
    run: (messages) => runRaw(pglite, messages, onDeath),
    close: () => pglite.close(),
  };
}

/**
 * In a folder beside, moved into place when complete: an interrupted first start leaves nothing half made. An empty
 * cluster is unpacked instead of made by initdb: 2 s of processor time instead of 9 s. It is of the same major version,
 * which is all that PostgreSQL asks of a cluster.
 */
async function createCluster(dataDir: string, cluster: string): Promise<void> {
  const unfinished = join(dataDir, "cluster.unfinished");
  rmSync(unfinished, { recursive: true, force: true });
  const pglite = await openCluster(unfinished, await fetchEmptyCluster());
  await pglite.close();
  syncTree(unfinished);
  renameSync(unfinished, cluster);
  syncPath(dataDir);
}

/** @param content the archive of a cluster for a folder that is empty */
function openCluster(dir: string, content?: Blob): Promise<PGlite> {
  const startParams = PGlite.defaultStartParams.filter((param) => param !== FSYNC_OFF);
  return PGlite.create({
    fs: new DurableNodeFS(dir),
    ...(content && { loadDataDir: content }),
    // fdatasync and open_datasync never reach the host's files; fsync does, through `stream_ops.fsync` below.
    startParams: [...startParams, "-c", "wal_sync_method=fsync", "-c", "timezone=GMT"],
  });
}

const FSYNC_OFF = "-F";

function runRaw(pglite: PGlite, messages: Uint8Array, onDeath: (error: unknown) => void): Uint8Array[] {
  const answer: Uint8Array[] = [];
  // All of the work is done when this returns: only its file sync, which this file system has no use for, is not.
  pglite
    .execProtocolRawStream(messages, {
      syncToFs: false,
      // The chunk is a view into WASM memory that the next call overwrites.
      onRawData: (bytes) => void answer.push(Uint8Array.prototype.slice.call(bytes)),
    })
    .catch(onDeath);
  return answer;
}

interface Emscripten {
  FS: { filesystems: { NODEFS: { stream_ops: { fsync?: (stream: { nfd?: number }) => number } } } };
}

class DurableNodeFS extends NodeFS {
  override async init(pg: PGlite, options: Parameters<NodeFS["init"]>[1]): ReturnType<NodeFS["init"]> {
    const prepared = await super.init(pg, options);
    const addFsync = ({ FS }: Emscripten): void => {
      FS.filesystems.NODEFS.stream_ops.fsync = (stream) => {
        if (stream.nfd !== undefined) fsyncSync(stream.nfd);
        return 0;
      };
    };
    const preRun = (prepared.emscriptenOpts as { preRun: ((module: Emscripten) => void)[] }).preRun;
    preRun.push(addFsync);
    return prepared;
  }
}

function syncTree(dir: string): void {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) syncTree(path);
    else syncPath(path);
  }
  syncPath(dir);
}

function syncPath(path: string): void {
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
