import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { CardLine } from "../../import-cards";
import { DraftLine } from "../../import-valuations";
import { readRecords } from "./files";
import { importRecords, type Outcome } from "./importing";

const folder = mkdtempSync(join(tmpdir(), "importing-"));
afterAll(() => rmSync(folder, { recursive: true }));

const CARD_FIELDS = ["token", "company_name", "industry", "revenue", "employee_count", "description"];

function file(name: string, text: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function importCards(path: string, batchSize = 2) {
  const sent: unknown[][] = [];
  const report = await importRecords(readRecords(path, CARD_FIELDS), {
    schema: CardLine,
    keyOf: ({ token }) => token,
    batchSize,
    send: (rows) => {
      sent.push(rows);
      return Promise.resolve(rows.map((): Outcome => "saved"));
    },
  });
  return { sent, report };
}

describe("cards", () => {
  test("CSV: quotes, line breaks in cells, a byte order mark; each broken line by its number", async () => {
    const path = file(
      "cards.csv",
      [
        "\uFEFFtoken,company_name,revenue,employee_count,description",
        'a,"Ada, Ltd",12.5,3,"two',
        'lines"',
        "b,,1,1,",
        ",Nameless,1,1,",
        "c,Company,many,1.5,",
        "d,Short",
        "",
        "a,Twice,1,1,",
        "e,Last,,,",
      ].join("\n"),
    );
    const { sent, report } = await importCards(path);
    expect(report.problems).toEqual([
      { line: 4, reason: "company_name: is required" },
      { line: 5, reason: "token: is required" },
      { line: 6, reason: "revenue: must be a number; employee_count: must be a whole number" },
      { line: 7, reason: "has 2 columns where the header has 5" },
      { line: 9, reason: "repeats line 2" },
    ]);
    expect(report.counts).toEqual({ saved: 2, created: 0, exists: 0, refused: 5 });
    expect(sent.flat()).toMatchObject([
      {
        token: "a",
        companyName: "Ada, Ltd",
        revenue: 12.5,
        employeeCount: 3,
        description: "two\nlines",
        industry: null,
      },
      { token: "e", companyName: "Last", revenue: null },
    ]);
  });

  test("JSON and JSONL give the same; what is no record is named", async () => {
    const cards = [{ token: "a", company_name: "A", revenue: 1 }, { token: "b", company_name: "B", surprise: 1 }, 7];
    const asArray = await importCards(file("cards.json", JSON.stringify(cards)));
    const asLines = await importCards(
      file("cards.jsonl", `${cards.map((card) => JSON.stringify(card)).join("\r\n")}\n{broken\n\n`),
    );
    expect(asLines.sent).toEqual(asArray.sent);
    expect(asArray.report.problems.map(({ line }) => line)).toEqual([2, 3]);
    expect(asLines.report.problems).toMatchObject([
      { line: 2, reason: "surprise: unknown field" },
      { line: 3 },
      { line: 4, reason: "is not JSON" },
    ]);
  });

  test("a file that is none of these is refused as a whole", async () => {
    const stopped = async (path: string) => (await importCards(path)).report.stopped?.message;
    expect(await stopped(file("cards.xml", "<a/>"))).toContain("must end in .csv");
    expect(await stopped(file("object.json", "{}"))).toContain("must hold a JSON array");
    expect(await stopped(file("broken.json", "[{]"))).toContain("is not JSON");
    expect(await stopped(join(folder, "none.csv"))).toContain("no such file");
    mkdirSync(join(folder, "folder.csv"));
    mkdirSync(join(folder, "folder.jsonl"));
    for (const name of ["folder.csv", "folder.jsonl"])
      expect(await stopped(join(folder, name))).toContain("is a folder");
    for (const name of ["latin.csv", "latin.jsonl", "latin.json"])
      expect(await stopped(file(name, Buffer.from('[{"token":"caf\xe9"}]', "latin1")))).toContain("is not UTF-8");
    expect(await stopped(file("utf16.csv", Buffer.from("\ufefftoken,company_name\n", "utf16le")))).toContain(
      "is not UTF-8",
    );
  });

  test("a header with a wrong or repeated column is refused before anything is sent", async () => {
    const unknown = await importCards(file("unknown.csv", "token,compny_name\na,A\n"));
    expect(unknown.report.stopped?.message).toContain('there is no field "compny_name"');
    const twice = await importCards(file("twice.csv", "token,token,company_name\na,b,A\n"));
    expect(twice.report.stopped?.message).toContain('the column "token" is there twice');
    expect([...unknown.sent, ...twice.sent]).toEqual([]);
  });

  test("broken quotes cost their own lines, and are named", async () => {
    const lines = ["token,company_name", "a,A", 'b,x"y', "c,C", 'd,"D"z', "e,E"];
    const { report, sent } = await importCards(file("quotes.csv", `${lines.join("\r\n")}\r\n`), 10);
    expect(report.problems.map(({ line }) => line)).toEqual([3, 5]);
    expect(sent.flat()).toMatchObject([{ token: "a" }, { token: "c" }, { token: "e", companyName: "E" }]);
    const open = await importCards(file("open.csv", 'token,company_name\na,A\nb,"open\nc,C\n'), 10);
    expect(open.report.problems).toEqual([{ line: 3, reason: "has a quote that is never closed" }]);
    expect(open.sent.flat()).toMatchObject([{ token: "a" }, { token: "c" }]);
  });

  test.each(["empty.csv", "empty.json", "empty.jsonl", "blank.csv"])(
    "%s holds no records, which is no mistake",
    async (name) => {
      const { report } = await importCards(file(name, name.startsWith("blank") ? "\n\n" : ""));
      expect(report).toMatchObject({ problems: [], stopped: null, counts: { saved: 0 } });
    },
  );

  test("a deployment that fails midway ends the import with what was done by then", async () => {
    const path = file(
      "many.jsonl",
      Array.from({ length: 20 }, (_, i) => JSON.stringify({ token: `t${i}`, company_name: "A" })).join("\n"),
    );
    let calls = 0;
    const report = await importRecords(readRecords(path, CARD_FIELDS), {
      schema: CardLine,
      keyOf: ({ token }) => token,
      batchSize: 2,
      send: (rows) =>
        ++calls > 3 ? Promise.reject(new Error("away")) : Promise.resolve(rows.map((): Outcome => "saved")),
    });
    expect(report.stopped?.message).toBe("away");
    expect(report.counts.saved).toBe(6);
    expect(calls).toBeLessThan(7);
  });

  test("batches are bounded by their text too", async () => {
    const long = "x".repeat(19_000);
    const path = file(
      "long.jsonl",
      Array.from({ length: 300 }, (_, i) =>
        JSON.stringify({ token: `t${i}`, company_name: "A", description: long }),
      ).join("\n"),
    );
    const { sent } = await importCards(path, 1_000);
    expect(sent.length).toBeGreaterThan(1);
    expect(sent.flat()).toHaveLength(300);
    for (const rows of sent) expect(JSON.stringify(rows).length).toBeLessThan(3 * 1024 * 1024);
  });
});

describe("drafts", () => {
  const owner = { user_id: "6f1c0f4e-0000-4000-8000-000000000000" };
  const reasons = (line: object) => DraftLine.safeParse(line).error?.issues.map(({ path }) => path.join(".")) ?? [];

  test("every kind of broken field is named", () => {
    const fine = { report_id: "r", created_at: "2024-12-13T10:00:00+01:00", ...owner };
    expect(reasons(fine)).toEqual([]);
    expect(reasons({ ...fine, report_id: "a b" })).toEqual(["report_id"]);
    expect(reasons({ ...fine, created_at: "yesterday" })).toEqual(["created_at"]);
    expect(reasons({ ...fine, created_at: "2024-02-30T10:00:00Z" })).toEqual(["created_at"]);
    expect(reasons({ ...fine, status: "DONE" })).toEqual(["status"]);
    expect(reasons({ ...fine, form_data: "[1]" })).toEqual(["form_data"]);
    expect(reasons({ ...fine, conversation_history: "{broken" })).toEqual(["conversation_history"]);
    expect(reasons({ ...fine, user_id: null })).toEqual(["user_id"]);
    expect(reasons({ ...fine, user_id: null, guest_session_id: "short" })).toEqual(["guest_session_id"]);
    expect(reasons({ ...fine, updated_at: "2023-01-01T00:00:00Z" })).toEqual(["updated_at"]);
    expect(reasons({ ...fine, prefilled_from_card: "perhaps" })).toEqual(["prefilled_from_card"]);
  });

  test("JSON of a file keeps every digit and key order", async () => {
    const form = '{"2":1,"1":123456789012345678901234567890,"price":1.50}';
    const record = `{"report_id":"r","created_at":"2024-12-13T10:00:00Z","user_id":"${owner.user_id}","form_data":${form},"conversation_history":[1e400]}`;
    for (const [name, text] of [
      ["raw.jsonl", record],
      ["raw.json", `[ ${record} ]`],
    ] as const)
      for await (const found of readRecords(file(name, text), [])) {
        const row = DraftLine.parse((found as { value: unknown }).value);
        expect([row.formData, row.conversationHistory]).toEqual([form, "[1e400]"]);
      }
    expect(
      DraftLine.parse({ ...owner, report_id: "r", created_at: "2024-12-13T10:00:00Z", form_data: form }).formData,
    ).toBe(form);
  });

  test("CSV text becomes JSON, times and booleans; unset fields get the defaults", () => {
    const line = {
      ...owner,
      report_id: "r",
      created_at: "2024-12-13T10:00:00+01:00",
      updated_at: null,
      status: "completed",
      form_data: '{"größe": 1}',
      valuation_result: '{"low": 1}',
      prefilled_from_card: "t",
    };
    expect(DraftLine.parse(line)).toMatchObject({
      reportId: "r",
      createdAt: Date.parse("2024-12-13T09:00:00Z"),
      updatedAt: Date.parse("2024-12-13T09:00:00Z"),
      completedAt: Date.parse("2024-12-13T09:00:00Z"),
      status: "COMPLETED",
      currentView: "MANUAL",
      formData: '{"größe":1}',
      valuationResult: '{"low":1}',
      collectedData: null,
      prefilledFromCard: true,
    });
  });
});
