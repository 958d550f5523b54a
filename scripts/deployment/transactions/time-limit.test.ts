import { createContext, Script } from "node:vm";
import { expect, test } from "vitest";
import type { JsonObject } from "../values";
import { collect, freshStore, indexScan, mutate, schemaOf, serve, tableScan } from "./testing";

/** Runs `work` over and over until the time limit ends it, wherever it is. */
function cutShort(work: () => void): void {
  const context = createContext({ work });
  const run = () => void new Script("for (;;) work()").runInContext(context, { timeout: 7 });
  expect(run).toThrow("timed out");
}

test("a time limit may end reads and writes anywhere: what is read afterwards is right", () => {
  const store = freshStore();
  serve(store, schemaOf({ rows: { indexes: { by_n: ["n"] } } }, false));
  const ids = mutate(store, (tx) =>
    Array.from({ length: 400 }, (_, n) => tx.insert("", "rows", { n, round: 0 })),
  ).value;
  for (let round = 1; round <= 40; round++) {
    cutShort(() => {
      const tx = store.begin("read");
      collect(tx, tableScan("rows", "desc", [{ limit: 50 }]));
      collect(tx, indexScan("rows.by_n", [{ type: "Gte", fieldPath: "n", value: 350 }]));
      for (const id of ids.slice(0, 20)) tx.get("", id);
    });
    store.groupCommit((writer) => {
      let made = 0;
      cutShort(() => {
        const tx = store.begin("write");
        tx.insert("", `made_${round}_${made++}`, { n: -1 });
        for (const id of ids.slice(0, 5)) tx.shallowMerge("", id, { round: -1 });
        collect(tx, tableScan("rows", "asc", [{ limit: 30 }]));
      });
      const tx = store.begin("write");
      for (const id of ids) tx.shallowMerge("", id, { round });
      tx.insert("", `made_${round}_${made}`, {});
      writer.commit(tx);
    });
    // A snapshot that a cut scan had pinned would show an earlier round.
    const rows = collect(store.begin("read"), tableScan("rows"));
    expect(rows.map((row: JsonObject) => [row.n, row.round])).toEqual(ids.map((_, n) => [n, round]));
    const numbers = store.catalog.tables("").map(({ number }) => number);
    expect(new Set(numbers).size).toBe(numbers.length);
  }
});
