import { checkTableName, StoredDocument, type Table } from "../documents";
import { FunctionError } from "../lib";
import {
  decodeId,
  encodeId,
  type JsonObject,
  measureDocument,
  makeInternalId,
  SYSTEM_LIMITS,
  validate,
} from "../values";
import { Change, type Overlay } from "./overlay";
import type { Backing, Reader } from "./reader";
import type { Usage } from "./usage";

export interface TransactionOptions {
  readOnly: boolean;
  now: number;
  enforceSchema: boolean;
  unlimited: boolean;
  nextCreationTime(now: number): number;
}

export interface DocumentAddress {
  component: string;
  id: string;
  table: string | undefined;
}

/** Crockford's letters, in lower case. */
const BASE32 = /^[0-9a-hjkmnp-tv-z]*$/;
/** Changes to a document that must be there, in the platform's words. */
const DONE = { patch: "Update", replace: "Replace", delete: "Delete" } as const;
type Method = "get" | "system.get" | keyof typeof DONE;
interface Located {
  table: Table;
  internal: Buffer;
}

/** Reads and writes single documents of a transaction, by id. */
export class DocumentAccess {
  readonly #backing: Backing;
  readonly #options: TransactionOptions;
  readonly #overlay: Overlay;
  readonly #usage: Usage;
  readonly #reader: Reader;

  constructor(
    { backing, options }: { backing: Backing; options: TransactionOptions },
    overlay: Overlay,
    usage: Usage,
    reader: Reader,
  ) {
    this.#backing = backing;
    this.#options = options;
    this.#overlay = overlay;
    this.#usage = usage;
    this.#reader = reader;
  }

  read(component: string, id: string, tableName: string | undefined, isSystem: boolean): StoredDocument | null {
    const found = this.#locate(isSystem ? "system.get" : "get", component, id, tableName);
    if (!found) return null;
    const { table, internal } = found;
    if (table.system !== isSystem)
      throw new FunctionError(
        `Table ${table.name} is ${table.system ? "a system table; use db.system" : "not a system table"}.`,
      );
    this.#reader.note(table.byId, internal);
    const document = this.#findCurrent(table, internal);
    if (document) this.#reader.count(document);
    return document;
  }

  /** Null for an id of a table that there is not. Errors are in the platform's words. */
  #locate(method: Method, component: string, id: string, tableName: string | undefined): Located | null {
    const decoded = decodeId(id);
    if (!decoded) {
      const problem = BASE32.test(id) ? `Invalid ID length ${id.length}` : "ID wasn't valid base32";
      throw new FunctionError(`Invalid argument \`id\` for \`db.${method}\`: Unable to decode ID: ${problem}`);
    }
    const table = this.#backing.catalog.tableByNumber(component, decoded.tableNumber);
    if (!table) return null;
    if (tableName !== undefined && table.name !== tableName)
      throw new FunctionError(
        `Invalid argument \`id\` for \`db.${method}\`: ` +
          `expected to be an Id<"${tableName}">, got Id<"${table.name}"> instead.`,
      );
    return { table, internal: decoded.internal };
  }

  #findCurrent(table: Table, internal: Buffer): StoredDocument | null {
    const change = this.#overlay.get(table.id, internal.toString("latin1"));
    return change ? change.after : this.#backing.cache.get(table, internal);
  }

  create(component: string, tableName: string, value: JsonObject, system: boolean): string {
    this.#mustWrite();
    if (!system && tableName.startsWith("_")) throw new FunctionError(`Table ${tableName} is a system table.`);
    checkTableName(tableName, "table", "db.insert");
    const { catalog } = this.#backing;
    const table = catalog.ensureTable(component, tableName);
    const given = system && typeof value._id === "string" ? decodeId(value._id) : null;
    const internal = given?.internal ?? makeInternalId(this.#options.now);
    const id = encodeId(table.number, internal);
    const creationTime =
      system && typeof value._creationTime === "number"
        ? value._creationTime
        : this.#options.nextCreationTime(this.#options.now);
    this.#write({ table, internal, id, creationTime }, value, system);
    return id;
  }

  change(
    { component, id, table: tableName }: DocumentAddress,
    how: "patch" | "replace",
    to: (old: JsonObject) => JsonObject,
    system = false,
  ): string {
    const { table, document } = this.#requireExisting(how, { component, id, table: tableName }, system);
    const next = to(document.value);
    const creationTime = document.value._creationTime as number;
    return this.#write({ table, internal: document.internalId, id, creationTime }, next, system).text;
  }

  delete(address: DocumentAddress, system = false): string {
    const { table, document } = this.#requireExisting("delete", address, system);
    this.#apply(table, document.internalId, null, 0);
    return document.text;
  }

  #requireExisting(method: keyof typeof DONE, { component, id, table: tableName }: DocumentAddress, system: boolean) {
    this.#mustWrite();
    const found = this.#locate(method, component, id, tableName);
    if (found?.table.system && !system) throw new FunctionError(`Table ${found.table.name} is a system table.`);
    if (found) this.#reader.note(found.table.byId, found.internal);
    const document = found && this.#findCurrent(found.table, found.internal);
    if (!found || !document) throw new FunctionError(`${DONE[method]} on nonexistent document ID ${id}`);
    return { table: found.table, document };
  }

  #write(
    { table, internal, id, creationTime }: { table: Table; internal: Buffer; id: string; creationTime: number },
    value: JsonObject,
    system: boolean,
  ): StoredDocument {
    const { _id: givenId, _creationTime: givenTime, ...fields } = value;
    if (givenId !== undefined && givenId !== id)
      throw new FunctionError(`Provided document ID ${id} doesn't match '_id' field ${JSON.stringify(givenId)}`);
    if (givenTime !== undefined && givenTime !== creationTime)
      throw new FunctionError(
        `Provided creation time ${creationTime} doesn't match '_creationTime' field ${JSON.stringify(givenTime)}`,
      );
    if (!system && this.#options.enforceSchema) this.#mustMatchSchema(table, fields);
    const whole = { ...fields, _creationTime: creationTime, _id: id };
    const bytes = table.system ? measureDocument(whole, SYSTEM_LIMITS) : measureDocument(whole);
    const document = new StoredDocument(internal, JSON.stringify(whole));
    this.#apply(table, internal, document, bytes);
    return document;
  }

  #apply(table: Table, internal: Buffer, after: StoredDocument | null, bytes: number): void {
    // Jobs have a limit of their own.
    if (!table.system) {
      this.#usage.add("documentsWritten", 1);
      this.#usage.add("bytesWritten", bytes);
    }
    this.#put(table, internal, after);
  }

  #put(table: Table, internal: Buffer, after: StoredDocument | null): void {
    const change = this.#overlay.get(table.id, internal.toString("latin1"));
    const before = change ? change.before : this.#backing.cache.get(table, internal);
    this.#overlay.set(new Change(table, internal, before, after));
  }

  #mustMatchSchema(table: Table, fields: JsonObject): void {
    const { catalog } = this.#backing;
    const type = catalog.documentType(table.component, table.name);
    const problem = type && validate(type, fields, catalog.numbers(table.component));
    if (problem)
      throw new FunctionError(
        `Failed to insert or update a document in table "${table.name}" because it does not match the schema: ${problem}`,
      );
  }

  #mustWrite(): void {
    if (this.#options.readOnly) throw new FunctionError("Queries cannot write to the database.");
  }
}

/** A patch: `{$undefined: null}` removes a field. */
export const mergePatch =
  (patch: JsonObject) =>
  (old: JsonObject): JsonObject => {
    const next = { ...old };
    for (const [name, value] of Object.entries(patch)) {
      const removes = typeof value === "object" && value !== null && !Array.isArray(value) && "$undefined" in value;
      if (removes) delete next[name];
      else next[name] = value;
    }
    return next;
  };
