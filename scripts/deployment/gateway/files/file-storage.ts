import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Engine } from "../../engine";
import type { FileMetadata, FunctionHost } from "../../functions";
import { FunctionError } from "../../lib";
import type { Store, Transaction } from "../../transactions";
import type { JsonObject } from "../../values";
import { FilePlaces } from "./file-places";
import { parseStorageId } from "./storage-ids";
import { UploadUrls } from "./upload-urls";

const TABLE = "_storage";

/** A `_storage` document. Source: the convex package's system data model. */
interface StoredFile {
  _id: string;
  /** Base64. */
  sha256: string;
  size: number;
  contentType?: string;
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
 * document is committed, and go only after its removal is.
 */
export class FileStorage {
  readonly #store: Store;
  readonly #cloudUrl: string;
  readonly #places: FilePlaces;
  readonly #uploadUrls: UploadUrls;
  #engine: Engine | null = null;

  constructor(store: Store, cloudUrl: string) {
    this.#store = store;
    this.#cloudUrl = cloudUrl;
    this.#places = new FilePlaces(store);
    this.#uploadUrls = new UploadUrls(store.meta, cloudUrl);
  }

  start(engine: Engine): void {
    this.#engine = engine;
  }

  /** The file operations of functions. */
  readonly forFunctions: FunctionHost["storage"] = {
    generateUploadUrl: (component) => this.#uploadUrls.make(component),
    getUrl: (tx, component, storageId) => this.#makeUrl(tx ?? this.#store.begin("read"), component, storageId),
    getMetadata: (tx, component, storageId) => this.#describe(tx ?? this.#store.begin("read"), component, storageId),
    delete: (tx, component, storageId) => this.#delete(tx, component, storageId),
    store: async (component, blob, sha256) => {
      const bytes = new Uint8Array(await blob.arrayBuffer());
      return this.save(component, bytes, blob.type === "" ? null : blob.type, sha256 ?? null);
    },
    load: async (component, storageId) => {
      const id = this.#resolve("get", component, storageId);
      const file = id === null ? null : this.#find(component, id);
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
        this.#places.releaseBlob(blobId);
        this.#places.deleteUnused(blobId);
      }
    };
    try {
      for (const { component, document, bytes } of files) {
        written.push({ component, document, blobId: this.#places.writeBlob(bytes) });
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
    for (const storageId of this.#places.listIds(component)) {
      if (tx.get(component, storageId, TABLE, true) === null) continue;
      tx.system.remove(component, storageId);
      const uuid = this.#places.findUuid(component, storageId)!;
      const place = this.#places.find(uuid)!;
      this.#places.remove(uuid, place);
      tx.afterCommit(() => {
        if (this.#places.find(uuid) === null) this.#places.forgetUuid(component, storageId);
        this.#places.deleteUnused(place.blobId);
      });
    }
  }

  async #commit(component: string, bytes: Uint8Array, document: JsonObject): Promise<string> {
    const blobId = this.#places.writeBlob(bytes);
    try {
      return await this.#engine!.transact((tx) => this.#put(tx, component, document, blobId));
    } finally {
      this.#places.releaseBlob(blobId);
    }
  }

  #put(tx: Transaction, component: string, document: JsonObject, blobId: string): string {
    const storageId = tx.system.insert(component, TABLE, document);
    this.#places.put({ component, storageId, blobId });
    return storageId;
  }

  /** @returns the component that an upload URL was made for. @throws HttpError when the URL is not valid. */
  requireUpload(token: string | null): string {
    return this.#uploadUrls.require(token);
  }

  /** The file behind a download URL, or null. `component` must be the one the URL names. */
  open(uuid: string, component: string): OpenFile | null {
    const place = this.#places.find(uuid);
    return place?.component === component ? this.#find(component, place.storageId) : null;
  }

  /** Every file of a component, for exports. */
  *listFiles(component: string): Generator<{ storageId: string; path: string }> {
    for (const storageId of this.#places.listIds(component)) {
      const file = this.#find(component, storageId);
      if (file !== null) yield { storageId, path: file.path };
    }
  }

  #makeUrl(tx: Transaction, component: string, storageId: string): string | null {
    const id = this.#resolve("getUrl", component, storageId);
    if (id === null || tx.get(component, id, TABLE, true) === null) return null;
    const uuid = this.#places.findUuid(component, id);
    if (uuid === null) return null;
    const query = component === "" ? "" : `?component=${encodeURIComponent(component)}`;
    return `${this.#cloudUrl}/api/storage/${uuid}${query}`;
  }

  #describe(tx: Transaction, component: string, storageId: string): FileMetadata | null {
    const id = this.#resolve("getMetadata", component, storageId);
    const text = id === null ? null : tx.get(component, id, TABLE, true);
    const uuid = id === null ? null : this.#places.findUuid(component, id);
    if (text === null || uuid === null) return null;
    const { sha256, size, contentType } = JSON.parse(text) as StoredFile;
    const hash = Buffer.from(sha256, "base64").toString("hex");
    return { storageId: uuid, sha256: hash, size, contentType: contentType ?? null };
  }

  #delete(tx: Transaction, component: string, storageId: string): void {
    const id = this.#resolve("delete", component, storageId);
    if (id === null || tx.get(component, id, TABLE, true) === null)
      throw new FunctionError(`storage id ${storageId} not found`);
    tx.system.remove(component, id);
    tx.afterCommit(() => {
      const uuid = this.#places.findUuid(component, id);
      const place = uuid === null ? null : this.#places.find(uuid);
      if (uuid === null || place === null) return;
      this.#places.remove(uuid, place);
      this.#places.forgetUuid(component, id);
      this.#places.deleteUnused(place.blobId);
    });
  }

  /**
   * The `_storage` id that a function means; null where no file is named so.
   * @throws FunctionError for the id of a document that is no file, and for text that is no id.
   */
  #resolve(operation: string, component: string, storageId: string): string | null {
    const parsed = parseStorageId(operation, storageId);
    if ("uuid" in parsed) {
      const place = this.#places.find(parsed.uuid);
      return place?.component === component ? place.storageId : null;
    }
    const table = this.#store.catalog.tableByNumber(component, parsed.tableNumber);
    if (table && table.name !== TABLE)
      throw new FunctionError("Invalid storage ID. Storage ID cannot be an ID on any table other than '_storage'.");
    return parsed.documentId;
  }

  #find(component: string, storageId: string): OpenFile | null {
    const text = this.#store.begin("read").get(component, storageId, TABLE, true);
    if (text === null) return null;
    const path = this.#places.findPath(component, storageId);
    const file = JSON.parse(text) as StoredFile;
    return path === null ? null : { path, size: file.size, contentType: file.contentType ?? null, sha256: file.sha256 };
  }
}
