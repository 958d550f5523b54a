import { describe, expect, test } from "vitest";
import { freshStore, indexScan, mutate, searchFor, tableScan } from "./testing";

describe.each([
  ["bad name", "Identifier bad name has invalid character ' '"],
  ["1st", "Invalid first character '1' in 1st: Identifiers must start with an alphabetic character or underscore"],
  ["", "Identifier cannot be empty"],
  ["__", "Identifier __ cannot have exclusively underscores"],
  ["x".repeat(65), "Identifier is too long (65 > maximum 64)"],
])("the table name %j is refused", (name, message) => {
  test("by queries", () => {
    const tx = freshStore().begin("read");
    for (const query of [tableScan(name), indexScan(`${name}.by_id`, []), searchFor(`${name}.by_text`, "text", "x")]) {
      expect(() => tx.openStream("", query)).toThrow(`Invalid argument \`query\` for \`queryStream\`: ${message}`);
      const page = { query, cursor: null, pageSize: 1 };
      expect(() => tx.readPage("", page, { previous: null, next: null })).toThrow(
        `Invalid argument \`query\` for \`queryPage\`: ${message}`,
      );
    }
  });

  test("by counts, ids and writes", () => {
    const store = freshStore();
    const tx = store.begin("read");
    expect(() => tx.count("", name)).toThrow(`Invalid argument \`table\` for \`db.count\`: ${message}`);
    expect(() => tx.normalizeId("", name, "x")).toThrow(
      `Invalid argument \`table\` for \`db.normalizeId\`: ${message}`,
    );
    if (name !== "__")
      expect(() => mutate(store, (writing) => writing.insert("", name, {}))).toThrow(
        `Invalid argument \`table\` for \`db.insert\`: ${message}`,
      );
  });
});

test.each(["notes", "_storage", "a1_B2", "_1", "x".repeat(64)])("the table name %s may be asked for", (name) => {
  const tx = freshStore().begin("read");
  expect(tx.count("", name)).toBe(0);
  expect(tx.nextInStream(tx.openStream("", tableScan(name)))).toBeNull();
});
