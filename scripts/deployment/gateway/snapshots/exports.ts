import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createWriteStream, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { Zip, ZipDeflate, ZipPassThrough } from "fflate";
import type { Store } from "../../transactions";
import { encodeNumber, type Json, type JsonObject } from "../../values";
import type { FileStorage } from "../files";
import { encodeUniform, UNIFORM } from "./uniform-values";

const KEPT_EXPORTS = 3;
const CHUNK_ROWS = 1_000;
const README = `# A snapshot

This archive holds what was in a deployment at one moment. \`npx convex import\` reads it.

- \`<table>/documents.jsonl\`: the documents of a table, one JSON object a line
- \`<table>/generated_schema.jsonl\`: how their values are written. \`"uniform"\`: int64s are numbers without a decimal
  point, floats have one, and what JSON has no form for is an object such as \`{"$bytes": "AAEC"}\`
- \`_tables/documents.jsonl\`: the numbers of tables, which IDs carry
- \`_storage/\`: files by ID, and their documents, when they were asked for
- \`_components/<name>/\`: the same for each component
`;

type ExportState =
  | { state: "in_progress"; start_ts: bigint }
  | { state: "completed"; start_ts: bigint; complete_ts: bigint }
  | { state: "failed"; start_ts: bigint; error: string };

/** Exports of the whole deployment as zip files, kept in the data folder until newer ones replace them. */
export class Exports {
  readonly #dir: string;
  #latest: ExportState | null = null;
  readonly #store: Store;
  readonly #storage: FileStorage;
  #listener: () => void = () => undefined;

  constructor(store: Store, storage: FileStorage, dataDir: string) {
    this.#store = store;
    this.#storage = storage;
    this.#dir = join(dataDir, "exports");
  }

  /** Has `listener` called whenever the answer of `findLatest` changes. */
  onChange(listener: () => void): void {
    this.#listener = listener;
  }

  /** As `_system/cli/exports:getLatest` answers it. */
  findLatest(): Json {
    const latest = this.#latest;
    if (latest === null) return null;
    const base: JsonObject = {
      _id: "export",
      state: latest.state,
      start_ts: encodeNumber(latest.start_ts),
      format: { format: "zip" },
      requestor: "snapshotExport",
    };
    if (latest.state === "completed")
      return { ...base, complete_ts: encodeNumber(latest.complete_ts), zip_object_key: `${latest.start_ts}.zip` };
    return latest.state === "failed" ? { ...base, error: latest.error } : base;
  }

  /** The zip of a finished export, or null. */
  findPath(startTs: string): string | null {
    const path = join(this.#dir, `${BigInt.asUintN(64, BigInt(startTs))}.zip`);
    return existsSync(path) ? path : null;
  }

  /** Starts an export; `latest` says when it is done. */
  begin(includeStorage: boolean): void {
    const start_ts = this.#store.lastTs;
    this.#set({ state: "in_progress", start_ts });
    this.#write(start_ts, includeStorage).then(
      () => this.#set({ state: "completed", start_ts, complete_ts: this.#store.lastTs }),
      (error: unknown) =>
        this.#set({
          state: "failed",
          start_ts,
          error: error instanceof Error ? error.message : String(error),
        }),
    );
  }

  #set(state: ExportState): void {
    this.#latest = state;
    this.#listener();
  }

  async #write(startTs: bigint, includeStorage: boolean): Promise<void> {
    mkdirSync(this.#dir, { recursive: true });
    // Rows are read in one go: nothing can be written in between, so the export is one state of the deployment.
    const files = this.#collect(includeStorage);
    const partial = join(this.#dir, `${randomUUID()}.partial`);
    try {
      await writeZip(partial, files);
      await rename(partial, join(this.#dir, `${startTs}.zip`));
    } finally {
      rmSync(partial, { force: true });
    }
    const old = readdirSync(this.#dir)
      .filter((name) => name.endsWith(".zip"))
      .sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
    for (const name of old.slice(0, -KEPT_EXPORTS)) rmSync(join(this.#dir, name));
  }

  #collect(includeStorage: boolean): ZipEntry[] {
    const entries: ZipEntry[] = [{ name: "README.md", parts: [README] }];
    for (const component of this.#store.catalog.components()) {
      const folder = component
        .split("/")
        .filter(Boolean)
        .map((name) => `_components/${name}/`)
        .join("");
      const tables = this.#store.catalog.tables(component);
      const users = tables.filter((table) => !table.system);
      entries.push({
        name: `${folder}_tables/documents.jsonl`,
        parts: [users.map(({ name, number }) => `${JSON.stringify({ name, id: number })}\n`).join("")],
      });
      for (const table of users)
        entries.push(
          {
            name: `${folder}${table.name}/documents.jsonl`,
            parts: this.#readRows(component, table.name),
            encode: encodeUniform,
          },
          { name: `${folder}${table.name}/generated_schema.jsonl`, parts: [`${JSON.stringify(UNIFORM)}\n`] },
        );
      if (!includeStorage) continue;
      entries.push({ name: `${folder}_storage/documents.jsonl`, parts: this.#readRows(component, "_storage") });
      for (const { storageId, path } of this.#storage.listFiles(component))
        entries.push({ name: `${folder}_storage/${storageId}`, path });
    }
    return entries;
  }

  #readRows(component: string, table: string): string[] {
    const tx = this.#store.begin("read", { unlimited: true });
    const stream = tx.openStream(component, {
      source: { type: "FullTableScan", tableName: table, order: "asc" },
      operators: [],
    });
    const parts: string[] = [];
    let rows: string[] = [];
    for (let text = tx.nextInStream(stream); text !== null; text = tx.nextInStream(stream)) {
      rows.push(`${text}\n`);
      if (rows.length === CHUNK_ROWS) {
        parts.push(rows.join(""));
        rows = [];
      }
    }
    tx.closeStream(stream);
    parts.push(rows.join(""));
    return parts;
  }
}

type ZipEntry = { name: string } & ({ parts: string[]; encode?: (text: string) => string } | { path: string });

async function writeZip(path: string, entries: ZipEntry[]): Promise<void> {
  const output = createWriteStream(path);
  let failure: Error | null = null;
  output.on("error", (error) => (failure = error));
  const zip = new Zip((error, chunk) => {
    if (error !== null) failure = error;
    else output.write(chunk);
  });
  for (const entry of entries) {
    if ("path" in entry) {
      // Uploaded files are mostly compressed already.
      const file = new ZipPassThrough(entry.name);
      zip.add(file);
      file.push(readFileSync(entry.path), true);
    } else {
      const file = new ZipDeflate(entry.name, { level: 6 });
      zip.add(file);
      for (const part of entry.parts) {
        file.push(Buffer.from(entry.encode?.(part) ?? part, "utf8"));
        // Compressing is slow: others get the event loop between the parts.
        await new Promise((resolve) => setImmediate(resolve));
      }
      file.push(new Uint8Array(0), true);
    }
    if (failure !== null) throw failure as Error;
    if (output.writableNeedDrain) await once(output, "drain");
  }
  zip.end();
  output.end();
  await once(output, "finish");
}
