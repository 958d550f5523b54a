import { randomUUID } from "node:crypto";
import type { Engine, Json, JsonObject, Store } from "../types";
import { type ImportedData, ImportError, parseImport } from "./import-parse";
import { int64 } from "./exports";
import type { FileStorage } from "./storage";
import { HttpError } from "./http-io";
import { importTable } from "./import-rows";

const MODES = ["requireEmpty", "append", "replace", "replaceAll"] as const;
export type ImportMode = (typeof MODES)[number];

type ImportState =
  | { state: "uploaded" }
  | { state: "waiting_for_confirmation"; message_to_confirm: string; require_manual_confirmation: boolean }
  | { state: "in_progress"; progress_message: string }
  | { state: "completed"; rows: number }
  | { state: "failed"; error_message: string };

interface Import {
  id: string;
  mode: ImportMode;
  data: ImportedData | null;
  state: ImportState;
}

const MAX_PARTS_BYTES = 1024 * 1024 * 1024;

/** Imports of files into tables, as `convex import` drives them: upload in parts, parse, confirm, perform. Kept in memory. */
export class Imports {
  readonly #uploads = new Map<string, Map<number, Uint8Array>>();
  readonly #imports = new Map<string, Import>();
  #engine: Engine | null = null;

  constructor(
    private readonly store: Store,
    private readonly storage: FileStorage,
    private readonly onChange: () => void,
  ) {}

  start(engine: Engine): void {
    this.#engine = engine;
  }

  startUpload(): string {
    const token = randomUUID();
    this.#uploads.set(token, new Map());
    return token;
  }

  addPart(token: string, partNumber: number, bytes: Uint8Array): void {
    const parts = this.#uploads.get(token);
    if (parts === undefined)
      throw new HttpError(400, "UnknownUpload", "There is no such upload. Start another one.");
    if (!Number.isInteger(partNumber) || partNumber < 1)
      throw new HttpError(400, "BadPart", "partNumber must be a positive integer.");
    parts.set(partNumber, bytes);
    let size = 0;
    for (const part of parts.values()) size += part.length;
    if (size > MAX_PARTS_BYTES) {
      this.#uploads.delete(token);
      throw new HttpError(413, "ImportTooLarge", `An import may have ${MAX_PARTS_BYTES} bytes.`);
    }
  }

  /** Parses what was uploaded; the result waits for confirmation. */
  finishUpload(token: string, args: Record<string, unknown>): string {
    const parts = this.#uploads.get(token);
    if (parts === undefined)
      throw new HttpError(400, "UnknownUpload", "There is no such upload. Start another one.");
    const mode = MODES.find((known) => known === args["mode"]);
    if (mode === undefined) throw new HttpError(400, "BadImport", `mode must be one of ${MODES.join(", ")}.`);
    this.#uploads.delete(token);
    const bytes = Buffer.concat([...parts].sort(([a], [b]) => a - b).map(([, part]) => part));
    const record: Import = { id: randomUUID(), mode, data: null, state: { state: "uploaded" } };
    this.#imports.set(record.id, record);
    setImmediate(() => this.#parse(record, bytes, args));
    return record.id;
  }

  #parse(record: Import, bytes: Uint8Array, args: Record<string, unknown>): void {
    try {
      const component = typeof args["componentPath"] === "string" ? args["componentPath"] : "";
      const table = typeof args["tableName"] === "string" ? args["tableName"] : null;
      record.data = parseImport(String(args["format"]), bytes, component, table);
      const known = this.store.catalog.components();
      const stranger = [...record.data.tables, ...record.data.files].find(
        (part) => !known.includes(part.component),
      );
      if (stranger !== undefined)
        throw new ImportError(
          `There is no component "${stranger.component}". Push the app that has it first.`,
        );
      this.#requireEmpty(record, record.data);
      const lines = record.data.tables.map(
        ({ component: path, table: name, rows }) =>
          `  ${path === "" ? "" : `${path}: `}${name}: ${rows.length} documents`,
      );
      const deleting = record.mode === "replace" || record.mode === "replaceAll";
      this.#set(record, {
        state: "waiting_for_confirmation",
        message_to_confirm: `Import ${deleting ? "(replacing what is there) " : ""}into:\n${lines.join("\n")}`,
        require_manual_confirmation: deleting,
      });
    } catch (error) {
      this.#fail(record, error);
    }
  }

  #requireEmpty(record: Import, data: ImportedData): void {
    if (record.mode !== "requireEmpty") return;
    const tx = this.store.begin("read", { unlimited: true });
    const full = data.tables.find(({ component, table }) => tx.count(component, table) > 0);
    if (full !== undefined)
      throw new ImportError(`Table ${full.table} already has documents. Use --append or --replace.`);
  }

  perform(id: string): void {
    const record = this.#imports.get(id);
    if (record?.state.state !== "waiting_for_confirmation")
      throw new HttpError(400, "ImportNotReady", "That import is not waiting for confirmation.");
    this.#set(record, { state: "in_progress", progress_message: "Importing" });
    this.#run(record, record.data!).then(
      (rows) => this.#set(record, { state: "completed", rows }),
      (error: unknown) => this.#fail(record, error),
    );
  }

  async #run(record: Import, data: ImportedData): Promise<number> {
    const engine = this.#engine!;
    if (record.mode === "replaceAll") {
      const imported = new Set(data.tables.map(({ component, table }) => `${component}\n${table}`));
      for (const component of new Set(data.tables.map((table) => table.component))) {
        for (const { name, system } of this.store.catalog.tables(component)) {
          if (!system && !imported.has(`${component}\n${name}`))
            data.tables.push({ component, table: name, number: null, rows: [] });
        }
      }
    }
    for (const file of data.files) await this.storage.restore(file);
    let rows = 0;
    for (const table of data.tables)
      rows += await importTable(
        engine,
        this.store,
        table,
        record.mode === "replace" || record.mode === "replaceAll",
      );
    record.data = null;
    return rows;
  }

  #fail(record: Import, error: unknown): void {
    record.data = null;
    this.#set(record, {
      state: "failed",
      error_message: error instanceof Error ? error.message : String(error),
    });
  }

  #set(record: Import, state: ImportState): void {
    record.state = state;
    this.onChange();
  }

  /** As `_system/cli/queryImport` answers it. */
  state(id: string): Json {
    const record = this.#imports.get(id);
    return record === undefined ? null : wireState(record);
  }

  list(): Json {
    return [...this.#imports.values()].reverse().slice(0, 20).map(wireState);
  }
}

function wireState({ id, state }: Import): JsonObject {
  const wire: JsonObject =
    state.state === "completed"
      ? { state: "completed", num_rows_written: int64(BigInt(state.rows)) }
      : { ...state };
  return { _id: id, state: wire };
}
