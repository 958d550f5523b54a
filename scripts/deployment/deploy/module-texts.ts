import { createHash } from "node:crypto";
import { type Conversion, findConversion, type ModuleSource } from "../isolate";
import type { MetaStore } from "../storage";

const PREFIX = "module/";

interface KeptModule {
  source: string;
  sourceMap?: string;
  conversion?: Conversion;
}

/** A module by reference: its text is stored once under its hash. */
export interface ModuleRef {
  path: string;
  environment: "isolate" | "node";
  /** Hex SHA-256 of source followed by source map, as the CLI computes it. */
  hash: string;
}

/** The CLI's own digest of a module: pushes name unchanged modules by it instead of sending them. */
export function hashModule(module: ModuleSource): string {
  return createHash("sha256")
    .update(module.source)
    .update(module.sourceMap ?? "")
    .digest("hex");
}

export function makeModuleRef(module: ModuleSource): ModuleRef {
  return { path: module.path, environment: module.environment, hash: hashModule(module) };
}

/** Module texts by content, so that a push sends, and a restart finds, each only once. */
export class ModuleTexts {
  readonly #meta: MetaStore;

  constructor(meta: MetaStore) {
    this.#meta = meta;
  }

  get(ref: ModuleRef): ModuleSource | null {
    const text = this.#meta.get(PREFIX + ref.hash);
    if (text === null) return null;
    return { path: ref.path, environment: ref.environment, ...(JSON.parse(text) as KeptModule) };
  }

  /** Keeps it with its conversion, so that a restart need not convert it (about 1 s for a large app). */
  put(module: ModuleSource): void {
    const key = PREFIX + hashModule(module);
    const { source, sourceMap } = module;
    const text = JSON.stringify({ source, sourceMap, conversion: findConversion(module) } satisfies KeptModule);
    if (this.#meta.get(key) !== text) this.#meta.put(key, text);
  }

  /** Drops every text that none of `kept` needs. */
  prune(kept: Iterable<ModuleRef>): void {
    const hashes = new Set([...kept].map((ref) => ref.hash));
    const stale = [...this.#meta.list(PREFIX)]
      .map(([key]) => key)
      .filter((key) => !hashes.has(key.slice(PREFIX.length)));
    for (const key of stale) this.#meta.delete(key);
  }
}
