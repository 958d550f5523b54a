/**
 * Tables, indexes and schemas as data. In memory for reading, persisted under `m catalog/<component>`; changed only
 * inside a commit, and read back when a commit is abandoned.
 */
import type { Kv } from "../storage";
import type { Json, ValidatorJson } from "../values";
import { ComponentTables } from "./component-tables";
import { RowCounts } from "./row-counts";
import type { SchemaJson } from "./schema";
import { BY_CREATION_TIME, type Index, makeTable, listServedIndexes, makeSlot, type Table } from "./table";
import { UnservedTables } from "./unserved-tables";
import { WriteObservers } from "./write-observers";

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

const PREFIX = "m\0catalog/";
const COUNTER = Buffer.from("m\0nextCatalogId");

/** Written when a table is made, so that queries which found it missing run again. */
export const TABLES_INDEX_ID = 0;

/** Tables, indexes, schemas and components as data: durable, and changed only inside a commit. */
export class Catalog {
  readonly unserved: UnservedTables;
  readonly rows: RowCounts;
  readonly observers = new WriteObservers();
  readonly #byPath = new Map<string, ComponentTables>();
  readonly #byTableId = new Map<number, Table>();
  readonly #dirty = new Set<string>();
  #created: { component: string; name: string }[] = [];
  #nextId = 1;
  readonly #kv: Kv;

  constructor(kv: Kv) {
    this.#kv = kv;
    this.rows = new RowCounts(kv);
    this.unserved = new UnservedTables(kv, this.rows);
    this.reload();
    if (!this.rows.areKept) kv.transaction(() => this.rows.begin(this.#byTableId.keys()));
  }

  /** Replaces the state in memory by the one on disk. */
  reload(): void {
    this.#byPath.clear();
    this.#byTableId.clear();
    this.#dirty.clear();
    this.#created = [];
    this.unserved.reload();
    this.observers.restoreRemoved();
    this.#nextId = Number(this.#kv.getText(COUNTER) ?? "1");
    const start = Buffer.from(PREFIX);
    for (const key of this.#kv.keys(start, Buffer.from("m\0catalog0"), false, 100_000)) {
      const path = key.toString("utf8").slice(PREFIX.length);
      const stored = JSON.parse(this.#kv.getText(key)!) as StoredComponent;
      for (const { indexes, ...table } of stored.tables) this.#addTable(makeTable(table, path, indexes));
      this.#component(path).schema = stored.schema;
    }
  }

  /** Persists the changes since the last call; inside a commit. */
  save(): void {
    const isChanged = this.unserved.save() || this.#dirty.size > 0;
    for (const path of this.#dirty) {
      const component = this.#component(path);
      const tables = [...component.byName.values()].map(({ id, number, name, byId, indexes }) => ({
        id,
        number,
        name,
        byId,
        indexes: [...indexes.values()],
      }));
      this.#kv.put(Buffer.from(PREFIX + path), Buffer.from(JSON.stringify({ tables, schema: component.schema })));
    }
    if (isChanged) this.#kv.put(COUNTER, Buffer.from(String(this.#nextId)));
    this.#dirty.clear();
  }

  components(): string[] {
    return [...new Set(["", ...this.#byPath.keys()])];
  }

  tables(path: string): { name: string; number: number; system: boolean }[] {
    return this.#component(path).list();
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
    return this.#component(path).byName.get(name);
  }

  tableByNumber(path: string, number: number): Table | undefined {
    return this.#component(path).byNumber.get(number);
  }

  tableById(id: number): Table | undefined {
    return this.#byTableId.get(id);
  }

  /** The validator documents of a table must match, or null when anything goes. */
  documentType(path: string, table: string): ValidatorJson | null {
    return this.#component(path).documentType(table);
  }

  ensureTable(path: string, name: string, number?: number): Table {
    const component = this.#component(path);
    const known = component.byName.get(name);
    if (known) return known;
    this.#dirty.add(path);
    const ids = this.#takeTableIds();
    this.#created.push({ component: path, name });
    const stored = { id: ids.id, byId: ids.byId, name, number: number ?? component.chooseNumber(name) };
    return this.#addTable(makeTable(stored, path, [ids.byCreationTime]));
  }

  /** Ids in the table have another number from now on; its rows must be written anew. */
  renumberTable(table: Table, number: number): void {
    if (table.number === number) return;
    this.#component(table.component).renumber(table, number);
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
    this.renumberTable(component.byName.get(name)!, component.findFreeNumber(taken));
  }

  /**
   * Makes a table that is not served, to be filled and to take the place of the one of that name, with the same
   * indexes; in a commit. @param copies whether every write to that one is applied to it too.
   */
  stage(path: string, name: string, copies: boolean): Table {
    const current = this.table(path, name);
    const { id, byId, byCreationTime } = this.#takeTableIds();
    const indexes = listServedIndexes(current).map((index): Index => ({ ...index, id: this.#nextId++ }));
    const table = makeTable({ id, byId, name, number: 0 }, path, [byCreationTime, ...indexes]);
    table.system = false;
    this.unserved.beginFilling(table, copies ? current : undefined);
    return table;
  }

  /** Whether a staged table has the indexes of the one that it replaces. */
  canServe(staged: Table): boolean {
    const specs = (table: Table | undefined) =>
      JSON.stringify(
        listServedIndexes(table).map(({ name, fields, staged, search }) => [
          name,
          fields,
          staged ?? false,
          search ?? null,
        ]),
      );
    return specs(this.table(staged.component, staged.name)) === specs(staged);
  }

  /** Inside a commit: serves a staged table in place of the one of its name. @returns the replaced one. */
  serveTable(staged: Table, number: number): Table | null {
    const component = this.#component(staged.component);
    const replaced = component.byName.get(staged.name) ?? null;
    if (replaced === null) this.#created.push({ component: staged.component, name: staged.name });
    else {
      component.releaseNumber(replaced);
      this.#byTableId.delete(replaced.id);
      this.unserved.add(replaced);
    }
    this.unserved.remove(staged);
    staged.number = number;
    this.#addTable(staged);
    this.#dirty.add(staged.component);
    this.observers.restart(staged.component);
    return replaced;
  }

  addIndex(table: Table, spec: Omit<Index, "id">): Index {
    const index = { ...spec, id: this.#nextId++ };
    table.indexes.set(makeSlot(index), index);
    this.#dirty.add(table.component);
    return index;
  }

  removeIndex(table: Table, index: Index): void {
    if (table.indexes.delete(makeSlot(index))) this.#dirty.add(table.component);
  }

  /** Inside a commit: no longer keeps the index. Sweeps remove its rows, which may be many. */
  dropIndex(table: Table, index: Index): void {
    this.removeIndex(table, index);
    this.unserved.addIndex(index);
  }

  /** Serves the index under its name, which must be free. */
  serveIndex(table: Table, index: Index): void {
    this.removeIndex(table, index);
    delete index.building;
    table.indexes.set(makeSlot(index), index);
  }

  /** Takes the tables made since the last call, or since an abandoned commit. */
  takeCreated(): { component: string; name: string }[] {
    if (this.#created.length === 0) return this.#created;
    const created = this.#created;
    this.#created = [];
    return created;
  }

  /** Removes the indexes of builds that a crash ended; inside a commit. */
  removeUnfinished(): void {
    for (const table of this.#byTableId.values())
      for (const index of [...table.indexes.values()]) if (index.building) this.dropIndex(table, index);
    this.save();
  }

  get hasUnfinished(): boolean {
    return [...this.#byTableId.values()].some(({ indexes }) => [...indexes.values()].some(({ building }) => building));
  }

  serveSchema(path: string, schema: SchemaJson | null): void {
    this.#component(path).schema = schema;
    this.#dirty.add(path);
  }

  #component(path: string): ComponentTables {
    let component = this.#byPath.get(path);
    if (!component) this.#byPath.set(path, (component = new ComponentTables()));
    return component;
  }

  #addTable(table: Table): Table {
    this.#byTableId.set(table.id, table);
    this.#component(table.component).add(table);
    return table;
  }

  #takeTableIds(): { id: number; byId: number; byCreationTime: Index } {
    const [id, byId, byTime] = [this.#nextId++, this.#nextId++, this.#nextId++];
    return { id, byId, byCreationTime: { ...BY_CREATION_TIME, id: byTime } };
  }
}
