import type { Engine, JsonObject, Store } from "../types";
import type { ImportedTable } from "./import-parse";

const BATCH_ROWS = 500;

/**
 * Writes one table's rows, some hundred to a transaction, so that others are served in between.
 * Ids are kept when the table can have the number they carry; else documents get new ones.
 * @param replace removes what is there first.
 * @returns rows written.
 */
export async function importTable(
  engine: Engine,
  store: Store,
  imported: ImportedTable,
  replace: boolean,
): Promise<number> {
  const { component, table, rows } = imported;
  if (replace) await clear(engine, store, component, table);
  const keepIds =
    imported.number !== null &&
    store.turn(() => store.catalog.adoptTable(component, table, imported.number!));
  for (let at = 0; at < rows.length; at += BATCH_ROWS) {
    const batch = rows.slice(at, at + BATCH_ROWS);
    await engine.transact((tx) => {
      for (const row of batch) {
        if (keepIds) tx.system.insert(component, table, row);
        else tx.insert(component, table, withoutSystemFields(row));
      }
    });
  }
  return rows.length;
}

function withoutSystemFields({ _id, _creationTime, ...fields }: JsonObject): JsonObject {
  return fields;
}

async function clear(engine: Engine, store: Store, component: string, table: string): Promise<void> {
  for (;;) {
    const removed = await engine.transact((tx) => {
      const stream = tx.openStream(component, {
        source: { type: "FullTableScan", tableName: table, order: "asc" },
        operators: [{ limit: BATCH_ROWS }],
      });
      const ids: string[] = [];
      for (
        let text = tx.nextInStream(stream);
        text !== null && ids.length < BATCH_ROWS;
        text = tx.nextInStream(stream)
      )
        ids.push((JSON.parse(text) as { _id: string })._id);
      tx.closeStream(stream);
      for (const id of ids) tx.system.remove(component, id);
      return ids.length;
    });
    if (removed < BATCH_ROWS) return;
  }
}
