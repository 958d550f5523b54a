import { ConvexHttpClient } from "convex/browser";
import { anyApi } from "convex/server";
import { convexToJson, jsonToConvex, type Value } from "convex/values";
import fc from "fast-check";
import { strFromU8, unzipSync } from "fflate";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AppFiles, run, startTestDeployment, type TestDeployment } from "../../deploy/testing";
import { exportAll, importFile } from "./testing";
import { decodeUniform, encodeUniform, parseValue } from "./uniform-values";

const APP: AppFiles = {
  "rows.ts": {
    text: `import { mutationGeneric, queryGeneric } from "convex/server";
      export const list = queryGeneric(async (ctx) => await ctx.db.query("things").collect());
      export const add = mutationGeneric(async (ctx, { values }) => { for (const value of values) await ctx.db.insert("things", { value }); });`,
  },
};

let from: TestDeployment;
let to: TestDeployment;
beforeAll(async () => {
  [from, to] = await Promise.all([startTestDeployment(4370, APP), startTestDeployment(4372, APP)]);
}, 60_000);
afterAll(async () => {
  await Promise.all([from.stop(), to.stop()]);
});

const name = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9_ -]{0,8}$/);
const value: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<Value>(
      null,
      true,
      false,
      -0,
      0,
      NaN,
      Infinity,
      -Infinity,
      1e21,
      5e-324,
      -(2 ** 53),
      2n ** 63n - 1n,
      -(2n ** 63n),
    ),
    fc.double(),
    fc.integer(),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.string({ unit: "grapheme" }),
    fc.constantFrom("12", '{"$integer":"AQAAAAAAAAA="}', '"1":2', "\\", '\\"5', "NaN"),
    fc.uint8Array({ maxLength: 9 }).map((bytes) => Uint8Array.from(bytes).buffer),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(name, tie("value"), { maxKeys: 4 }),
  ),
})).value;

test("every value comes back from a line of an export as it was", () => {
  fc.assert(
    fc.property(value, (original) => {
      const text = JSON.stringify({ value: convexToJson(original) });
      expect(JSON.stringify(parseValue(decodeUniform(encodeUniform(text))))).toBe(text);
    }),
    { numRuns: 1_000 },
  );
});

test("lines are as the hosted platform writes them", () => {
  const text = JSON.stringify({
    array: convexToJson([1, 1.5, 1n, -0, "1"]),
    bytes: convexToJson(new Uint8Array([1]).buffer),
    nan: convexToJson(NaN),
  });
  expect(encodeUniform(text)).toBe(
    '{"array":[1.0,1.5,1,-0.0,"1"],"bytes":{"$bytes":"AQ=="},"nan":{"$float":"AAAAAAAA+H8="}}',
  );
});

test("an export into an empty deployment is the same documents, ids, times and types", async () => {
  const values = fc.sample(value, { numRuns: 300, seed: 11 });
  await new ConvexHttpClient(from.url).mutation(anyApi["rows"]!["add"]!, { values });
  const archive = await exportAll(from.url);
  const entries = unzipSync(archive);
  expect(Object.keys(entries)).toEqual(
    expect.arrayContaining([
      "README.md",
      "_tables/documents.jsonl",
      "things/documents.jsonl",
      "things/generated_schema.jsonl",
    ]),
  );
  expect(strFromU8(entries["things/generated_schema.jsonl"]!)).toBe('"uniform"\n');
  await importFile(to.url, { format: "zip", mode: "requireEmpty" }, archive);
  const rows = (await run(to.url, "rows:list")) as { value: never }[];
  expect(rows).toEqual(await run(from.url, "rows:list"));
  expect(rows.map((row) => convexToJson(jsonToConvex(row.value)))).toEqual(values.map((one) => convexToJson(one)));
});
