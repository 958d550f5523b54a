import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ConvexClient } from "convex/browser";
import { anyApi } from "convex/server";
import { strToU8, zipSync } from "fflate";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { deadlineMs } from "../../../lib/deadlines";
import {
  ADMIN_KEY,
  type AppFiles,
  eventually,
  run,
  startTestDeployment,
  type TestDeployment,
} from "../../deploy/testing";
import { encodeId, makeInternalId } from "../../values";
import { importFile, performImport, prepareImport } from "./testing";

const PORT = 4380;
const APP: AppFiles = {
  "schema.ts": {
    text: `import { defineSchema, defineTable } from "convex/server"; import { v } from "convex/values";
      export default defineSchema({
        goals: defineTable({ title: v.string(), rank: v.optional(v.number()) }).index("by_title", ["title"]),
        notes: defineTable({ goal: v.id("goals") }),
        things: defineTable(v.any()),
      });`,
  },
  "rows.ts": {
    text: `import { mutationGeneric, queryGeneric } from "convex/server";
      export const list = queryGeneric(async (ctx, { table }) => await ctx.db.query(table).collect());
      export const titles = queryGeneric(async (ctx) => (await ctx.db.query("goals").withIndex("by_title").collect()).map((goal) => goal.title));
      export const get = queryGeneric(async (ctx, { id }) => await ctx.db.get(id));
      export const url = queryGeneric(async (ctx, { id }) => await ctx.storage.getUrl(id));
      export const add = mutationGeneric(async (ctx, { table, row }) => await ctx.db.insert(table, row));`,
  },
};

let app: TestDeployment;
beforeAll(async () => {
  app = await startTestDeployment(PORT, APP);
}, 60_000);
afterAll(() => app.stop());
beforeEach(async () => {
  for (const table of ["notes", "goals", "things"])
    await importFile(app.url, { format: "jsonLines", mode: "replace", tableName: table }, "");
});

type Row = Record<string, unknown> & { _id: string; _creationTime: number };
const list = (table: string, url = app.url): Promise<Row[]> => run(url, "rows:list", { table }) as Promise<Row[]>;
const add = (table: string, row: object): Promise<string> =>
  run(app.url, "rows:add", { table, row }) as Promise<string>;
const titles = (): Promise<string[]> => run(app.url, "rows:titles") as Promise<string[]>;
const lines = (rows: unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join("");
const into = (tableName: string, mode = "replace", format = "jsonLines") => ({ tableName, mode, format });
const idOf = (table: number): string => encodeId(table, makeInternalId(Date.now()));
const numberOf = (table: string): number =>
  app.deployment.store.catalog.tables("").find(({ name }) => name === table)!.number;
const zip = (entries: Record<string, string | Uint8Array>): Uint8Array =>
  zipSync(
    Object.fromEntries(
      Object.entries(entries).map(([name, contents]) => [
        name,
        typeof contents === "string" ? strToU8(contents) : contents,
      ]),
    ),
  );

describe("an import is all or nothing", () => {
  const good = Array.from({ length: 600 }, (_, n) => ({ title: `new ${n}` }));

  test.each(["replace", "append", "replaceAll"])("--%s with a bad last row changes nothing", async (mode) => {
    for (const title of ["a", "b"]) await add("goals", { title });
    const before = await list("goals");
    await expect(importFile(app.url, into("goals", mode), lines([...good, { title: 7 }]))).rejects.toThrow(
      "line 601: It does not match the schema",
    );
    expect(await list("goals")).toEqual(before);
  });

  test("watchers go from the old rows to the new ones, in one step", async () => {
    const old = Array.from({ length: 100 }, (_, n) => ({ title: `old ${n}` }));
    await importFile(app.url, into("goals"), lines(old));
    const client = new ConvexClient(app.url);
    const seen: number[] = [];
    client.onUpdate(anyApi["rows"]!["titles"]!, {}, (titles: string[]) => void seen.push(titles.length));
    await eventually(() => seen.length > 0, "the first result");
    await importFile(app.url, into("goals"), lines(good));
    await eventually(() => seen.at(-1) === 600, "the new rows");
    await expect(importFile(app.url, into("goals"), lines([...good, { title: 7 }]))).rejects.toThrow();
    await importFile(app.url, into("goals", "append"), lines(good));
    await eventually(() => seen.at(-1) === 1_200, "the added rows");
    await client.close();
    expect(seen).toEqual([100, 600, 1_200]);
  });

  test("several tables of an archive are one step, and one bad row in one refuses all", async () => {
    await add("goals", { title: "old" });
    const goal = idOf(numberOf("goals"));
    const archive = (note: object) =>
      zip({
        "goals/documents.jsonl": lines([{ _id: goal, title: "new" }]),
        "notes/documents.jsonl": lines([note]),
      });
    await expect(
      importFile(app.url, { format: "zip", mode: "replace" }, archive({ goal: idOf(numberOf("things")) })),
    ).rejects.toThrow("notes/documents.jsonl, line 1: It does not match the schema");
    expect(await titles()).toEqual(["old"]);
    await importFile(app.url, { format: "zip", mode: "replace" }, archive({ goal }));
    expect([await titles(), (await list("notes"))[0]!["goal"]]).toEqual([["new"], goal]);
  });

  test("what changed between the check and the confirmation is checked again", async () => {
    const id = idOf(numberOf("goals"));
    const prepared = await prepareImport(app.url, into("goals", "append"), lines([{ _id: id, title: "first" }]));
    await importFile(app.url, into("goals", "append"), lines([{ _id: id, title: "second" }]));
    await expect(performImport(app.url, prepared)).rejects.toThrow(`already has a document with the _id "${id}"`);
    const empty = await prepareImport(app.url, into("things", "requireEmpty"), lines([{ n: 1 }]));
    await add("things", { n: 2 });
    await expect(performImport(app.url, empty)).rejects.toThrow("already has documents");
    expect([await titles(), (await list("things")).length]).toEqual([["second"], 1]);
  });

  test("others are answered while a large one is read and checked", async () => {
    const rows = lines(Array.from({ length: 60_000 }, (_, n) => ({ title: `goal ${n}`, rank: n })));
    let longestMs = 0;
    let done = false;
    const prepared = prepareImport(app.url, into("goals"), rows).finally(() => (done = true));
    while (!done) {
      const asked = performance.now();
      await add("things", { n: 1 });
      longestMs = Math.max(longestMs, performance.now() - asked);
    }
    await prepared;
    expect(longestMs).toBeLessThan(deadlineMs(1_000));
  });
});

test("after kill -9 in the middle it is either as before or as after", async () => {
  const [port, dataDir] = [PORT + 4, mkdtempSync(join(tmpdir(), "import-crash-"))];
  const first = await startTestDeployment(port, APP, { dataDir });
  await importFile(first.url, into("goals"), lines(Array.from({ length: 50 }, (_, n) => ({ title: `old ${n}` }))));
  await first.deployment.close();
  const main = fileURLToPath(new URL("../../main.ts", import.meta.url));
  const ports = ["--cloud-port", String(port), "--site-port", String(port + 1)];
  let child: ChildProcess;
  const start = async () => {
    child = spawn(process.execPath, ["--import", "tsx", main, "--data", dataDir, ...ports, "--admin-key", ADMIN_KEY], {
      stdio: "ignore",
    });
    const answers = () =>
      fetch(`${first.url}/version`)
        .then((response) => response.ok)
        .catch(() => false);
    await eventually(answers, "the deployment to start");
  };
  const kill = async () => {
    const exited = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await exited;
  };
  const rows = (round: number) => lines(Array.from({ length: 8_000 }, (_, n) => ({ title: `round ${round}/${n}` })));
  try {
    await start();
    let before = (await run(first.url, "rows:titles")) as string[];
    for (const [round, delayMs] of [30, 200, 700].entries()) {
      const prepared = await prepareImport(first.url, into("goals"), rows(round));
      const performing = performImport(first.url, prepared).catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      await kill();
      await performing;
      await start();
      const after = (await run(first.url, "rows:titles")) as string[];
      const isNew = after.length === 8_000 && after.every((title) => title.startsWith(`round ${round}/`));
      if (!isNew) expect(after).toEqual(before);
      before = after;
    }
    await importFile(first.url, into("goals"), rows(9));
    expect(((await run(first.url, "rows:titles")) as string[]).length).toBe(8_000);
  } finally {
    await kill();
    rmSync(dataDir, { recursive: true, force: true });
  }
});

describe("what is given is kept", () => {
  test.each([
    ["jsonLines", (id: string) => lines([{ _id: id, _creationTime: 1234.5, title: "kept" }])],
    ["jsonArray", (id: string) => JSON.stringify([{ _id: id, _creationTime: 1234.5, title: "kept" }])],
    ["csv", (id: string) => `_id,_creationTime,title,rank\n${id},1234.5,kept,\n`],
  ])("ids and creation times of %s", async (format, file) => {
    const id = idOf(numberOf("goals"));
    await importFile(app.url, into("goals", "replace", format), file(id));
    expect(await list("goals")).toEqual([{ _id: id, _creationTime: 1234.5, title: "kept" }]);
  });

  test("cells of CSV that are numbers, and null for those that JSON lacks", async () => {
    const numbers = { "1": 1, "-.5e1": -5, "+2.": 2, "1e3": 1000 };
    const none = ["NaN", "-nan", "inf", "+Infinity", "-INF", "1e999"];
    const texts = ["1 000", "0x10", "infinite", "nano", "1e", "--1"];
    const cells = [
      ...Object.entries(numbers),
      ...none.map((cell) => [cell, null]),
      ...texts.map((cell) => [cell, cell]),
    ];
    const file = ["value", ...cells.map(([cell]) => cell)].join("\n");
    await importFile(app.url, into("things", "replace", "csv"), file);
    expect((await list("things")).map(({ value }) => value)).toEqual(cells.map(([, value]) => value));
  });

  test("rows without them get new ones, in the order of the file", async () => {
    await importFile(app.url, into("goals"), lines(["c", "a", "b"].map((title) => ({ title }))));
    expect((await list("goals")).map(({ title }) => title)).toEqual(["c", "a", "b"]);
  });

  const bad: [string, (number: number) => object[], string][] = [
    ["an _id that is none", () => [{ _id: "not-an-id", title: "x" }], 'line 2: The _id "not-an-id" is not an ID.'],
    ["an _id that is no text", () => [{ _id: 7, title: "x" }], "line 2: The _id 7 is not an ID."],
    ["an _id of another table", (number) => [{ _id: idOf(number + 7), title: "x" }], "line 2: The _id"],
    [
      "the same _id twice",
      (number) => {
        const _id = idOf(number);
        return [
          { _id, title: "x" },
          { _id, title: "y" },
        ];
      },
      "is there twice",
    ],
    ["a creation time that is text", () => [{ _creationTime: "now", title: "x" }], "line 2: The _creationTime"],
    ["a creation time before 1970", () => [{ _creationTime: -1, title: "x" }], "line 2: The _creationTime"],
    ["a field of the system's", () => [{ _x: 1, title: "x" }], 'line 2: Field "_x" starts with an underscore'],
    ["a document that is too large", () => [{ title: "x".repeat(2 ** 20) }], "line 2: Value is too large"],
    ["a value that is none", () => [{ title: { $integer: "x" } }], 'line 2: {"$integer":"x"} is not a value of Convex'],
    ["a time that only a commit knows", () => [{ title: { $commitTs: null } }], "is not a value of Convex"],
    ["a row that is none", () => [7 as unknown as object], "line 2: it is not an object"],
  ];
  test.each(bad)("%s is refused with its line", async (_name, rows, reason) => {
    await add("goals", { title: "old" });
    const number = numberOf("goals");
    const file = lines([{ _id: idOf(number), title: "fine" }, ...rows(number)]);
    await expect(importFile(app.url, into("goals"), file)).rejects.toThrow(reason);
    expect(await titles()).toEqual(["old"]);
  });

  test("a line that is no JSON, a file that is no CSV, text that is no UTF-8", async () => {
    await expect(importFile(app.url, into("goals"), '{"title":"a"}\n{"title":\n')).rejects.toThrow(
      "line 2: it is not valid JSON",
    );
    await expect(importFile(app.url, into("goals", "replace", "csv"), "title,rank\na\n")).rejects.toThrow("line 2");
    await expect(importFile(app.url, into("goals"), new Uint8Array([0x7b, 0xff, 0x7d]))).rejects.toThrow(
      "line 1 is not valid UTF-8",
    );
    await expect(importFile(app.url, into("no-table"), "{}")).rejects.toThrow('"no-table" is no table name');
  });

  test("rows from another deployment bring their table number, unless documents here stand against it", async () => {
    const id = idOf(10_777);
    await add("goals", { title: "old" });
    await expect(importFile(app.url, into("goals", "append"), lines([{ _id: id, title: "x" }]))).rejects.toThrow(
      "The IDs have table number 10777, but those of the documents",
    );
    const client = new ConvexClient(app.url);
    const seen: unknown[] = [];
    client.onUpdate(anyApi["rows"]!["get"]!, { id }, (found: unknown) => void seen.push(found));
    await eventually(() => seen.length > 0, "the first result");
    await importFile(app.url, into("goals"), lines([{ _id: id, title: "x" }]));
    await eventually(() => seen.length > 1, "the row");
    await client.close();
    expect(seen).toEqual([null, expect.objectContaining({ _id: id, title: "x" })]);
    const next = await add("goals", { title: "y" });
    expect(await run(app.url, "rows:get", { id: next })).toMatchObject({ title: "y" });
    // Notes would hold IDs of goals that are none any more.
    await add("notes", { goal: id });
    await expect(importFile(app.url, into("goals"), lines([{ _id: idOf(10_778), title: "x" }]))).rejects.toThrow(
      'table "notes" holds IDs of it',
    );
    await add("things", { n: 1 });
    const taken = lines([{ _id: idOf(numberOf("things")), title: "x" }]);
    await expect(importFile(app.url, into("goals"), taken)).rejects.toThrow('which is that of table "things" here');
  });
});

describe("archives", () => {
  test.each([
    ["in a folder", "snapshot/goals/documents.jsonl"],
    ["in folders", "a/b/goals/documents.jsonl"],
    ["with backslashes", "snapshot\\goals\\documents.jsonl"],
  ])("%s", async (_name, entry) => {
    const archive = zip({
      [entry]: lines([{ title: "found" }]),
      "__MACOSX/snapshot/goals/documents.jsonl": "\0\0",
      "snapshot/.DS_Store": "\0",
      "snapshot/goals/._documents.jsonl": "\0",
    });
    await importFile(app.url, { format: "zip", mode: "replace" }, archive);
    expect(await titles()).toEqual(["found"]);
  });

  test.each([
    ["without a table", zip({ "goals.jsonl": "{}", "README.md": "x" }), "holds no table"],
    ["that is none", strToU8("PK no"), "not a ZIP archive"],
    [
      "with the same table twice",
      zip({ "a/goals/documents.jsonl": "", "b/goals/documents.jsonl": "" }),
      "are the same thing",
    ],
    ["of a component that is not there", zip({ "_components/x/goals/documents.jsonl": "" }), 'no component "x"'],
    [
      "with types that cannot be read",
      zip({ "things/documents.jsonl": "{}", "things/generated_schema.jsonl": '"wrong<"\n' }),
      "things/generated_schema.jsonl cannot be read: unexpected",
    ],
    ["with a file without contents", zip({ "_storage/documents.jsonl": lines([{ _id: "x" }]) }), "are missing"],
  ])("%s are refused", async (_name, archive, reason) => {
    await add("goals", { title: "old" });
    await expect(importFile(app.url, { format: "zip", mode: "replace" }, archive)).rejects.toThrow(reason);
    expect(await titles()).toEqual(["old"]);
  });

  test("types that older ones note beside the rows", async () => {
    const number = numberOf("things");
    const [a, b] = [idOf(number), idOf(number)];
    const shape = `{"_creationTime": normalfloat64, "_id": id<${number}>, "b"?: bytes, "list"?: array<int64>, "mixed"?: int64 | string | array<null>, "n": int64, "nan"?: NaN, "x"?: inf | -inf, "zero"?: -0}`;
    const nan = Buffer.from(new Float64Array([NaN]).buffer).toString("base64");
    const archive = zip({
      "things/documents.jsonl": lines([
        { _id: a, _creationTime: 1, n: "-9007199254740993", b: "AAEC", mixed: "12", list: ["1", "2"] },
      ]).concat(`{"_id":"${b}","_creationTime":2,"n":"5","nan":"NaN","x":"-Infinity","zero":-0.0,"mixed":"12"}\n`),
      "things/generated_schema.jsonl": `${JSON.stringify(shape)}\n${lines([{ [b]: { mixed: "int64", nan: { $float64NaN: nan } } }])}`,
    });
    await importFile(app.url, { format: "zip", mode: "replace" }, archive);
    const int64 = (value: bigint) => ({
      $integer: Buffer.from(new BigInt64Array([value]).buffer).toString("base64"),
    });
    const float = (value: number) => ({
      $float: Buffer.from(new Float64Array([value]).buffer).toString("base64"),
    });
    expect(await list("things")).toEqual([
      {
        _id: a,
        _creationTime: 1,
        n: int64(-9007199254740993n),
        b: { $bytes: "AAEC" },
        mixed: "12",
        list: [int64(1n), int64(2n)],
      },
      {
        _id: b,
        _creationTime: 2,
        n: int64(5n),
        nan: float(NaN),
        x: float(-Infinity),
        zero: float(-0),
        mixed: int64(12n),
      },
    ]);
    const wrong = zip({
      "things/documents.jsonl": lines([{ _id: a, n: "five" }]),
      "things/generated_schema.jsonl": `${JSON.stringify(shape)}\n`,
    });
    await expect(importFile(app.url, { format: "zip", mode: "replace" }, wrong)).rejects.toThrow(
      'things/documents.jsonl, line 1: "five" is not an int64',
    );
  });

  test("an export of an earlier version, whose values are Convex JSON", async () => {
    const row = { _id: idOf(10_901), _creationTime: 5.5, n: { $integer: "AQAAAAAAAAA=" }, f: 2 };
    const archive = zip({
      "_tables/documents.jsonl": lines([{ name: "things", id: 10_901 }]),
      "things/documents.jsonl": lines([row]),
    });
    await importFile(app.url, { format: "zip", mode: "replaceAll" }, archive);
    expect(await list("things")).toEqual([row]);
  });

  test("files come and go with the rows, under their ids", async () => {
    const id = idOf(9_002);
    const archive = (contents: string, row: object = {}) =>
      zip({
        "_storage/documents.jsonl": lines([{ _id: id, _creationTime: 3, contentType: "text/plain", ...row }]),
        [`_storage/${id}.txt`]: contents,
        "goals/documents.jsonl": lines([{ title: contents }]),
      });
    await importFile(app.url, { format: "zip", mode: "replace" }, archive("one"));
    const url = (await run(app.url, "rows:url", { id })) as string;
    expect(await (await fetch(url)).text()).toBe("one");
    await expect(
      importFile(app.url, { format: "zip", mode: "replace" }, archive("two", { sha256: "AA==" })),
    ).rejects.toThrow("are not those that its sha256 says");
    await expect(importFile(app.url, { format: "zip", mode: "append" }, archive("two"))).rejects.toThrow(
      "There already is a file",
    );
    expect(await (await fetch(url)).text()).toBe("one");
    await importFile(app.url, { format: "zip", mode: "replace" }, archive("two"));
    expect(await (await fetch((await run(app.url, "rows:url", { id })) as string)).text()).toBe("two");
    await importFile(app.url, { format: "zip", mode: "replace" }, zip({ "_storage/documents.jsonl": "" }));
    expect(await run(app.url, "rows:url", { id })).toBe(null);
    expect((await fetch(url)).status).toBe(404);
  });
});
