import { createHash, createHmac, randomBytes, randomUUID, timingSafeEqual } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Engine } from "../../engine";
import type { FunctionHost } from "../../functions";
import { FunctionError, HttpError } from "../../lib";
import type { Store, Transaction } from "../../transactions";
import type { JsonObject } from "../../values";

const TABLE = "_storage";
const SECRET_KEY = "storage/uploadSecret";
const UPLOAD_VALID_MS = 3_600_000;

/** A `_storage` document. Source: the convex package's system data model. */
interface StoredFile {
  _id: string;
  /** Base64. */
  sha256: string;
  size: number;
  contentType?: string;
}

/**
 * The place of a file's bytes; stored by uuid, the name in its URL, which is not its id and cannot be guessed from it.
 */
interface FilePlace {
  component: string;
  storageId: string;
  blobId: string;
}

/** A file from an export. */
export interface RestoredFile {
  component: string;
  /** Its `_storage` document, with the id it had. */
  document: JsonObject;
  bytes: Uint8Array;
}

export interface PreparedFiles {
  put: (tx: Transaction) => void;
  done: () => void;
}

/** A file as a download needs it. */
export interface OpenFile {
  path: string;
  size: number;
  contentType: string | null;
  sha256: string;
}

/**
 * Files of functions: `_storage` documents whose bytes are blobs beside the database. Bytes are durable before the
 * document is committed, and go only after its removal is. Blobs are named by content, so one may serve many files.
 */
export class FileStorage {
  readonly #store: Store;
  readonly #cloudUrl: string;
  readonly #secret: Buffer;
  #engine: Engine | null = null;
  /** Blobs written for documents that are not committed yet. */
  readonly #pendingBlobs = new Map<string, number>();

  constructor(store: Store, cloudUrl: string) {
    this.#store = store;
    this.#cloudUrl = cloudUrl;
    let secret = store.meta.get(SECRET_KEY);
    if (secret === null) {
      secret = randomBytes(32).toString("hex");
      store.meta.put(SECRET_KEY, secret);
    }
    this.#secret = Buffer.from(secret, "hex");
  }

  start(engine: Engine): void {
    this.#engine = engine;
  }

  /** The file operations of functions. */
  readonly forFunctions: FunctionHost["storage"] = {
    generateUploadUrl: (component) => this.#uploadUrl(component),
    getUrl: (tx, component, storageId) => this.#url(tx, component, storageId),
    delete: (tx, component, storageId) => this.#delete(tx, component, storageId),
    store: async (component, blob, sha256) => {
      const bytes = new Uint8Array(await blob.arrayBuffer());
      return this.save(component, bytes, blob.type === "" ? null : blob.type, sha256 ?? null);
    },
    load: async (component, storageId) => {
      const file = this.#find(component, storageId);
      if (file === null) return null;
      return new Blob([await readFile(file.path)], file.contentType === null ? {} : { type: file.contentType });
    },
  };

  /**
   * @param sha256 base64 or hex; checked when given.
   * @returns the `_storage` id.
   * @throws FunctionError when the digest does not match.
   */
  async save(component: string, bytes: Uint8Array, contentType: string | null, sha256: string | null): Promise<string> {
    const digest = createHash("sha256").update(bytes).digest();
    if (sha256 !== null && sha256 !== digest.toString("base64") && sha256.toLowerCase() !== digest.toString("hex")) {
      throw new FunctionError("The SHA-256 digest of the file does not match the one that was given.");
    }
    return this.#commit(component, bytes, {
      sha256: digest.toString("base64"),
      size: bytes.length,
      ...(contentType === null ? {} : { contentType }),
    });
  }

  /**
   * Makes files from an export ready: their bytes are written, and `put` in a transaction makes them files. `done` must
   * follow, whether that was committed or not.
   */
  async prepare(files: RestoredFile[]): Promise<PreparedFiles> {
    const written: { component: string; document: JsonObject; blobId: string }[] = [];
    const done = () => {
      for (const { blobId } of written.splice(0)) {
        this.#releaseBlob(blobId);
        this.#deleteUnused(blobId);
      }
    };
    try {
      for (const { component, document, bytes } of files) {
        written.push({ component, document, blobId: this.#writeBlob(bytes) });
        await new Promise((resolve) => setImmediate(resolve));
      }
    } catch (error) {
      done();
      throw error;
    }
    return {
      put: (tx) => written.forEach((file) => this.#put(tx, file.component, file.document, file.blobId)),
      done,
    };
  }

  /** Removes every file of a component, inside a commit. One that comes back under the same id keeps its URL. */
  clear(tx: Transaction, component: string): void {
    const prefix = uuidKey(component, "");
    for (const [key, uuid] of [...this.#store.meta.list(prefix)]) {
      const storageId = key.slice(prefix.length);
      if (tx.get(component, storageId, TABLE, true) === null) continue;
      tx.system.remove(component, storageId);
      const { blobId } = JSON.parse(this.#store.meta.get(placeKey(uuid))!) as FilePlace;
      this.#store.meta.delete(placeKey(uuid));
      this.#store.meta.delete(useKey(blobId, uuid));
      tx.afterCommit(() => {
        if (this.#store.meta.get(placeKey(uuid)) === null) this.#store.meta.delete(key);
        this.#deleteUnused(blobId);
      });
    }
  }

  async #commit(component: string, bytes: Uint8Array, document: JsonObject): Promise<string> {
    const blobId = this.#writeBlob(bytes);
    try {
      return await this.#engine!.transact((tx) => this.#put(tx, component, document, blobId));
    } finally {
      this.#releaseBlob(blobId);
    }
  }

  #put(tx: Transaction, component: string, document: JsonObject, blobId: string): string {
    const storageId = tx.system.insert(component, TABLE, document);
    const uuid = this.#store.meta.get(uuidKey(component, storageId)) ?? randomUUID();
    const place: FilePlace = { component, storageId, blobId };
    this.#store.meta.put(placeKey(uuid), JSON.stringify(place));
    this.#store.meta.put(uuidKey(component, storageId), uuid);
    this.#store.meta.put(useKey(blobId, uuid), "");
    return storageId;
  }

  #writeBlob(bytes: Uint8Array): string {
    const blobId = this.#store.blobs.write(bytes);
    this.#pendingBlobs.set(blobId, (this.#pendingBlobs.get(blobId) ?? 0) + 1);
    return blobId;
  }

  #releaseBlob(blobId: string): void {
    const left = this.#pendingBlobs.get(blobId)! - 1;
    if (left === 0) this.#pendingBlobs.delete(blobId);
    else this.#pendingBlobs.set(blobId, left);
  }

  #deleteUnused(blobId: string): void {
    const isUsed =
      this.#pendingBlobs.has(blobId) || !this.#store.meta.list(useKey(blobId, ""))[Symbol.iterator]().next().done;
    if (!isUsed) this.#store.blobs.delete(blobId);
  }

  /**
   * The component an upload URL was made for.
   * @throws HttpError 401 when the token is not ours or its hour is over.
   */
  requireUpload(token: string | null): string {
    const [payload = "", signature = ""] = (token ?? "").split(".");
    // As text: decoding would let bits pass that stand for nothing.
    const expected = Buffer.from(this.#sign(payload));
    const given = Buffer.from(signature);
    if (given.length !== expected.length || !timingSafeEqual(given, expected))
      throw new HttpError(401, "InvalidUploadToken", "The upload URL is not valid.");
    const { component, expiresAt } = JSON.parse(Buffer.from(payload, "base64url").toString("utf8")) as {
      component: string;
      expiresAt: number;
    };
    if (expiresAt < Date.now())
      throw new HttpError(401, "UploadUrlExpired", "The upload URL has expired. Generate another one.");
    return component;
  }

  /** The file behind a download URL, or null. `component` must be the one the URL names. */
  open(uuid: string, component: string): OpenFile | null {
    const text = this.#store.meta.get(placeKey(uuid));
    if (text === null) return null;
    const place = JSON.parse(text) as FilePlace;
    return place.component === component ? this.#find(component, place.storageId) : null;
  }

  /** Every file of a component, for exports. */
  *files(component: string): Generator<{ storageId: string; path: string }> {
    const prefix = uuidKey(component, "");
    for (const [key] of [...this.#store.meta.list(prefix)]) {
      const storageId = key.slice(prefix.length);
      const file = this.#find(component, storageId);
      if (file !== null) yield { storageId, path: file.path };
    }
  }

  #uploadUrl(component: string): string {
    const payload = Buffer.from(
      JSON.stringify({
        component,
        expiresAt: Date.now() + UPLOAD_VALID_MS,
        nonce: randomBytes(12).toString("base64url"),
      }),
    ).toString("base64url");
    return `${this.#cloudUrl}/api/storage/upload?token=${payload}.${this.#sign(payload)}`;
  }

  #sign(payload: string): string {
    return createHmac("sha256", this.#secret).update(payload).digest("base64url");
  }

  #url(tx: Transaction | null, component: string, storageId: string): string | null {
    if ((tx ?? this.#store.begin("read")).get(component, storageId, TABLE, true) === null) return null;
    const uuid = this.#store.meta.get(uuidKey(component, storageId));
    if (uuid === null) return null;
    return `${this.#cloudUrl}/api/storage/${uuid}${component === "" ? "" : `?component=${encodeURIComponent(component)}`}`;
  }

  #delete(tx: Transaction, component: string, storageId: string): void {
    if (tx.get(component, storageId, TABLE, true) === null)
      throw new FunctionError(`storage id ${storageId} not found`);
    tx.system.remove(component, storageId);
    tx.afterCommit(() => {
      const uuid = this.#store.meta.get(uuidKey(component, storageId));
      const text = uuid === null ? null : this.#store.meta.get(placeKey(uuid));
      if (uuid === null || text === null) return;
      const { blobId } = JSON.parse(text) as FilePlace;
      this.#store.meta.delete(placeKey(uuid));
      this.#store.meta.delete(uuidKey(component, storageId));
      this.#store.meta.delete(useKey(blobId, uuid));
      this.#deleteUnused(blobId);
    });
  }

  #find(component: string, storageId: string): OpenFile | null {
    const text = this.#store.begin("read").get(component, storageId, TABLE, true);
    const uuid = this.#store.meta.get(uuidKey(component, storageId));
    const placeText = uuid === null ? null : this.#store.meta.get(placeKey(uuid));
    if (text === null || placeText === null) return null;
    const file = JSON.parse(text) as StoredFile;
    const path = this.#store.blobs.path((JSON.parse(placeText) as FilePlace).blobId);
    return path === null ? null : { path, size: file.size, contentType: file.contentType ?? null, sha256: file.sha256 };
  }
}

function placeKey(uuid: string): string {
  return `file/place/${uuid}`;
}

function uuidKey(component: string, storageId: string): string {
  return `file/uuid/${component}\n${storageId}`;
}

function useKey(blobId: string, uuid: string): string {
  return `file/use/${blobId}/${uuid}`;
}
