import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { CardLine } from "../import-cards";
import { DraftLine } from "../import-valuations";
import { importRecords, readRecords, type Outcome } from "./importing";

const folder = mkdtempSync(join(tmpdir(), "importing-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function importCards(path: string, batchSize = 2) {
  const sent: unknown[][] = [];
  const report = await importRecords(readRecords(path), {
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
      { token: "a", companyName: "Ada, Ltd", revenue: 12.5, employeeCount: 3, description: "two\nlines", industry: null },
      { token: "e", companyName: "Last", revenue: null },
    ]);
  });

  test("JSON and JSONL give the same; what is no record is named", async () => {
    const cards = [{ token: "a", company_name: "A", revenue: 1 }, { token: "b", company_name: "B", surprise: 1 }, 7];
    const asArray = await importCards(file("cards.json", JSON.stringify(cards)));
    const asLines = await importCards(file("cards.jsonl", `${cards.map((card) => JSON.stringify(card)).join("\r\n")}\n{broken\n\n`));
    expect(asLines.sent).toEqual(asArray.sent);
    expect(asArray.report.problems.map(({ line }) => line)).toEqual([2, 3]);
    expect(asLines.report.problems).toMatchObject([{ line: 2, reason: "surprise: unknown field" }, { line: 3 }, { line: 4, reason: "is not JSON" }]);
  });

  test("a file that is none of these is refused as a whole", async () => {
    await expect(importCards(file("cards.xml", "<a/>"))).rejects.toThrow("must end in .csv");
    await expect(importCards(file("object.json", "{}"))).rejects.toThrow("must hold a JSON array");
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
