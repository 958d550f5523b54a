/** An import that has been checked as a whole, and is then written in one step. */
import { createHash } from "node:crypto";
import type { SchemaJson } from "../../documents";
import type { Engine } from "../../engine";
import { FunctionError, makeTimeSlices } from "../../lib";
import type { Store, TableLoad, Transaction } from "../../transactions";
import { decodeId, type JsonObject } from "../../values";
import type { FileStorage, RestoredFile } from "../files";
import { makePlaceKey } from "./import-archive";
import { ImportError } from "./import-error";
import type { ImportedData, ImportedFile, ImportedTable } from "./import-parser";
import { assignNumbers, type ImportMode, type Numbers, type Wanted } from "./table-numbers";

const TABLE_NAME = /^[a-zA-Z][a-zA-Z0-9_]{0,63}$/;
const STORAGE = "_storage";

interface PlanParts {
  store: Store;
  storage: FileStorage;
  mode: ImportMode;
  wanted: Wanted[];
  planned: Numbers;
  /** The schemas that rows were checked against, as text. */
  schemas: string;
  loads: TableLoad[];
  files: RestoredFile[];
  /** Components whose `_storage` is part of the import. */
  storages: string[];
}

export class ImportPlan {
  readonly loads: TableLoad[];
  readonly #parts: PlanParts;

  constructor(parts: PlanParts) {
    this.loads = parts.loads;
    this.#parts = parts;
  }

  /**
   * Checks everything, in slices that let others be served.
   * @throws ImportError
   */
  static async make(store: Store, storage: FileStorage, mode: ImportMode, data: ImportedData): Promise<ImportPlan> {
    const known = store.catalog.components();
    for (const { component } of [...data.tables, ...data.storages.map((component) => ({ component }))])
      if (!known.includes(component))
        throw new ImportError(`There is no component "${component}". Push the app that has it first.`);
    for (const { table } of data.tables)
      if (!TABLE_NAME.test(table))
        throw new ImportError(
          `"${table}" is no table name: use letters, digits and underscores, at most 64, starting with a letter.`,
        );
    const files = data.files.map(restoreFile);
    const wanted = await listWantedNumbers(data, files);
    if (mode === "replaceAll") addOthers(store, wanted);
    const planned = assignNumbers(store, mode, wanted);
    const schemas = describeSchemas(store, wanted);
    const pause = makeTimeSlices();
    const loads: TableLoad[] = [];
    for (const { component, table } of wanted) {
      if (table === STORAGE) continue;
      const number = planned.numbers.get(makePlaceKey(component, table))!;
      const tableNumber = makeNumberLookup(store, planned, component);
      const load = store.load({ component, table, number, tableNumber, replaces: mode !== "append" });
      loads.push(load);
      const source = data.tables.find((one) => one.component === component && one.table === table);
      if (source) await fillTable(load, source, listOptionalFields(store, source), pause);
    }
    const plan = new ImportPlan({
      store,
      storage,
      mode,
      wanted,
      planned,
      schemas,
      loads,
      files,
      storages: data.storages,
    });
    plan.#mustNotDoubleFiles();
    return plan;
  }

  /** @returns rows written. @throws ImportError, or what a write throws; nothing has changed then. */
  async perform(engine: Engine, pause: () => Promise<void>): Promise<number> {
    const prepared = await this.#parts.storage.prepare(this.#parts.files);
    try {
      for (const load of this.loads) await load.stage(pause);
      const renumbers = await engine.transactAtLength((tx) => this.#serve(tx, prepared.put));
      // A query that found nothing under an ID of another number did not record a read of that table.
      if (renumbers) engine.environmentChanged();
    } finally {
      for (const load of this.loads) load.end();
      prepared.done();
    }
    return this.loads.reduce((sum, { count }) => sum + count, 0);
  }

  #serve(tx: Transaction, putFiles: (tx: Transaction) => void): boolean {
    const { store, mode, wanted, planned } = this.#parts;
    // Others may have written since it was checked.
    const now = assignNumbers(store, mode, wanted);
    const isSame =
      JSON.stringify([...now.numbers, now.aside]) === JSON.stringify([...planned.numbers, planned.aside]) &&
      describeSchemas(store, wanted) === this.#parts.schemas;
    if (!isSame) throw new ImportError("Tables or schemas changed during the import. Import again.");
    for (const load of this.loads) load.check();
    this.#mustNotDoubleFiles();
    // From here on nothing is refused.
    const replaces = mode === "replace" || mode === "replaceAll";
    if (replaces) for (const component of this.#parts.storages) this.#parts.storage.clear(tx, component);
    const taken = new Set(planned.numbers.values());
    const renumbers = wanted.some(({ component, table }) => {
      const existing = store.catalog.tables(component).find(({ name }) => name === table);
      return existing?.number !== planned.numbers.get(makePlaceKey(component, table));
    });
    for (const { component, table } of planned.aside) store.catalog.moveAside(component, table, taken);
    for (const { component, table } of wanted)
      if (table === STORAGE)
        store.catalog.renumber(component, table, planned.numbers.get(makePlaceKey(component, table))!);
    for (const load of this.loads) load.serve(tx);
    putFiles(tx);
    return renumbers;
  }

  #mustNotDoubleFiles(): void {
    if (this.#parts.mode !== "append") return;
    const tx = this.#parts.store.begin("read", { unlimited: true });
    for (const { component, document } of this.#parts.files)
      if (tx.get(component, document["_id"] as string, undefined, true) !== null)
        throw new ImportError(`There already is a file with the _id "${document["_id"] as string}".`);
  }
}

async function fillTable(
  load: TableLoad,
  { rows }: ImportedTable,
  optional: string[],
  pause: () => Promise<void> | null,
): Promise<void> {
  for await (const { row, where } of rows()) {
    for (const name of optional) if (row[name] === "") delete row[name];
    try {
      load.add(row);
    } catch (error) {
      if (error instanceof FunctionError) throw new ImportError(`${where}: ${error.message}`);
      throw error;
    }
    const pausing = pause();
    if (pausing) await pausing;
  }
}

/** Lists the fields whose empty cells in a CSV file stand for no value: the optional ones. */
function listOptionalFields(store: Store, { component, table, isCsv }: ImportedTable): string[] {
  if (!isCsv) return [];
  const schema = store.catalog.schema(component) as SchemaJson | null;
  const type = schema?.tables.find(({ tableName }) => tableName === table)?.documentType;
  if (type?.type !== "object") return [];
  return Object.entries(type.value).flatMap(([name, { optional }]) => (optional ? [name] : []));
}

/** The numbers that ids carry: as the archive lists them, else as in the first row. */
async function listWantedNumbers(data: ImportedData, files: RestoredFile[]): Promise<Wanted[]> {
  const wanted: Wanted[] = [];
  for (const { component, table, number, rows } of data.tables)
    wanted.push({ component, table, number: number ?? (await readFirstNumber(rows())) });
  for (const component of data.storages) {
    const ids = files.filter((file) => file.component === component).map(({ document }) => document["_id"] as string);
    const numbers = new Set(ids.map((id) => decodeId(id)!.tableNumber));
    if (numbers.size > 1) throw new ImportError("The IDs of files do not all have the same table number.");
    wanted.push({ component, table: STORAGE, number: [...numbers][0] ?? null });
  }
  return wanted;
}

async function readFirstNumber(rows: ReturnType<ImportedTable["rows"]>): Promise<number | null> {
  for await (const { row } of rows) {
    const id = row["_id"];
    return (typeof id === "string" ? decodeId(id)?.tableNumber : null) ?? null;
  }
  return null;
}

/** Tables that `replaceAll` empties. */
function addOthers(store: Store, wanted: Wanted[]): void {
  const named = new Set(wanted.map(({ component, table }) => makePlaceKey(component, table)));
  for (const component of store.catalog.components())
    for (const { name, system } of store.catalog.tables(component))
      if (!system && !named.has(makePlaceKey(component, name))) wanted.push({ component, table: name, number: null });
}

function makeNumberLookup(
  store: Store,
  { numbers, aside }: Numbers,
  component: string,
): (table: string) => number | null {
  return (table) => {
    const number = numbers.get(makePlaceKey(component, table));
    if (number !== undefined) return number;
    if (aside.some((one) => one.component === component && one.table === table)) return null;
    return store.catalog.tables(component).find(({ name }) => name === table)?.number ?? null;
  };
}

const describeSchemas = (store: Store, wanted: Wanted[]): string =>
  JSON.stringify(
    [...new Set(wanted.map(({ component }) => component))].map((component) => store.catalog.schema(component)),
  );

function restoreFile({ component, row, where, bytes }: ImportedFile): RestoredFile {
  const { _id, _creationTime, sha256, size, contentType } = row;
  const refuse = (why: string) => new ImportError(`${where}: ${why}.`);
  if (typeof _id !== "string" || decodeId(_id) === null) throw refuse(`the _id ${JSON.stringify(_id)} is not an ID`);
  if (_creationTime !== undefined && !(typeof _creationTime === "number" && _creationTime >= 0))
    throw refuse(`the _creationTime ${JSON.stringify(_creationTime)} is not a time`);
  if (contentType !== undefined && contentType !== null && typeof contentType !== "string")
    throw refuse("the contentType is not text");
  const digest = createHash("sha256").update(bytes).digest();
  if (typeof sha256 === "string" && sha256 !== digest.toString("base64") && sha256 !== digest.toString("hex"))
    throw refuse("the contents of the file are not those that its sha256 says");
  if (typeof size === "number" && size !== bytes.length)
    throw refuse(`the file has ${bytes.length} bytes, not ${size}`);
  const document: JsonObject = { _id, sha256: digest.toString("base64"), size: bytes.length };
  if (typeof _creationTime === "number") document["_creationTime"] = _creationTime;
  if (typeof contentType === "string") document["contentType"] = contentType;
  return { component, document, bytes };
}
