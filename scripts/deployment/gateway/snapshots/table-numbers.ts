/**
 * Decides the numbers that tables have after an import. Ids carry their table's number, so that ids which are kept
 * decide it.
 */
import { FIRST_USER_TABLE, type SchemaJson } from "../../documents";
import type { Store } from "../../transactions";
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
  const { catalog } = store;
  const tx = store.begin("read", { unlimited: true });
  const isEmpty = (component: string, tableName: string): boolean => {
    if (!catalog.tables(component).some(({ name }) => name === tableName)) return true;
    const stream = tx.openStream(component, {
      source: { type: "FullTableScan", tableName, order: "asc" },
      operators: [],
    });
    const first = tx.nextInStream(stream);
    tx.closeStream(stream);
    return first === null;
  };
  const numbers = new Map<string, number>();
  const aside: Numbers["aside"] = [];
  for (const component of new Set(wanted.map((one) => one.component))) {
    const here = wanted.filter((one) => one.component === component);
    const existing = new Map(catalog.tables(component).map((table) => [table.name, table]));
    const holders = new Map<number, string>();
    const assign = (table: string, number: number) => {
      const other = holders.get(number);
      if (other !== undefined)
        throw new ImportError(`Tables "${other}" and "${table}" cannot both have the IDs of table number ${number}.`);
      holders.set(number, table);
      numbers.set(makePlaceKey(component, table), number);
    };
    for (const { table, number } of here) {
      if (mode === "requireEmpty" && !isEmpty(component, table))
        throw new ImportError(`Table ${table} already has documents. Use --append or --replace.`);
      if (number === null) continue;
      if (number < FIRST_USER_TABLE !== (table === "_storage"))
        throw new ImportError(
          `Table "${table}" cannot have IDs of table number ${number}, which is ${table === "_storage" ? "not " : ""}a system table's.`,
        );
      const known = existing.get(table);
      if (mode === "append" && known !== undefined && known.number !== number && !isEmpty(component, table))
        throw new ImportError(
          `The IDs have table number ${number}, but those of the documents in "${table}" have ${known.number}. Leave _id out, or use --replace.`,
        );
      assign(table, number);
    }
    const names = new Set(here.map(({ table }) => table));
    for (const { table, number } of here) {
      if (number !== null) continue;
      const known = existing.get(table)?.number;
      let free = known ?? FIRST_USER_TABLE;
      const isTaken = () =>
        holders.has(free) || [...existing.values()].some((other) => other.number === free && other.name !== table);
      if (known === undefined || holders.has(known)) for (free = FIRST_USER_TABLE; isTaken();) free++;
      assign(table, free);
    }
    for (const { name, number } of existing.values()) {
      const claimant = holders.get(number);
      if (claimant === undefined || names.has(name)) continue;
      if (number < FIRST_USER_TABLE || !isEmpty(component, name))
        throw new ImportError(
          `The IDs of "${claimant}" have table number ${number}, which is that of table "${name}" here. Import into an empty deployment, or use --replace-all.`,
        );
      aside.push({ component, table: name });
    }
    for (const [name, { number }] of existing) {
      if (!names.has(name) || numbers.get(makePlaceKey(component, name)) === number) continue;
      const holder = listTablesWithIdsOf(catalog.schema(component) as SchemaJson | null, name).find(
        (table) => !names.has(table) && !isEmpty(component, table),
      );
      if (holder !== undefined && !isEmpty(component, name))
        throw new ImportError(
          `Table "${name}" would get other IDs, and table "${holder}" holds IDs of it. Import both.`,
        );
    }
  }
  return { numbers, aside };
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
