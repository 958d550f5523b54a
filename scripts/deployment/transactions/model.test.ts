import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ReadSetIndex } from "../queries/read-set-index";
import { compareValues, type Json, type JsonObject } from "../values";
import type { Commit } from "./read-set";
import type { Store } from "./store";
import {
  collect,
  freshStore,
  indexScan,
  mutate,
  reopened,
  schemaOf,
  searchFor,
  serve,
  tableScan,
  temporaryFolder,
} from "./testing";
import type { Transaction } from "./transaction";

const schema = schemaOf(
  {
    rows: {
      indexes: { by_a: ["a"], by_a_b: ["a", "b.c"] },
      search: { by_text: { field: "text", filters: ["a"] } },
    },
  },
  false,
);

const small = fc.constantFrom<Json>(0, 1, 2, "x", "y", null, { $integer: "AQAAAAAAAAA=" });
const words = fc
  .array(fc.constantFrom("red", "reddish", "blue", "green"), { maxLength: 3 })
  .map((parts) => parts.join(" "));
const row = fc.record(
  { a: small, b: fc.record({ c: small }, { requiredKeys: [] }), text: words },
  { requiredKeys: [], noNullPrototype: true },
) as fc.Arbitrary<JsonObject>;
const which = fc.nat(30);

interface Write {
  do: "insert" | "patch" | "replace" | "remove";
  which: number;
  row: JsonObject;
}
const write: fc.Arbitrary<Write> = fc.record({
  do: fc.constantFrom("insert", "insert", "patch", "replace", "remove"),
  which,
  row,
});
interface Block {
  writes: Write[];
  nested: { writes: Write[]; kept: boolean } | null;
  committed: boolean;
}
const block: fc.Arbitrary<Block> = fc.record({
  writes: fc.array(write, { maxLength: 6 }),
  nested: fc.option(fc.record({ writes: fc.array(write, { maxLength: 4 }), kept: fc.boolean() })),
  committed: fc.boolean(),
});

const bound = fc.record({
  type: fc.constantFrom("Gt", "Gte", "Lt", "Lte"),
  fieldPath: fc.constant("b.c"),
  value: small,
});
const limit = fc.option(fc.integer({ min: 1, max: 4 }));
const order = fc.constantFrom("asc" as const, "desc" as const);
const filter = fc.option(small);
interface Asked {
  query: JsonObject;
  matches: (row: JsonObject) => boolean;
  keys: string[];
  order: "asc" | "desc";
  limit: number | null;
}
const asked: fc.Arbitrary<Asked> = fc
  .record({ kind: fc.constantFrom("table", "a", "a_b"), a: small, bound, order, limit, filter })
  .map(({ kind, a, bound, order, limit, filter }) => {
    const operators: Json[] = [];
    if (filter !== null) operators.push({ filter: { $eq: [{ $field: "a" }, { $literal: filter }] } });
    if (limit !== null) operators.push({ limit });
    const equal = { type: "Eq", fieldPath: "a", value: a };
    const passes = (row: JsonObject) => filter === null || compareValues(row.a, filter) === 0;
    const inBound = (row: JsonObject) => {
      const sign = compareValues((row.b as JsonObject | undefined)?.c, bound.value);
      return { Gt: sign > 0, Gte: sign >= 0, Lt: sign < 0, Lte: sign <= 0 }[bound.type];
    };
    if (kind === "table")
      return { query: tableScan("rows", order, operators), matches: passes, keys: [], order, limit };
    if (kind === "a")
      return {
        query: indexScan("rows.by_a", [equal], order, operators),
        matches: (row: JsonObject) => passes(row) && compareValues(row.a, a) === 0,
        keys: ["a"],
        order,
        limit,
      };
    return {
      query: indexScan("rows.by_a_b", [equal, bound], order, operators),
      matches: (row: JsonObject) => passes(row) && compareValues(row.a, a) === 0 && inBound(row),
      keys: ["a", "b"],
      order,
      limit,
    };
  });

function answer(model: Map<string, JsonObject>, { matches, keys, order, limit }: Asked): JsonObject[] {
  const found = [...model.values()].filter(matches);
  const keyOf = (row: JsonObject, key: string) => (key === "b" ? (row.b as JsonObject | undefined)?.c : row[key]);
  found.sort((x, y) => {
    for (const key of keys) {
      const sign = compareValues(keyOf(x, key), keyOf(y, key));
      if (sign !== 0) return sign;
    }
    return (x._creationTime as number) - (y._creationTime as number);
  });
  if (order === "desc") found.reverse();
  return limit === null ? found : found.slice(0, limit);
}

function apply(tx: Transaction, model: Map<string, JsonObject>, writes: Write[]): void {
  for (const { do: what, which, row } of writes) {
    const ids = [...model.keys()];
    const id = ids[which % ids.length];
    if (what === "insert" || id === undefined) {
      const made = tx.insert("", "rows", row);
      model.set(made, JSON.parse(tx.get("", made)!) as JsonObject);
    } else if (what === "remove") {
      expect(JSON.parse(tx.remove("", id))).toEqual(model.get(id));
      model.delete(id);
    } else {
      const { _id, _creationTime } = model.get(id)!;
      const next =
        what === "patch" ? { ...model.get(id), ...row } : { ...row, _id: _id!, _creationTime: _creationTime! };
      const given = what === "patch" ? tx.shallowMerge("", id, row) : tx.replace("", id, row);
      expect(JSON.parse(given)).toEqual(next);
      model.set(id, next);
    }
  }
}

function agrees(tx: Transaction, model: Map<string, JsonObject>, questions: Asked[]): void {
  for (const question of questions) expect(collect(tx, question.query)).toEqual(answer(model, question));
  for (const [id, row] of model) expect(JSON.parse(tx.get("", id)!)).toEqual(row);
}

describe("transactions against a naive model", () => {
  test("every history reads as it wrote: within, after commit, after a restart", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(block, { minLength: 1, maxLength: 5 }),
        fc.array(asked, { maxLength: 5 }),
        async (blocks, questions) => {
          const folder = temporaryFolder();
          let store = freshStore(folder);
          serve(store, schema);
          let model = new Map<string, JsonObject>();
          for (const { writes, nested, committed } of blocks) {
            let draft = new Map(model);
            store.groupCommit((writer) => {
              const tx = store.begin("write");
              apply(tx, draft, writes);
              agrees(tx, draft, questions);
              if (nested) {
                const inner = new Map(draft);
                const child = tx.fork();
                apply(child, inner, nested.writes);
                agrees(child, inner, questions);
                if (nested.kept) {
                  tx.join(child);
                  draft = inner;
                } else tx.drop(child);
                agrees(tx, draft, questions);
              }
              if (committed) writer.commit(tx);
            });
            if (committed) model = draft;
            agrees(store.begin("read"), model, questions);
          }
          store = await reopened(store, folder);
          agrees(store.begin("read"), model, questions);
          expect(store.begin("read").count("", "rows")).toBe(model.size);
        },
      ),
      { numRuns: 40 },
    );
  });
});

/** A query by what it asks a transaction, and its answer as text. */
type Reading = (tx: Transaction) => string;
const search = fc.record({ text: words, a: fc.option(small) }).map(
  ({ text, a }): Reading =>
    (tx) =>
      JSON.stringify(collect(tx, searchFor("rows.by_text", "text", text, a === null ? {} : { a }))),
);
const page = fc
  .record({
    question: asked,
    pageSize: fc.integer({ min: 1, max: 3 }),
    pages: fc.integer({ min: 1, max: 2 }),
  })
  .map(({ question, pageSize, pages }) => (): Reading => {
    // Later runs of a page stop where the first one did.
    const journals: (string | null)[] = [];
    return (tx) => {
      let cursor: string | null = null;
      const found: string[] = [];
      for (let n = 0; n < pages; n++) {
        const journal = { previous: journals[n] ?? null, next: null };
        const text = tx.readPage("", { query: question.query, cursor, pageSize }, journal);
        journals[n] = journal.next;
        cursor = (JSON.parse(text) as { continueCursor: string }).continueCursor;
        found.push(text);
      }
      return found.join("\n");
    };
  });
const missing: Reading = (tx) => JSON.stringify([collect(tx, tableScan("others")), tx.count("", "others")]);
/** Made anew for each store, as pages remember where they ended. */
const reading: fc.Arbitrary<() => Reading> = fc.oneof(
  page,
  fc
    .oneof(
      asked.map(
        ({ query }): Reading =>
          (tx) =>
            JSON.stringify(collect(tx, query)),
      ),
      search,
      fc.constant(missing),
      fc.constant<Reading>((tx) => String(tx.count("", "rows"))),
      asked.map(({ query }): Reading => (tx) => {
        // Only the first row is taken: what lies behind it is not read.
        const stream = tx.openStream("", query);
        const first = tx.nextInStream(stream);
        tx.closeStream(stream);
        return String(first);
      }),
    )
    .map((reading) => () => reading),
);

function seeded(rows: JsonObject[]): { store: Store; ids: string[] } {
  const store = freshStore();
  serve(store, schema);
  const { value: ids } = mutate(store, (tx) => rows.map((row) => tx.insert("", "rows", row)));
  return { store, ids };
}

describe("invalidation", () => {
  test("whose answer a commit changes is among those it finds", () => {
    let changes = 0;
    fc.assert(
      fc.property(
        fc.array(row, { maxLength: 8 }),
        fc.array(reading, { minLength: 1, maxLength: 6 }),
        fc.array(block, { maxLength: 5 }),
        (rows, readings, blocks) => {
          const { store, ids } = seeded(rows);
          const all = [
            ...readings.map((make) => make()),
            ...ids.map(
              (id): Reading =>
                (tx) =>
                  String(tx.get("", id)),
            ),
          ];
          const index = new ReadSetIndex<number>();
          const run = (reading: Reading, at: number) => {
            const tx = store.begin("read");
            const text = reading(tx);
            index.add(at, tx.reads);
            return text;
          };
          let answers = all.map(run);
          const model = new Map(ids.map((id) => [id, JSON.parse(store.begin("read").get("", id)!) as JsonObject]));
          for (const { writes } of blocks) {
            const { commit }: { commit: Commit } = mutate(store, (tx) => {
              apply(tx, model, writes);
              if (writes.length === 3) tx.insert("", "others", {});
            });
            const touched = index.findTouched(commit.writes);
            answers = all.map((reading, at) => {
              const now = touched.has(at) ? run(reading, at) : reading(store.begin("read"));
              if (now !== answers[at]) changes++;
              if (!touched.has(at)) expect(now).toBe(answers[at]);
              return now;
            });
          }
        },
      ),
      { numRuns: 100 },
    );
    // The property says something only when answers do change.
    expect(changes).toBeGreaterThan(100);
  });
});
