import { randomUUID } from "node:crypto";
import type { MetaStore } from "../../storage";
import type { Store } from "../../transactions";

/**
 * The place of a file's bytes; stored by uuid, the name in its URL, which is not its id and cannot be guessed from it.
 */
export interface FilePlace {
  component: string;
  storageId: string;
  blobId: string;
}

/**
 * The bytes of files and where they are. Blobs are named by content, so one may serve many files; it is deleted when
 * neither a file nor a write in progress uses it.
 */
export class FilePlaces {
  readonly #meta: MetaStore;
  readonly #blobs: Store["blobs"];
  /** Blobs written for documents that are not committed yet. */
  readonly #pendingBlobs = new Map<string, number>();

  constructor({ meta, blobs }: Pick<Store, "meta" | "blobs">) {
    this.#meta = meta;
    this.#blobs = blobs;
  }

  /** Writes a blob that stays at least until `releaseBlob`. */
  writeBlob(bytes: Uint8Array): string {
    const blobId = this.#blobs.write(bytes);
    this.#pendingBlobs.set(blobId, (this.#pendingBlobs.get(blobId) ?? 0) + 1);
    return blobId;
  }

  releaseBlob(blobId: string): void {
    const left = this.#pendingBlobs.get(blobId)! - 1;
    if (left === 0) this.#pendingBlobs.delete(blobId);
    else this.#pendingBlobs.set(blobId, left);
  }

  deleteUnused(blobId: string): void {
    const isUsed =
      this.#pendingBlobs.has(blobId) || !this.#meta.list(makeUseKey(blobId, ""))[Symbol.iterator]().next().done;
    if (!isUsed) this.#blobs.delete(blobId);
  }

  /** The path of a file's bytes, or null when the file or its bytes are not there. */
  findPath(component: string, storageId: string): string | null {
    const uuid = this.findUuid(component, storageId);
    const place = uuid === null ? null : this.find(uuid);
    return place === null ? null : this.#blobs.path(place.blobId);
  }

  find(uuid: string): FilePlace | null {
    const text = this.#meta.get(makePlaceKey(uuid));
    return text === null ? null : (JSON.parse(text) as FilePlace);
  }

  findUuid(component: string, storageId: string): string | null {
    return this.#meta.get(makeUuidKey(component, storageId));
  }

  /** The ids of a component's files, and of removed ones that keep their URL. */
  listIds(component: string): string[] {
    const prefix = makeUuidKey(component, "");
    return [...this.#meta.list(prefix)].map(([key]) => key.slice(prefix.length));
  }

  put(place: FilePlace): void {
    const { component, storageId, blobId } = place;
    const uuid = this.findUuid(component, storageId) ?? randomUUID();
    this.#meta.put(makePlaceKey(uuid), JSON.stringify(place));
    this.#meta.put(makeUuidKey(component, storageId), uuid);
    this.#meta.put(makeUseKey(blobId, uuid), "");
  }

  /** Removes the place of a file, which keeps its URL until `forgetUuid`. */
  remove(uuid: string, { blobId }: FilePlace): void {
    this.#meta.delete(makePlaceKey(uuid));
    this.#meta.delete(makeUseKey(blobId, uuid));
  }

  forgetUuid(component: string, storageId: string): void {
    this.#meta.delete(makeUuidKey(component, storageId));
  }
}

function makePlaceKey(uuid: string): string {
  return `file/place/${uuid}`;
}

function makeUuidKey(component: string, storageId: string): string {
  return `file/uuid/${component}\n${storageId}`;
}

function makeUseKey(blobId: string, uuid: string): string {
  return `file/use/${blobId}/${uuid}`;
}
