/** Files as R, pandas, MySQL and PostgreSQL export them. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { CardLine } from "../../import-cards";
import { DraftLine } from "../../import-valuations";
import { enclosedRecords } from "./enclosed-text";
import { openSource } from "./files";
import { importRecords, type Outcome } from "./importing";
import type { SourceOptions } from "./records";

const folder = mkdtempSync(join(tmpdir(), "exports-"));
afterAll(() => rmSync(folder, { recursive: true }));

const ALL = ["token", "company_name", "country_code", "city", "description", "revenue", "founding_year"];
const FIELDS = {
  all: ALL,
  numbers: ["revenue", "founding_year"],
  wholeNumbers: ["founding_year"],
  codes: ["country_code"],
};

async function importText(name: string, text: string, options: Partial<SourceOptions> = {}) {
  const path = join(folder, name);
  writeFileSync(path, text);
  const cards: unknown[] = [];
  const { description, records } = await openSource(path, { fields: FIELDS, ...options });
  const report = await importRecords(records, {
    schema: CardLine,
    keyOf: ({ token }) => token,
    batchSize: 10,
    send: (rows) => {
      cards.push(...rows);
      return Promise.resolve(rows.map((): Outcome => "saved"));
    },
  });
  expect(report.stopped).toBeNull();
  return { description, cards, problems: report.problems };
}

describe("NA of R", () => {
  const ask = '"NA" can be no value, as R writes it, or a text: say which with --na none or --na text';

  test("where texts are in quotes, one without is no value, and one within is a text", async () => {
    const { description, problems, cards } = await importText(
      "write.csv",
      '"token","company_name","country_code","city","revenue","founding_year"\n"a","A","NA","Ghent",NA,1999\n"b","B",NA,NA,5,NA\n',
    );
    expect(problems).toEqual([]);
    expect(description).toContain("separated by commas, NA for no value, columns");
    expect(cards).toMatchObject([
      { countryCode: "NA", city: "Ghent", revenue: null, foundingYear: 1_999 },
      { countryCode: null, city: null, revenue: 5, foundingYear: null },
    ]);
  });

  test("a text in quotes for no other reason tells that others are no value", async () => {
    const text = 'token,company_name,country_code,city\na,A,"NA",Windhoek\nb,B,NA,NA\n';
    expect((await importText("readr.csv", text)).cards).toMatchObject([
      { countryCode: "NA", city: "Windhoek" },
      { countryCode: null, city: null },
    ]);
  });

  test("without quotes it is asked about, by field, and the operator tells", async () => {
    const text = 'token,company_name,country_code,city,revenue\na,A,NA,Ghent,NA\nb,B,be,NA,1\nc,"C, Ltd",be,,2\n';
    const { description, problems, cards } = await importText("bare.csv", text);
    expect(problems).toEqual([
      { line: 2, reason: `country_code: ${ask}` },
      { line: 3, reason: `city: ${ask}` },
    ]);
    expect(description).not.toContain("NA");
    expect(cards).toMatchObject([{ companyName: "C, Ltd" }]);
    const none = await importText("bare.csv", text, { missing: "none" });
    expect(none.cards).toMatchObject([{ countryCode: null, revenue: null }, { city: null }, {}]);
    expect(none.description).toContain("NA for no value");
    const asText = await importText("bare.csv", text, { missing: "text" });
    expect(asText.cards).toMatchObject([{ countryCode: "NA", revenue: null }, { city: "NA" }, {}]);
    expect(asText.description).toContain("NA as text");
  });

  test("beside texts without quotes, quotes that a comma needs tell nothing", async () => {
    const text = 'token,company_name,city\na,"A, Ltd",NA\n';
    expect((await importText("excel.csv", text)).problems).toEqual([{ line: 2, reason: `city: ${ask}` }]);
  });

  test("in a column of codes alone it is Namibia's, which is said with the way out", async () => {
    const text = "token,company_name,country_code,city\na,A,NA,Windhoek\nb,B,BE,\n";
    const { description, problems, cards } = await importText("codes.csv", text);
    expect(problems).toEqual([]);
    expect(cards).toMatchObject([{ countryCode: "NA" }, { countryCode: "BE" }]);
    expect(description).toContain("NA in country_code as a code (--na none reads it as no value)");
    expect((await importText("codes.csv", text, { missing: "none" })).cards).toMatchObject([{ countryCode: null }, {}]);
  });

  test("where no text can be, it is no value", async () => {
    const path = join(folder, "drafts.csv");
    const header = "report_id,created_at,user_id,guest_session_id,status,completed_at,form_data,prefilled_from_card";
    const user = "6f1c0f4e-0000-4000-8000-000000000000";
    writeFileSync(path, `${header}\nr,2024-12-13T10:00:00Z,${user},NA,NA,NA,NA,NA\n`);
    const fields = { all: header.split(","), numbers: [], wholeNumbers: [], texts: ["report_id"] };
    for await (const record of (await openSource(path, { fields })).records)
      expect(DraftLine.parse("value" in record && record.value)).toMatchObject({
        guestSessionId: null,
        status: "IN_PROGRESS",
        completedAt: null,
        formData: null,
        prefilledFromCard: false,
      });
  });

  test("<NA> and NaT of pandas are no value", async () => {
    const text = "token,company_name,city,founding_year\na,A,<NA>,<NA>\nb,B,Ghent,NaT\n";
    const { problems, cards } = await importText("pandas.csv", text);
    expect(problems).toEqual([]);
    expect(cards).toMatchObject([{ city: null, foundingYear: null }, { foundingYear: null }]);
  });
});

describe("backslashes", () => {
  const header = '"token","company_name","city","description"\n';

  test("beside \\N and in quotes they are the escapes of MySQL", async () => {
    const rows =
      '"a","Acme \\"Best\\" Ltd",\\N,"first line\\\nsecond"\n"b","C:\\\\temp","x\\0y","tab\\\tand, comma\nline"\n';
    for (const separator of [",", ";", "\t"]) {
      const text = (header + rows).replaceAll('","', `"${separator}"`).replace(",\\N,", `${separator}\\N${separator}`);
      const { description, problems, cards } = await importText("mysql.csv", text);
      expect([separator, problems]).toEqual([separator, []]);
      expect(description).toContain("backslashes as escapes");
      expect(cards).toMatchObject([
        { companyName: 'Acme "Best" Ltd', city: null, description: "first line\nsecond" },
        { companyName: "C:\\temp", city: "xy", description: "tab\tand, comma\nline" },
      ]);
    }
  });

  test("cells without quotes have them too", async () => {
    const text = "token,company_name,city,revenue\na,Ada\\, Ltd,\\N,5\nb,NA,one\\\ntwo,\\N\n";
    const { problems, cards } = await importText("bare.csv", text);
    expect(problems).toEqual([]);
    expect(cards).toMatchObject([
      { companyName: "Ada, Ltd", city: null, revenue: 5 },
      { companyName: "NA", city: "one\ntwo", revenue: null },
    ]);
  });

  test("a mistake in quotes costs its own line", async () => {
    const text = `${header}"a","A","x\\\\",\\N\n"b","B"z,\\N,"x"\n"c","C\\"",\\N,"y"\n"d","open,\\N\n`;
    const { problems, cards } = await importText("broken.csv", text);
    expect(problems).toEqual([
      { line: 3, reason: "has something after a closing quote" },
      { line: 5, reason: "has a quote that is never closed" },
    ]);
    expect(cards).toMatchObject([
      { token: "a", city: "x\\" },
      { token: "c", companyName: 'C"' },
    ]);
  });

  test("where quotes are doubled, or letters have them that no escape has, they are text", async () => {
    for (const [cell, written] of [
      ['say "\\n"', '"say ""\\n"""'],
      ["C:\\Work\\new", '"C:\\Work\\new"'],
    ] as const) {
      const text = `token,company_name,city,description\na,A,\\N,${written}\n`;
      const { description, cards } = await importText("postgres.csv", text);
      expect(cards).toMatchObject([{ city: null, description: cell }]);
      expect(description).toContain("backslashes as text (--backslashes escapes reads them otherwise)");
    }
  });

  test("without \\N they are text, which is said, and the operator can tell otherwise", async () => {
    for (const [name, text] of [
      ["copy.tsv", "token\tcompany_name\tdescription\na\tA\tone\\ntwo\\\\x\n"],
      ["mysql.csv", '"token","company_name","description"\n"a","A","one\\ntwo\\\\x"\n'],
    ] as const) {
      const asText = await importText(name, text);
      expect(asText.description).toContain("backslashes as text");
      expect(asText.cards).toMatchObject([{ description: "one\\ntwo\\\\x" }]);
      const escaped = await importText(name, text, { backslashes: "escapes" });
      expect(escaped.description).toContain("backslashes as escapes");
      expect(escaped.cards).toMatchObject([{ description: "one\ntwo\\x" }]);
    }
    const plain = await importText("plain.csv", "token,company_name\na,A\n");
    expect(plain.description).not.toContain("backslashes");
  });

  test("a cell of megabytes is read", async () => {
    async function* lines() {
      yield `a,"${'x\\"y'.repeat(1_000_000)}",${"z\\,".repeat(1_000_000)}`;
    }
    for await (const record of enclosedRecords(lines(), ","))
      expect("cells" in record && record.cells.map(({ length }) => length)).toEqual([1, 3_000_000, 2_000_000]);
  });

  test("whatever cells hold, they are read as they were", async () => {
    const unit = fc.constantFrom("a", '"', ",", "\n", "\\", "N", "ü");
    const cell = fc.string({ unit, maxLength: 6 });
    async function* linesOf(text: string) {
      yield* text.split("\n");
    }
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 5 }),
        fc.boolean(),
        async (rows, isQuoted) => {
          const write = (text: string) =>
            isQuoted ? `"${text.replace(/["\n\\]/g, "\\$&")}"` : `x${text.replace(/[",\n\\]/g, "\\$&")}`;
          const text = rows.map((row) => row.map(write).join(",")).join("\n");
          const read: unknown[] = [];
          for await (const record of enclosedRecords(linesOf(text), ",")) read.push("cells" in record && record.cells);
          expect(read).toEqual(rows.map((row) => row.map((each) => (isQuoted ? each : `x${each}`))));
        },
      ),
    );
  });
});

test("spaces with which PostgreSQL fills char(n) do not count", () => {
  const user = "6f1c0f4e-0000-4000-8000-000000000000";
  const line = { report_id: "r   ", created_at: "2024-12-13 10:00:00+00  ", id: `${user}  `, user_id: `${user}    ` };
  expect(
    DraftLine.parse({ ...line, status: "COMPLETED   ", current_view: "MANUAL    ", business_card_token: "t  " }),
  ).toMatchObject({
    reportId: "r",
    id: user,
    userId: user,
    status: "COMPLETED",
    currentView: "MANUAL",
    businessCardToken: "t",
  });
  expect(
    DraftLine.parse({ ...line, id: "  ", status: "   ", current_view: " ", guest_session_id: "  " }),
  ).toMatchObject({
    status: "IN_PROGRESS",
    currentView: "MANUAL",
    guestSessionId: null,
  });
});
