import { createHash, randomUUID } from "node:crypto";
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { describeWriteError } from "./disk-full";

/**
 * File contents on disk under their SHA-256, two levels deep; renamed once they are whole, so a named file is complete.
 */
export class BlobStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;

    mkdirSync(folder, { recursive: true });
  }

  write(data: Uint8Array): string {
    const blobId = createHash("sha256").update(data).digest("hex");
    const path = this.#place(blobId);
    if (existsSync(path)) return blobId;
    mkdirSync(join(path, ".."), { recursive: true });
    const aside = join(this.#folder, `${randomUUID()}.part`);
    const file = openSync(aside, "wx");
    try {
      for (let at = 0; at < data.length;) at += writeSync(file, data, at);
      fsyncSync(file);
    } catch (error) {
      rmSync(aside, { force: true });
      throw describeWriteError(error, this.#folder);
    } finally {
      closeSync(file);
    }
    renameSync(aside, path);
    const parent = openSync(join(path, ".."), "r");
    fsyncSync(parent);
    closeSync(parent);
    return blobId;
  }

  /** Absolute path for streaming, or null. */
  path(blobId: string): string | null {
    const path = this.#place(blobId);
    return existsSync(path) ? path : null;
  }

  delete(blobId: string): void {
    rmSync(this.#place(blobId), { force: true });
  }

  #place(blobId: string): string {
    if (!/^[0-9a-f]{64}$/.test(blobId)) throw new Error("malformed blob id");
    return join(this.#folder, blobId.slice(0, 2), blobId);
  }
}
