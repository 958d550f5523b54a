import { randomUUID } from "node:crypto";
import type { Engine } from "../../engine";
import { HttpError } from "../../lib";
import type { Store } from "../../transactions";
import { encodeNumber, type Json, type JsonObject } from "../../values";
import type { FileStorage } from "../files";
import { parseImport } from "./import-parser";
import { ImportPlan } from "./import-plan";
import type { TableWork } from "./table-work";
import type { ImportMode } from "./table-numbers";

const MODES: ImportMode[] = ["requireEmpty", "append", "replace", "replaceAll"];

type ImportState =
  | { state: "uploaded" }
  | { state: "waiting_for_confirmation"; message_to_confirm: string; require_manual_confirmation: boolean }
  | { state: "in_progress"; progress_message: string }
  | { state: "completed"; rows: number }
  | { state: "failed"; error_message: string };

interface Import {
  id: string;
  mode: ImportMode;
  plan: ImportPlan | null;
  state: ImportState;
}

interface ImportSurroundings {
  engine: Engine;
  store: Store;
  storage: FileStorage;
  work: TableWork;
}

const MAX_PARTS_BYTES = 1024 * 1024 * 1024;

/**
 * Imports of files into tables, as `convex import` drives them: upload in parts, check, confirm, perform. Kept in
 * memory until they are performed. Each is served in one step.
 */
export class Imports {
  readonly #uploads = new Map<string, Map<number, Uint8Array>>();
  readonly #imports = new Map<string, Import>();
  #listener: () => void = () => undefined;
  readonly #engine: Engine;
  readonly #store: Store;
  readonly #storage: FileStorage;
  readonly #work: TableWork;

  constructor({ engine, store, storage, work }: ImportSurroundings) {
    this.#engine = engine;
    this.#store = store;
    this.#storage = storage;
    this.#work = work;
  }

  /** Has `listener` called whenever the state of an import changes. */
  onChange(listener: () => void): void {
    this.#listener = listener;
  }

  startUpload(): string {
    const token = randomUUID();
    this.#uploads.set(token, new Map());
    return token;
  }

  addPart(token: string, partNumber: number, bytes: Uint8Array): void {
    const parts = this.#uploads.get(token);
    if (parts === undefined) throw new HttpError(400, "UnknownUpload", "There is no such upload. Start another one.");
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
    if (parts === undefined) throw new HttpError(400, "UnknownUpload", "There is no such upload. Start another one.");
    const mode = MODES.find((known) => known === args["mode"]);
    if (mode === undefined) throw new HttpError(400, "BadImport", `mode must be one of ${MODES.join(", ")}.`);
    this.#uploads.delete(token);
    const bytes = Buffer.concat([...parts].sort(([a], [b]) => a - b).map(([, part]) => part));
    const record: Import = { id: randomUUID(), mode, plan: null, state: { state: "uploaded" } };
    this.#imports.set(record.id, record);
    this.#check(record, bytes, args).catch((error: unknown) => this.#fail(record, error));
    return record.id;
  }

  async #check(record: Import, bytes: Uint8Array, args: Record<string, unknown>): Promise<void> {
    const component = typeof args["componentPath"] === "string" ? args["componentPath"] : "";
    const table = typeof args["tableName"] === "string" ? args["tableName"] : null;
    const data = await parseImport(String(args["format"]), bytes, component, table);
    const plan = await ImportPlan.make(this.#store, this.#storage, record.mode, data);
    record.plan = plan;
    const lines = plan.loads.map(
      ({ component: path, table: name, count }) => `  ${path === "" ? "" : `${path}: `}${name}: ${count} documents`,
    );
    const deleting = record.mode === "replace" || record.mode === "replaceAll";
    this.#set(record, {
      state: "waiting_for_confirmation",
      message_to_confirm: `Import ${deleting ? "(replacing what is there) " : ""}into:\n${lines.join("\n")}`,
      require_manual_confirmation: deleting,
    });
  }

  perform(id: string): void {
    const record = this.#imports.get(id);
    if (record?.state.state !== "waiting_for_confirmation")
      throw new HttpError(400, "ImportNotReady", "That import is not waiting for confirmation.");
    this.#set(record, { state: "in_progress", progress_message: "Importing" });
    const plan = record.plan!;
    record.plan = null;
    // One after the other: each takes it that only functions write meanwhile.
    this.#work.run(async () => {
      try {
        this.#set(record, {
          state: "completed",
          rows: await plan.perform(this.#engine, () => this.#work.pause()),
        });
      } catch (error) {
        this.#fail(record, error);
      }
    });
  }

  #fail(record: Import, error: unknown): void {
    record.plan = null;
    this.#set(record, {
      state: "failed",
      error_message: error instanceof Error ? error.message : String(error),
    });
  }

  #set(record: Import, state: ImportState): void {
    record.state = state;
    this.#listener();
  }

  /** As `_system/cli/queryImport` answers it. */
  state(id: string): Json {
    const record = this.#imports.get(id);
    return record === undefined ? null : encodeState(record);
  }

  list(): Json {
    return [...this.#imports.values()].reverse().slice(0, 20).map(encodeState);
  }
}

function encodeState({ id, state }: Import): JsonObject {
  const wire: JsonObject =
    state.state === "completed"
      ? { state: "completed", num_rows_written: encodeNumber(BigInt(state.rows)) }
      : { ...state };
  return { _id: id, state: wire };
}
