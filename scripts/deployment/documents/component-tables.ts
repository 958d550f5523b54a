import type { ValidatorJson } from "../values";
import { listDocumentTypes, type SchemaJson } from "./schema";
import { FIRST_USER_TABLE, type Table } from "./table";

const SYSTEM_TABLES: Record<string, number> = { _scheduled_functions: 9001, _storage: 9002 };

/** The served tables of one component, by name and by number, and its schema. */
export class ComponentTables {
  readonly byName = new Map<string, Table>();
  readonly byNumber = new Map<number, Table>();
  /** Table numbers by name, for validators of document ids. */
  readonly numbers = { tableNumber: (name: string) => this.byName.get(name)?.number ?? null };
  #schema: SchemaJson | null = null;
  #types: Map<string, ValidatorJson> = new Map();
  #listed: { name: string; number: number; system: boolean }[] | null = null;

  get schema(): SchemaJson | null {
    return this.#schema;
  }

  set schema(schema: SchemaJson | null) {
    this.#schema = schema;
    this.#types = listDocumentTypes(schema);
  }

  /** The validator documents of a table must match, or null when anything goes. */
  documentType(table: string): ValidatorJson | null {
    return this.#types.get(table) ?? null;
  }

  list(): { name: string; number: number; system: boolean }[] {
    return (this.#listed ??= [...this.byName.values()].map(({ name, number, system }) => ({ name, number, system })));
  }

  /** Serves the table in place of the one of its name. */
  add(table: Table): void {
    // The name comes last: a function that its time limit ends in here leaves no half-known table behind.
    this.byNumber.set(table.number, table);
    this.#listed = null;
    this.byName.set(table.name, table);
  }

  renumber(table: Table, number: number): void {
    this.releaseNumber(table);
    table.number = number;
    this.byNumber.set(number, table);
    this.#listed = null;
  }

  releaseNumber(table: Table): void {
    if (this.byNumber.get(table.number) === table) this.byNumber.delete(table.number);
  }

  /** The number that a new table of this name gets. */
  chooseNumber(name: string): number {
    return SYSTEM_TABLES[name] ?? this.findFreeNumber();
  }

  /** @param taken numbers that are not free either. */
  findFreeNumber(taken?: ReadonlySet<number>): number {
    let number = FIRST_USER_TABLE;
    while (this.byNumber.has(number) || taken?.has(number)) number++;
    return number;
  }
}
