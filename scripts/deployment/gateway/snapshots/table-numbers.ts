/**
 * Decides the numbers that tables have after an import. Ids carry their table's number, so that ids which are kept
 * decide it.
 */
import { FIRST_USER_TABLE, type SchemaJson } from "../../documents";
import type { Store, Transaction } from "../../transactions";
import type { ValidatorJson } from "../../values";
import { makePlaceKey } from "./import-archive";
import { ImportError } from "./import-error";

export type ImportMode = "requireEmpty" | "append" | "replace" | "replaceAll";

/** A table of an import, and the number that its ids carry; null when it has none. */
export interface Wanted {
  component: string;
  table: string;
  number: number | null;
}

export interface Numbers {
  /** By `makePlaceKey`. */
  numbers: Map<string, number>;
  /** Empty tables that have to give up their number. */
  aside: { component: string; table: string }[];
}

/**
 * Assigns numbers, and refuses what the mode or the tables that are there do not allow.
 * @throws ImportError
 */
export function assignNumbers(store: Store, mode: ImportMode, wanted: Wanted[]): Numbers {
  const tx = store.begin("read", { unlimited: true });
  const assigned: Numbers = { numbers: new Map(), aside: [] };
  for (const component of new Set(wanted.map((one) => one.component))) {
    const tables = wanted.filter((one) => one.component === component);
    const assignment = new ComponentAssignment({ store, tx, component }, tables, assigned);
    assignment.assignCarried(mode);
    assignment.assignOthers();
    assignment.moveAside();
    assignment.checkReferences();
  }
  return assigned;
}

/** The numbers of one component's tables while they are assigned. */
class ComponentAssignment {
  readonly #catalog: Store["catalog"];
  readonly #tx: Transaction;
  readonly #component: string;
  readonly #wanted: Wanted[];
  readonly #assigned: Numbers;
  /** The names of the tables that are imported. */
  readonly #names: Set<string>;
  /** The tables that are there, by name. */
  readonly #existing: Map<string, { name: string; number: number }>;
  /** The imported tables by the number that they get. */
  readonly #holders = new Map<number, string>();

  constructor(
    { store, tx, component }: { store: Store; tx: Transaction; component: string },
    wanted: Wanted[],
    assigned: Numbers,
  ) {
    this.#catalog = store.catalog;
    this.#tx = tx;
    this.#component = component;
    this.#wanted = wanted;
    this.#assigned = assigned;
    this.#names = new Set(wanted.map(({ table }) => table));
    this.#existing = new Map(store.catalog.tables(component).map((table) => [table.name, table]));
  }

  /** Assigns the numbers that ids carry. */
  assignCarried(mode: ImportMode): void {
    for (const { table, number } of this.#wanted) {
      if (mode === "requireEmpty" && !this.#isEmpty(table))
        throw new ImportError(`Table ${table} already has documents. Use --append or --replace.`);
      if (number === null) continue;
      if (number < FIRST_USER_TABLE !== (table === "_storage"))
        throw new ImportError(
          `Table "${table}" cannot have IDs of table number ${number}, which is ${table === "_storage" ? "not " : ""}a system table's.`,
        );
      const known = this.#existing.get(table);
      if (mode === "append" && known !== undefined && known.number !== number && !this.#isEmpty(table))
        throw new ImportError(
          `The IDs have table number ${number}, but those of the documents in "${table}" have ${known.number}. Leave _id out, or use --replace.`,
        );
      this.#assign(table, number);
    }
  }

  /** Assigns numbers that are free to the tables whose ids carry none; one that is there keeps its own if it can. */
  assignOthers(): void {
    for (const { table, number } of this.#wanted) {
      if (number !== null) continue;
      const known = this.#existing.get(table)?.number;
      this.#assign(table, known === undefined || this.#holders.has(known) ? this.#findFreeNumber(table) : known);
    }
  }

  /** Notes the tables that are there and must give up their number, which only empty ones can. */
  moveAside(): void {
    for (const { name, number } of this.#existing.values()) {
      const claimant = this.#holders.get(number);
      if (claimant === undefined || this.#names.has(name)) continue;
      if (number < FIRST_USER_TABLE || !this.#isEmpty(name))
        throw new ImportError(
          `The IDs of "${claimant}" have table number ${number}, which is that of table "${name}" here. Import into an empty deployment, or use --replace-all.`,
        );
      this.#assigned.aside.push({ component: this.#component, table: name });
    }
  }

  /** Refuses an import that would leave tables which stay with ids that lead nowhere. */
  checkReferences(): void {
    const schema = this.#catalog.schema(this.#component) as SchemaJson | null;
    for (const [name, { number }] of this.#existing) {
      if (!this.#names.has(name) || this.#holders.get(number) === name) continue;
      const holder = listTablesWithIdsOf(schema, name).find(
        (table) => !this.#names.has(table) && !this.#isEmpty(table),
      );
      if (holder !== undefined && !this.#isEmpty(name))
        throw new ImportError(
          `Table "${name}" would get other IDs, and table "${holder}" holds IDs of it. Import both.`,
        );
    }
  }

  #assign(table: string, number: number): void {
    const other = this.#holders.get(number);
    if (other !== undefined)
      throw new ImportError(`Tables "${other}" and "${table}" cannot both have the IDs of table number ${number}.`);
    this.#holders.set(number, table);
    this.#assigned.numbers.set(makePlaceKey(this.#component, table), number);
  }

  #findFreeNumber(table: string): number {
    const others = [...this.#existing.values()].filter(({ name }) => name !== table).map(({ number }) => number);
    const taken = new Set([...others, ...this.#holders.keys()]);
    let number = FIRST_USER_TABLE;
    while (taken.has(number)) number++;
    return number;
  }

  #isEmpty(tableName: string): boolean {
    if (!this.#existing.has(tableName)) return true;
    const stream = this.#tx.openStream(this.#component, {
      source: { type: "FullTableScan", tableName, order: "asc" },
      operators: [],
    });
    const first = this.#tx.nextInStream(stream);
    this.#tx.closeStream(stream);
    return first === null;
  }
}

function listTablesWithIdsOf(schema: SchemaJson | null, name: string): string[] {
  return (schema?.tables ?? [])
    .filter(({ documentType }) => documentType && holdsIds(documentType, name))
    .map(({ tableName }) => tableName);
}

function holdsIds(type: ValidatorJson, table: string): boolean {
  switch (type.type) {
    case "id":
      return type.tableName === table;
    case "array":
      return holdsIds(type.value, table);
    case "union":
      return type.value.some((one) => holdsIds(one, table));
    case "object":
      return Object.values(type.value).some(({ fieldType }) => holdsIds(fieldType, table));
    case "record":
      return (
        holdsIds(type.keys, table) || holdsIds("fieldType" in type.values ? type.values.fieldType : type.values, table)
      );
    default:
      return false;
  }
}
