import type { Store, Transaction } from "../transactions";
import type { FunctionCall } from "./call";

/** `FileMetadata` of the convex package. */
export interface FileMetadata {
  /** The UUID of the file's URL, as the platform has it. */
  storageId: string;
  /** In hex; the `_storage` document has base64. */
  sha256: string;
  size: number;
  contentType: string | null;
}

/** The parts of the deployment that functions reach through system calls. */
export interface FunctionHost {
  store: Store;
  /** The deployment's name, which its admin key begins with. */
  instanceName: string;
  /** User variables plus CONVEX_CLOUD_URL and CONVEX_SITE_URL; `AppRuntime` reads them when it is made. */
  environment(): Record<string, string>;
  scheduler: {
    /** Inside the caller's transaction; returns the `_scheduled_functions` id. */
    schedule(tx: Transaction, caller: string, target: FunctionCall, atMs: number): string;
    cancel(tx: Transaction, caller: string, id: string): void;
  };
  /** Files, by their `_storage` id or the UUID of their URL. */
  storage: {
    generateUploadUrl(component: string): string;
    getUrl(tx: Transaction | null, component: string, storageId: string): string | null;
    getMetadata(tx: Transaction | null, component: string, storageId: string): FileMetadata | null;
    delete(tx: Transaction, component: string, storageId: string): void;
    /** From actions. Writes the bytes durably, then commits the `_storage` document. */
    store(component: string, blob: Blob, sha256?: string): Promise<string>;
    load(component: string, storageId: string): Promise<Blob | null>;
  };
}
