/**
 * Tables, indexes and schemas as data. In memory for reading, persisted under `m catalog/<component>`; changed only
 * inside a commit, and read back when a commit is abandoned.
 */
import type { Kv } from "../storage";
import { type ValidatorJson, type Json, prefixEnd } from "../values";
import { documentKey, indexRowKey, type StoredDocument } from "./document";
import { removeRows } from "./index-rows";
import { type SchemaJson, documentTypes } from "./schema";
import { type Index, type Table, type WriteObserver, BY_CREATION_TIME, servedIndexes, slotOf } from "./table";

interface StoredTable {
  id: number;
  number: number;
  name: string;
  byId: number;
  indexes: Index[];
}
interface StoredComponent {
  tables: StoredTable[];
  schema: SchemaJson | null;
}

/** A table that is not served: it is filled first, or emptied after it was replaced. */
interface Unserved {
  id: number;
  indexes: number[];
}

class Component {
  readonly tables = new Map<string, Table>();
  readonly byNumber = new Map<number, Table>();
  schema: SchemaJson | null = null;
  types: Map<string, ValidatorJson> = new Map();
  listed: { name: string; number: number; system: boolean }[] | null = null;
  readonly numbers = { tableNumber: (name: string) => this.tables.get(name)?.number ?? null };
}

const SYSTEM_TABLES: Record<string, number> = { _scheduled_functions: 9001, _storage: 9002 };
export const FIRST_USER_TABLE = 10_001;
const NOTHING = Buffer.alloc(0);
const PREFIX = "m\0catalog/";
const UNSERVED = Buffer.from("m\0unserved");
const COUNTER = Buffer.from("m\0nextCatalogId");

/** Written when a table is made, so that queries which found it missing run again. */
export const TABLES_INDEX_ID = 0;

/** Tables, indexes, schemas and components as data: durable, and changed only inside a commit. */
export class Catalog {
  readonly #byPath = new Map<string, Component>();
  readonly #byTableId = new Map<number, Table>();
  readonly #dirty = new Set<string>();
  #created: { component: string; name: string }[] = [];
  readonly #builds = new Set<WriteObserver>();
  #unwatched: WriteObserver[] = [];
  #nextId = 1;
  /** Durable, so that their rows are removed after a crash too. */
  #unserved: Unserved[] = [];
  #unservedChanged = false;
  /** Ids of the tables that are being filled. */
  readonly #filling = new Set<number>();
  /** Tables that copy another one, by that one's id. */
  readonly #copies = new Map<number, Table>();
  readonly #kv: Kv;

  constructor(kv: Kv) {
    this.#kv = kv;

    this.reload();
  }

  /** Replaces the state in memory by the one on disk. */
  reload(): void {
    this.#byPath.clear();
    this.#byTableId.clear();
    this.#dirty.clear();
    this.#created = [];
    this.#unserved = JSON.parse(this.#kv.getText(UNSERVED) ?? "[]") as Unserved[];
    this.#unservedChanged = false;
    for (const build of this.#unwatched) this.#builds.add(build);
    this.#unwatched = [];
    this.#nextId = Number(this.#kv.getText(COUNTER) ?? "1");
    const start = Buffer.from(PREFIX);
    for (const key of this.#kv.keys(start, Buffer.from("m\0catalog0"), false, 100_000)) {
      const path = key.toString("utf8").slice(PREFIX.length);
      const stored = JSON.parse(this.#kv.getText(key)!) as StoredComponent;
      const component = this.#component(path);
      for (const { indexes, ...table } of stored.tables) this.#addTable(component, path, table, indexes);
      this.#setSchema(component, stored.schema);
    }
  }

  /** Persists the changes since the last call; inside a commit. */
  save(): void {
    if (this.#unservedChanged) this.#kv.put(UNSERVED, Buffer.from(JSON.stringify(this.#unserved)));
    for (const path of this.#dirty) {
      const component = this.#component(path);
      const tables = [...component.tables.values()].map(({ id, number, name, byId, indexes }) => ({
        id,
        number,
        name,
        byId,
        indexes: [...indexes.values()],
      }));
      this.#kv.put(Buffer.from(PREFIX + path), Buffer.from(JSON.stringify({ tables, schema: component.schema })));
    }
    if (this.#dirty.size > 0 || this.#unservedChanged) this.#kv.put(COUNTER, Buffer.from(String(this.#nextId)));
    this.#dirty.clear();
    this.#unservedChanged = false;
  }

  components(): string[] {
    return [...new Set(["", ...this.#byPath.keys()])];
  }

  tables(path: string): { name: string; number: number; system: boolean }[] {
    const component = this.#component(path);
    return (component.listed ??= [...component.tables.values()].map(({ name, number, system }) => ({
      name,
      number,
      system,
    })));
  }

  /** The schema as `schema.export()` writes it, parsed. */
  schema(path: string): Json | null {
    return this.#component(path).schema as unknown as Json | null;
  }

  /** Table numbers of a component, for validators of document ids. */
  numbers(path: string): { tableNumber(name: string): number | null } {
    return this.#component(path).numbers;
  }

  table(path: string, name: string): Table | undefined {
    return this.#component(path).tables.get(name);
  }

  tableByNumber(path: string, number: number): Table | undefined {
    return this.#component(path).byNumber.get(number);
  }

  tableById(id: number): Table | undefined {
    return this.#byTableId.get(id);
  }

  /** The validator documents of a table must match, or null when anything goes. */
  documentType(path: string, table: string): ValidatorJson | null {
    return this.#component(path).types.get(table) ?? null;
  }

  ensureTable(path: string, name: string, number?: number): Table {
    const component = this.#component(path);
    const known = component.tables.get(name);
    if (known) return known;
    this.#dirty.add(path);
    const [id, byId, byTime] = [this.#nextId++, this.#nextId++, this.#nextId++];
    const byCreationTime = { ...BY_CREATION_TIME, id: byTime };
    this.#created.push({ component: path, name });
    return this.#addTable(component, path, { id, number: number ?? this.#freeNumber(component, name), name, byId }, [
      byCreationTime,
    ]);
  }

  /** Ids in the table have another number from now on; its rows must be written anew. */
  renumberTable(table: Table, number: number): void {
    if (table.number === number) return;
    const component = this.#component(table.component);
    if (component.byNumber.get(table.number) === table) component.byNumber.delete(table.number);
    table.number = number;
    component.byNumber.set(number, table);
    component.listed = null;
    this.#dirty.add(table.component);
  }

  /**
   * For imports, inside a commit: gives a table, whose rows are replaced, another number; makes it when there is none.
   */
  renumber(path: string, name: string, number: number): void {
    this.renumberTable(this.ensureTable(path, name, number), number);
  }

  /** For imports, inside a commit: gives an empty table a number that is neither in use nor among `taken`. */
  moveAside(path: string, name: string, taken: ReadonlySet<number>): void {
    const component = this.#component(path);
    const table = component.tables.get(name)!;
    let number = FIRST_USER_TABLE;
    while (component.byNumber.has(number) || taken.has(number)) number++;
    this.renumberTable(table, number);
  }

  /**
   * Makes a table that is not served, to be filled and to take the place of the one of that name, with the same
   * indexes; in a commit. @param copies whether every write to that one is applied to it too.
   */
  stage(path: string, name: string, copies: boolean): Table {
    const current = this.table(path, name);
    const [id, byId, byTime] = [this.#nextId++, this.#nextId++, this.#nextId++];
    const byCreationTime: Index = { ...BY_CREATION_TIME, id: byTime };
    const indexes = servedIndexes(current).map((index): Index => ({ ...index, id: this.#nextId++ }));
    const table: Table = {
      id,
      byId,
      number: 0,
      name,
      component: path,
      system: false,
      indexes: new Map([byCreationTime, ...indexes].map((index) => [slotOf(index), index])),
      byCreationTime,
    };
    this.#leaveUnserved(table);
    this.#filling.add(id);
    if (copies && current) this.#copies.set(current.id, table);
    return table;
  }

  /** The table that copies this one. */
  copyOf(table: Table): Table | undefined {
    return this.#copies.size > 0 ? this.#copies.get(table.id) : undefined;
  }

  /** Whether a staged table has the indexes of the one that it replaces. */
  canServe(staged: Table): boolean {
    const specs = (table: Table | undefined) =>
      JSON.stringify(
        servedIndexes(table).map(({ name, fields, staged, search }) => [name, fields, staged ?? false, search ?? null]),
      );
    return specs(this.table(staged.component, staged.name)) === specs(staged);
  }

  /** Inside a commit: serves a staged table in place of the one of its name. @returns the replaced one. */
  serveTable(staged: Table, number: number): Table | null {
    const component = this.#component(staged.component);
    const replaced = component.tables.get(staged.name) ?? null;
    if (replaced === null) this.#created.push({ component: staged.component, name: staged.name });
    else {
      if (component.byNumber.get(replaced.number) === replaced) component.byNumber.delete(replaced.number);
      this.#byTableId.delete(replaced.id);
      this.#leaveUnserved(replaced);
    }
    this.#unserved = this.#unserved.filter(({ id }) => id !== staged.id);
    staged.number = number;
    this.#byTableId.set(staged.id, staged);
    component.byNumber.set(number, staged);
    component.tables.set(staged.name, staged);
    component.listed = null;
    this.#dirty.add(staged.component);
    for (const build of this.#builds) build.restart(staged.component);
    return replaced;
  }

  /** Ends the filling of a table, whether it is served or not. */
  filled(staged: Table): void {
    this.#filling.delete(staged.id);
    for (const [id, copy] of this.#copies) if (copy === staged) this.#copies.delete(id);
  }

  #leaveUnserved(table: Table): void {
    this.#unserved.push({ id: table.id, indexes: [...table.indexes.values()].map(({ id }) => id) });
    this.#unservedChanged = true;
  }

  /** Removes some rows of an unserved table. @returns whether there are more. */
  sweep(rows: number): boolean {
    const table = this.#unserved.find(({ id }) => !this.#filling.has(id));
    if (!table) return false;
    this.#kv.transaction(() => {
      let left = rows;
      for (const prefix of [documentKey(table.id, NOTHING), ...table.indexes.map((id) => indexRowKey(id, NOTHING))]) {
        const keys = this.#kv.keys(prefix, prefixEnd(prefix), false, left);
        for (const key of keys) this.#kv.remove(key);
        if ((left -= keys.length) === 0) return;
      }
      this.#unserved = this.#unserved.filter(({ id }) => id !== table.id);
      this.#unservedChanged = true;
      this.save();
    });
    return true;
  }

  addIndex(table: Table, spec: Omit<Index, "id">): Index {
    const index = { ...spec, id: this.#nextId++ };
    table.indexes.set(slotOf(index), index);
    this.#dirty.add(table.component);
    return index;
  }

  removeIndex(table: Table, index: Index): void {
    if (table.indexes.delete(slotOf(index))) this.#dirty.add(table.component);
  }

  /** Serves the index under its name, which must be free. */
  serveIndex(table: Table, index: Index): void {
    this.removeIndex(table, index);
    delete index.building;
    table.indexes.set(slotOf(index), index);
  }

  /** Takes the tables made since the last call, or since an abandoned commit. */
  takeCreated(): { component: string; name: string }[] {
    if (this.#created.length === 0) return this.#created;
    const created = this.#created;
    this.#created = [];
    return created;
  }

  /** Shows every document that is written to a build, until `unwatch`. */
  watch(build: WriteObserver): void {
    this.#builds.add(build);
  }

  /** Ends a build, provided that the commit succeeds. */
  unwatch(build: WriteObserver): void {
    if (this.#builds.delete(build)) this.#unwatched.push(build);
  }

  /** Called when the commit has succeeded. */
  settle(): void {
    if (this.#unwatched.length > 0) this.#unwatched = [];
  }

  /** Removes the indexes of builds that a crash ended; inside a commit. */
  removeUnfinished(): void {
    for (const table of this.#byTableId.values())
      for (const index of [...table.indexes.values()])
        if (index.building) {
          this.removeIndex(table, index);
          removeRows(this.#kv, index);
        }
    this.save();
  }

  get hasUnfinished(): boolean {
    return [...this.#byTableId.values()].some(({ indexes }) => [...indexes.values()].some(({ building }) => building));
  }

  /** Called for each document that a commit writes; null stands for one that it removes. */
  written(table: Table, document: StoredDocument | null): void {
    if (document && this.#builds.size > 0) for (const build of this.#builds) build.written(table, document);
  }

  serveSchema(path: string, schema: SchemaJson | null): void {
    this.#setSchema(this.#component(path), schema);
    this.#dirty.add(path);
  }

  #component(path: string): Component {
    let component = this.#byPath.get(path);
    if (!component) this.#byPath.set(path, (component = new Component()));
    return component;
  }

  #setSchema(component: Component, schema: SchemaJson | null): void {
    component.schema = schema;
    component.types = documentTypes(schema);
  }

  #addTable(
    component: Component,
    path: string,
    stored: { id: number; number: number; name: string; byId: number },
    indexes: Index[],
  ): Table {
    const byCreationTime = indexes.find(({ name }) => name === "by_creation_time");
    if (!byCreationTime) throw new Error(`table ${stored.name} has no creation-time index`);
    const table: Table = {
      ...stored,
      component: path,
      system: stored.number < FIRST_USER_TABLE,
      indexes: new Map(indexes.map((index) => [slotOf(index), index])),
      byCreationTime,
    };
    // The name comes last: a function that its time limit ends in here leaves no half-known table behind.
    this.#byTableId.set(table.id, table);
    component.byNumber.set(table.number, table);
    component.listed = null;
    component.tables.set(table.name, table);
    return table;
  }

  #freeNumber(component: Component, name: string): number {
    const system = SYSTEM_TABLES[name];
    if (system !== undefined) return system;
    let number = FIRST_USER_TABLE;
    while (component.byNumber.has(number)) number++;
    return number;
  }
}
