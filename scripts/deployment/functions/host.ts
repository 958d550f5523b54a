import type { Store, Transaction } from "../transactions";
import type { FunctionCall } from "./call";

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
  storage: {
    generateUploadUrl(component: string): string;
    getUrl(tx: Transaction | null, component: string, storageId: string): string | null;
    delete(tx: Transaction, component: string, storageId: string): void;
    /** From actions. Writes the bytes durably, then commits the `_storage` document. */
    store(component: string, blob: Blob, sha256?: string): Promise<string>;
    load(component: string, storageId: string): Promise<Blob | null>;
  };
}
