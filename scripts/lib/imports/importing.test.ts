import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { CardLine } from "../../import-cards";
import { DraftLine } from "../../import-valuations";
import { openSource, readRecords } from "./files";
import { importRecords, type Outcome } from "./importing";
import { readEncoding } from "./lines";

const folder = mkdtempSync(join(tmpdir(), "importing-"));
afterAll(() => rmSync(folder, { recursive: true }));

const CARD_FIELDS = {
  all: [
    "token",
    "company_name",
    "industry",
    "revenue",
    "employee_count",
    "description",
    "founding_year",
    "country_code",
  ],
  numbers: ["revenue", "employee_count", "founding_year"],
  wholeNumbers: ["employee_count", "founding_year"],
};

function file(name: string, text: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function importCards(path: string, batchSize = 2, decimals?: "point" | "comma") {
  const sent: unknown[][] = [];
  const report = await importRecords(readRecords(path, { fields: CARD_FIELDS, decimals }), {
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
    expect(report.counts).toEqual({ saved: 2, created: 0, exists: 0, fine: 0, refused: 5 });
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
    for (const name of ["binary.csv", "binary.jsonl", "binary.json"])
      expect(await stopped(file(name, Buffer.from([0, 1, 2, 0xff, 0xfe, 0, 0, 7])))).toContain("save it as UTF-8");
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
    const report = await importRecords(readRecords(path, { fields: CARD_FIELDS }), {
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

describe("files as other programs write them", () => {
  const rows = async (name: string, text: string | Buffer, decimals?: "point" | "comma") => {
    const { report, sent } = await importCards(file(name, text), 10, decimals);
    expect(report.stopped).toBeNull();
    return { problems: report.problems, cards: sent.flat() as Record<string, unknown>[] };
  };

  test.each([
    ["semicolons", "token;company_name;revenue\na;Ada, Ltd;1.250,50\n"],
    ["tabs", "token\tcompany_name\trevenue\r\na\tAda, Ltd\t1,250.50\r\n"],
    ["bars", "token|company_name|revenue\na|Ada, Ltd|1250.5"],
    ["a line that says the separator", 'sep=;\r\ntoken;company_name;revenue\r\na;"Ada, Ltd";1250,5\r\n'],
    ["trailing separators", 'token,company_name,revenue,,\na,"Ada, Ltd",1250.5,,\n'],
    ["rows with separators behind them", 'token,company_name,revenue\na,"Ada, Ltd",1250.5,,\n'],
    ["line ends of old systems", 'token,company_name,revenue\ra,"Ada, Ltd",1250.5\r'],
    ["a mark, other case and spaces", '\uFEFF Token , "Company Name", REVENUE \na, "Ada, Ltd" ,1250.5\n'],
    ["names of programs", 'token,companyName,revenue\na,"Ada, Ltd",1250.5\n'],
    ["decimal commas in quotes", 'token,company_name,revenue\na,"Ada, Ltd","1.250,50"\n'],
    ["currencies and spaces", "token;company_name;revenue\na;Ada, Ltd;€ 1 250,50\n"],
    ["blank lines before the header", '\n\ntoken,company_name,revenue\na,"Ada, Ltd",1250.5\n\n'],
  ])("%s", async (name, text) => {
    const { problems, cards } = await rows(`${name.replaceAll(" ", "-")}.csv`, text);
    expect(problems).toEqual([]);
    expect(cards).toMatchObject([{ token: "a", companyName: "Ada, Ltd", revenue: 1_250.5 }]);
  });

  test("encodings are found, and said before anything is written", async () => {
    const text = "token;company_name\r\na;Café Zoë – € 5\r\n";
    const western = Buffer.from(text.replace("–", "\x96").replace("€", "\x80"), "latin1");
    const utf16 = Buffer.from(`\uFEFF${text}`, "utf16le");
    for (const [bytes, charset] of [
      [western, "WINDOWS-1252"],
      [utf16, "UTF-16LE"],
      [Buffer.from(utf16).swap16(), "UTF-16BE"],
      [Buffer.from(text), "UTF-8"],
      [Buffer.from(`\uFEFF${text}`), "UTF-8"],
    ] as const) {
      const { cards } = await rows("encoding.csv", bytes);
      expect([charset, cards]).toMatchObject([charset, [{ token: "a", companyName: "Café Zoë – € 5" }]]);
      const { description } = await openSource(file("encoding.csv", bytes), { fields: CARD_FIELDS });
      expect(description).toBe(
        `Text with separators in ${charset}, separated by semicolons, columns token, company_name`,
      );
    }
    const late = Buffer.concat([Buffer.from(`token,company_name\n${"x,X\n".repeat(100_000)}`), western.subarray(20)]);
    expect((await openSource(file("late.csv", late), { fields: CARD_FIELDS })).description).toContain("WINDOWS-1252");
    const lines = await rows("latin.jsonl", Buffer.from('{"token":"a","company_name":"caf\xe9"}', "latin1"));
    expect(lines.cards).toMatchObject([{ companyName: "café" }]);
  });

  test("an encoding that a few letters do not tell is asked about, and UTF-32 is refused with the way out", async () => {
    // Korean, which could as well be Chinese.
    const cafe = Buffer.concat([Buffer.from("token,company_name\na,"), Buffer.from("c4abc6e4", "hex")]);
    const path = file("cafe.csv", cafe);
    await expect(openSource(path, { fields: CARD_FIELDS })).rejects.toThrow(
      /^\S+cafe\.csv: has too few letters to tell its encoding, perhaps .*--encoding$/,
    );
    const told = await openSource(path, { fields: CARD_FIELDS, encoding: readEncoding("EUC-KR") });
    expect(told.description).toContain("EUC-KR");
    const values: unknown[] = [];
    for await (const record of told.records) values.push(record);
    expect(values).toMatchObject([{ value: { company_name: "카페" } }]);
    expect(() => readEncoding("klingon")).toThrow('nobody knows "klingon"');

    const utf32 = [...`\uFEFFtoken,company_name\na,Ada\n`].map((letter) => letter.codePointAt(0)!);
    for (const isLittle of [true, false]) {
      const bytes = Buffer.alloc(4 * utf32.length);
      utf32.forEach((point, index) =>
        new DataView(bytes.buffer, bytes.byteOffset).setUint32(4 * index, point, isLittle),
      );
      await expect(openSource(file("utf32.csv", bytes), { fields: CARD_FIELDS })).rejects.toThrow(
        "is in UTF-32, which few programs read; save it as UTF-8 and try again",
      );
    }
  });

  test("zero bytes in a text are left out, which is said, and UTF-16 without its mark is told", async () => {
    const path = file("zeros.csv", "token,company_name\0\na,Caf\0é\n");
    expect((await openSource(path, { fields: CARD_FIELDS })).description).toBe(
      "Text with separators in UTF-8, without its zero bytes, separated by commas, columns token, company_name",
    );
    expect((await importCards(path)).sent.flat()).toMatchObject([{ companyName: "Café" }]);
    for (const text of ["token,company_name\na,日本語の文章\n", "token,company_name\na,Ada\n"]) {
      const wide = file("wide.csv", Buffer.from(text, "utf16le"));
      expect((await openSource(wide, { fields: CARD_FIELDS })).description).toContain("in UTF-16LE, separated");
      expect((await importCards(wide)).report.problems).toEqual([]);
    }
    const padded = file("padded.csv", Buffer.from([..."token,company_name\na,Ada\n"].join("\0\0\0")));
    await expect(openSource(padded, { fields: CARD_FIELDS })).rejects.toThrow("save it as UTF-8");
  });

  test("ISO-2022-JP is known by its escapes, wherever they begin", async () => {
    const japanese = Buffer.from(`a,\x1b$B3t<02q<R\x1b(B\n`, "latin1");
    for (const lines of [0, 200_000]) {
      const path = file(
        "jis.csv",
        Buffer.concat([Buffer.from(`token,company_name\n${"x,X\n".repeat(lines)}`), japanese]),
      );
      const { description, records } = await openSource(path, { fields: CARD_FIELDS });
      expect(description).toContain("ISO-2022-JP");
      let last: unknown;
      for await (const record of records) last = record;
      expect(last).toMatchObject({ value: { token: "a", company_name: "株式会社" } });
    }
    const korean = file("kr.csv", Buffer.from("\x1b$)Ctoken,company_name\na,\x0eGQ\x0f\n", "latin1"));
    await expect(openSource(korean, { fields: CARD_FIELDS })).rejects.toThrow("save it as UTF-8");
  });

  test("the Ctrl-Z by which programs of DOS end a file is no part of it", async () => {
    for (const end of ["\r\n\x1a", "\x1a", "\r\n\x1a\x1a"]) {
      const csv = file("dos.csv", `token,company_name\r\na,Ada${end}`);
      expect(await importCards(csv)).toMatchObject({ sent: [[{ companyName: "Ada" }]], report: { problems: [] } });
      const json = file("dos.json", `[{"token":"a","company_name":"Ada"}]${end}`);
      expect((await importCards(json)).sent).toMatchObject([[{ companyName: "Ada" }]]);
    }
  });

  test("letters of code pages are read, or asked about with the encodings that they may be in", async () => {
    const header = Buffer.from("token,company_name\na,");
    const turkish = file("cp857.csv", Buffer.concat([header, Buffer.from("9e699f6c690a", "hex")]));
    expect((await importCards(turkish)).sent.flat()).toMatchObject([{ companyName: "Şişli" }]);
    const umlaut = file("cp850.csv", Buffer.concat([header, Buffer.from("4d816c6c65720a", "hex")]));
    await expect(openSource(umlaut, { fields: CARD_FIELDS })).rejects.toThrow(
      /perhaps MACINTOSH, .*CP850.*; save it as UTF-8, or name the encoding with --encoding$/,
    );
    const { records } = await openSource(umlaut, { fields: CARD_FIELDS, encoding: readEncoding("ibm850") });
    for await (const record of records) expect(record).toMatchObject({ value: { company_name: "Müller" } });
    const unknown = file("unknown.csv", Buffer.concat([header, Buffer.from("d5b241e7f262b43bc963db0a", "hex")]));
    await expect(openSource(unknown, { fields: CARD_FIELDS })).rejects.toThrow(
      /: is in an encoding that is not known; save it as UTF-8, or name the encoding with --encoding$/,
    );
  });

  test("a number with two readings is asked about, unless other lines or the operator tell", async () => {
    const ask = await rows("ask.csv", "token;company_name;revenue\na;A;1.234\nb;B;12\n");
    expect(ask.problems).toEqual([
      { line: 2, reason: 'revenue: "1.234" can be 1.234 or 1234: say which with --decimals point or --decimals comma' },
    ]);
    const told = await rows("told.csv", "token;company_name;revenue\na;A;1.234\nb;B;12,5\n");
    expect(told.cards).toMatchObject([{ revenue: 1_234 }, { revenue: 12.5 }]);
    expect((await rows("ask.csv", "token;company_name;revenue\na;A;1.234\n", "point")).cards).toMatchObject([
      { revenue: 1.234 },
    ]);
    expect((await rows("ask.csv", "token;company_name;revenue\na;A;1.234\n", "comma")).cards).toMatchObject([
      { revenue: 1_234 },
    ]);
  });

  test("one that only groups its digits, or that has no fraction, is not", async () => {
    const header = "token,company_name,revenue,employee_count";
    const ask = await rows("sheet.csv", `${header}\na,A,250.000,1.200\n`);
    expect(ask.problems).toEqual([
      {
        line: 2,
        reason: 'revenue: "250.000" can be 250 or 250000: say which with --decimals point or --decimals comma',
      },
    ]);
    const groups = await rows("groups.csv", `${header}\na,A,"250,000","1,200"\nb,B,1.200.000,1.200\n`);
    expect(groups.cards).toMatchObject([
      { revenue: 250_000, employeeCount: 1_200 },
      { revenue: 1_200_000, employeeCount: 1_200 },
    ]);
    const exported = await rows("exported.csv", `${header}\na,A,250.000,1\nb,B,1234.567,2\n`);
    expect(exported.cards).toMatchObject([{ revenue: 250 }, { revenue: 1_234.567 }]);
    expect(
      (await rows("tabs.tsv", `${header}\na,A,"1,200",1\n`.replaceAll(",", "\t").replace("1\t200", "1,200"))).problems,
    ).toMatchObject([{ reason: expect.stringContaining("can be 1200 or 1.2") as string }]);
  });

  test("what databases and spreadsheets write for no value is none", async () => {
    const { problems, cards } = await rows(
      "none.csv",
      "token,company_name,industry,revenue,employee_count\na,A,NULL,NULL,N/A\nb,Null,\\N,nan,\nc,C,(null),#N/A,none\nd,D,N/A,5,\ne,NULL,,,\n",
    );
    expect(problems).toEqual([{ line: 6, reason: "company_name: is required" }]);
    expect(cards).toMatchObject([
      { industry: null, revenue: null, employeeCount: null },
      { companyName: "Null", industry: null, revenue: null, employeeCount: null },
      { industry: null, revenue: null, employeeCount: null },
      { industry: "N/A", revenue: 5, employeeCount: null },
    ]);
  });

  test("groups of two digits are groups, and digits that cannot be kept are told", async () => {
    const text = 'token,company_name,revenue\na,A,"1,00,000"\nb,B,"50,000"\nc,C,"75,500"\nd,D,9007199254740993\n';
    const { report, sent } = await importCards(file("lakh.csv", text), 10);
    expect(sent.flat()).toMatchObject([{ revenue: 100_000 }, { revenue: 50_000 }, { revenue: 75_500 }]);
    expect(report.problems).toEqual([
      { line: 5, reason: 'revenue: "9007199254740993" has more digits than can be kept' },
    ]);
  });

  test("Cr and Dr behind an amount of a ledger are asked about, with both readings", async () => {
    const text = "token;company_name;revenue\na;A;1,200.00 Cr\nb;B;1,200 CR\nc;C;1,200.00 DR\nd;D;₹1.2 Cr\n";
    for (const decimals of [undefined, "point"] as const) {
      const { problems, cards } = await rows("ledger.csv", text, decimals);
      const wayOut = "write the one that is meant in digits alone";
      expect(problems).toEqual([
        { line: 2, reason: `revenue: "1,200.00 Cr" can be 12000000000 (crores) or 1200 (a credit): ${wayOut}` },
        { line: 3, reason: `revenue: "1,200 CR" can be 12000000000 (crores) or 1200 (a credit): ${wayOut}` },
        { line: 4, reason: `revenue: "1,200.00 DR" can be 1200 or -1200 (a debit): ${wayOut}` },
      ]);
      expect(cards).toMatchObject([{ token: "d", revenue: 12_000_000 }]);
    }
  });

  describe("tabs", () => {
    const header = "token\tcompany_name\trevenue\tdescription\n";
    const descriptions = async (text: string) =>
      (await rows("tabs.tsv", `${header}${text}`)).cards.map((card) => card.description);

    test("with \\N for no value, backslashes are the escapes of COPY", async () => {
      const path = file("copy.tsv", `${header}a\tA\t\\N\tline1\\nline2\\\\x\\ty\\b\\f\\r\\v\\q\n`);
      expect((await openSource(path, { fields: CARD_FIELDS })).description).toContain("backslashes as escapes");
      expect((await importCards(path)).sent.flat()).toMatchObject([
        { revenue: null, description: expect.stringContaining("line1\nline2\\x\ty") as string },
      ]);
      // A backslash before the tab or the end of a line, as MySQL writes it; quotes are text; a mark ends the file.
      expect(await descriptions('a\tA\t\\N\tone\\\ntwo\\\tthree\nb\tB\t1\t"quoted"\nc\tC\t2\t15" "x\n\\.\n')).toEqual([
        "one\ntwo\tthree",
        '"quoted"',
        '15" "x',
      ]);
    });

    test("without, or where cells are quoted, they are text", async () => {
      expect(await descriptions("a\tA\tNULL\tline1\\nline2\\\\x\n")).toEqual(["line1\\nline2\\\\x"]);
      expect(await descriptions('a\tA\t\\N\t"{""x"": ""\\n""}"\nb\tB\t\\N\ta\\nb\n')).toEqual([
        '{"x": "\\n"}',
        "a\\nb",
      ]);
    });

    test("quotes that quote no cell are text", async () => {
      const cells = ['15" Pipes', '{"revenue": 5}', '"Rosa" GmbH', 'ООО "Ромашка"', '"Rosa', 'Blume"', '"a" "b"'];
      const text = cells.map((cell, i) => `t${i}\tA\t1\t${cell}\n`).join("");
      expect(await descriptions(text)).toEqual(cells);
      expect(await descriptions('a\t"Rosa\t1\tx\n\nb\tBlume"\t1\ty\n')).toEqual(["x", "y"]);
    });

    test("cells in quotes are read as such, over several lines too", async () => {
      expect(await descriptions('a\tA\t1\t"one\ntwo ""2""\n\nthree"\nb\t"B\tb"\t1\t "x" \nc\t"C\nc"\t1\ty\n')).toEqual([
        'one\ntwo "2"\n\nthree',
        "x",
        "y",
      ]);
    });
  });

  test("a first column that numbers the rows is left out, and told", async () => {
    for (const [name, first, second] of [
      ["", 0, 1],
      ['""', 1, 2],
      ["Unnamed: 0", 0, 1],
    ] as const) {
      const text = `${name},token,company_name\n"${first}",a,A\n"${second}",b,B\n`;
      const { problems, cards } = await rows("index.csv", text);
      expect(problems).toEqual([]);
      expect(cards).toMatchObject([{ token: "a" }, { token: "b" }]);
      const { description } = await openSource(file("index.csv", text), { fields: CARD_FIELDS });
      expect(description).toContain("columns token, company_name, without the first column, which numbers the rows");
    }
    for (const numbers of [
      [2, 3],
      [0, 2],
      [1, 1],
      [1, "x"],
    ]) {
      const text = `,token,company_name\n${numbers[0]},a,A\n${numbers[1]},b,B\n`;
      expect((await rows("index.csv", text)).problems).toHaveLength(2);
    }
    const broken = ',token,company_name\n0,a,A\n1,b,B"\n2,c,C\n';
    expect((await rows("index.csv", broken)).problems).toMatchObject([{ line: 3 }]);
  });

  test("exponents of spreadsheets are read, with a comma too", async () => {
    const header = "token;company_name;revenue";
    for (const text of ["1,5E+06", "1.5E+06", "1,500E+06", "15E5", "1,5e6"])
      expect([text, (await rows("exponent.csv", `${header}\na;A;${text}\n`)).cards[0]?.revenue]).toEqual([
        text,
        1_500_000,
      ]);
    const { cards } = await rows("exponents.csv", `${header}\na;A;1,234E+06\nb;B;1.234\n`);
    expect(cards).toMatchObject([{ revenue: 1_234_000 }, { revenue: 1_234 }]);
    expect((await rows("quoted.csv", 'token,company_name,revenue\na,A,"1,5E+06"\n')).cards).toMatchObject([
      { revenue: 1_500_000 },
    ]);
  });

  test("figures are read alike in cells and in texts of JSON, with the same questions", async () => {
    const wayOut = "write the one that is meant in digits alone";
    const decimals = "say which with --decimals point or --decimals comma";
    for (const [written, read] of [
      ["1,200,000", 1_200_000],
      ["$1.2M", 1_200_000],
      ["1 200 000", 1_200_000],
      ["1.250.000,50 €", 1_250_000.5],
      ["(1,200.50)", "revenue: must be 0 or more"],
      ["$-", 0],
      ["-", 0],
      ["-   €", 0],
      [" $ -   ", 0],
      ["–", 0],
      ["--", "revenue: must be a number"],
      ["many", "revenue: must be a number"],
      ["n/a", null],
      ["1.200", `revenue: "1.200" can be 1.2 or 1200: ${decimals}`],
      ["Rp1,5 M", `revenue: "Rp1,5 M" can be 1500000 or 1500000000: ${wayOut}`],
      ["1,5 M", `revenue: "1,5 M" can be 1500000 or 1500000000: ${wayOut}`],
      ["1,5 M€", 1_500_000],
      ["1,5 mM €", `revenue: "1,5 mM €" can be 1500000000 or 1500000: ${wayOut}`],
      ["1,5 mil", `revenue: "1,5 mil" can be 1500 or 1500000: ${wayOut}`],
      ["1.5B", 1_500_000_000],
      ["1.2bn", 1_200_000_000],
      ["1,5 B", `revenue: "1,5 B" can be 1500000000, 1500000000000, or 1500: ${wayOut}`],
      ['="00123"', 123],
    ] as const) {
      const records = [{ token: "a", company_name: "A", revenue: written }];
      const cell = `"${written.replaceAll('"', '""')}"`;
      for (const [name, text] of [
        ["alike.csv", `token;company_name;revenue\na;A;${cell}\n`],
        ["alike.json", JSON.stringify(records)],
        ["alike.jsonl", JSON.stringify(records[0])],
      ] as const) {
        const { problems, cards } = await rows(name, text);
        const found = problems[0]?.reason ?? cards[0]?.revenue;
        expect([name, written, found]).toEqual([name, written, read]);
      }
    }
    const people = await rows(
      "people.jsonl",
      ["1,200", "1.200", "12 000", 7, "-"]
        .map((count, index) => JSON.stringify({ token: `t${index}`, company_name: "A", employee_count: count }))
        .join("\n"),
    );
    expect(people.problems).toEqual([]);
    expect(people.cards.map((card) => card.employeeCount)).toEqual([1_200, 1_200, 12_000, 7, 0]);
  });

  test("texts of JSON tell how the file writes decimals, as cells do", async () => {
    const path = file(
      "commas.json",
      JSON.stringify(["1.234", "12,5"].map((revenue, index) => ({ token: `t${index}`, company_name: "A", revenue }))),
    );
    expect((await openSource(path, { fields: CARD_FIELDS })).description).toContain("decimal commas");
    expect((await importCards(path)).sent.flat()).toMatchObject([{ revenue: 1_234 }, { revenue: 12.5 }]);
    const forced = await importCards(
      file("forced.jsonl", '{"token":"a","company_name":"A","revenue":"1.200"}'),
      2,
      "comma",
    );
    expect(forced.sent.flat()).toMatchObject([{ revenue: 1_200 }]);
  });

  test("a formula that keeps a text is that text, quoted or not", async () => {
    for (const name of ["formula.csv", "formula.tsv"]) {
      const lines = [
        ["token", "company_name", "revenue", "employee_count"],
        ['="00123"', '="A ""1"", B"', '="1,200.50"', '="12"'],
        ['"=""00124"""', "B", '"=""7"""', "1"],
      ];
      const separator = name.endsWith(".tsv") ? "\t" : ",";
      const { problems, cards } = await rows(name, `${lines.map((cells) => cells.join(separator)).join("\n")}\n`);
      expect([name, problems]).toEqual([name, []]);
      expect(cards).toMatchObject([
        { token: "00123", companyName: 'A "1", B', revenue: 1_200.5, employeeCount: 12 },
        { token: "00124", companyName: "B", revenue: 7 },
      ]);
    }
    const { problems } = await rows("formulas.csv", 'token,company_name\n="a"&"b",A\n');
    expect(problems).toMatchObject([{ line: 2 }]);
  });

  test("digits that cannot be kept are refused alike in cells and in JSON, as a number and as text", async () => {
    const reason = (digits: string) => `revenue: "${digits}" has more digits than can be kept`;
    for (const digits of ["9007199254740993", "-9007199254740993", "9007199254740993.5", "9.007199254740993e15"]) {
      const record = (revenue: string) => `{"token":"a","company_name":"A","revenue":${revenue}}`;
      for (const [name, text] of [
        ["long.csv", `token;company_name;revenue\nb;B;1.5\na;A;${digits}\n`],
        ["long.json", `[${record("1")},${record(digits)}]`],
        ["long.jsonl", `\n${record(digits)}`],
        ["text.jsonl", `\n${record(`"${digits}"`)}`],
      ] as const)
        expect([name, (await rows(name, text)).problems.map((problem) => problem.reason)]).toEqual([
          name,
          [reason(digits)],
        ]);
    }
    const grouped = await rows("long.tsv", "token\tcompany_name\trevenue\na\tA\t9,007,199,254,740,993\n");
    expect(grouped.problems).toMatchObject([{ reason: reason("9,007,199,254,740,993") }]);
    const large =
      '{"token":"a","company_name":"A","revenue":9007199254740991}\n{"token":"b","company_name":"B","revenue":1e16}';
    expect((await rows("large.jsonl", large)).cards).toMatchObject([
      { revenue: 9_007_199_254_740_991 },
      { revenue: 1e16 },
    ]);
  });

  test("figures that no business has are refused by field, with the way out", async () => {
    const { problems } = await rows(
      "figures.csv",
      "token,company_name,revenue,employee_count,founding_year,country_code\na,A,-5,-1,3050,Belgium\nb,B,50%,1,999,be\nc,C,0,0,1843,be\n",
    );
    expect(problems).toEqual([
      {
        line: 2,
        reason: expect.stringMatching(
          /^country_code: must be the two letters of a country, .*; revenue: must be 0 or more; employee_count: must be a whole number, 0 or more; founding_year: must be a year from 1000 to \d{4}$/,
        ) as string,
      },
      { line: 3, reason: "revenue: must be a number" },
    ]);
  });

  test("times of PostgreSQL are read", () => {
    const at = (created_at: string) => {
      const line = { report_id: "r", created_at, user_id: "6f1c0f4e-0000-4000-8000-000000000000" };
      const { data, error } = DraftLine.safeParse(line);
      return data ? new Date(data.createdAt).toISOString() : error.issues[0]!.message;
    };
    expect(at("2023-02-10 15:41:33.895+01")).toBe("2023-02-10T14:41:33.895Z");
    expect(at("2023-02-10 15:41:33.895123+01:30")).toBe("2023-02-10T14:11:33.895Z");
    expect(at("2023-02-10 15:41:33-0330")).toBe("2023-02-10T19:11:33.000Z");
    expect(at("1880-01-01 12:00:00+00:19:32")).toBe("1880-01-01T11:40:28.000Z");
    for (const [text, utc] of [
      ["2023-02-10T15:41:33+01", "2023-02-10T14:41:33.000Z"],
      ["2023-02-10 15:41:33.8950000 +01:00", "2023-02-10T14:41:33.895Z"],
      ["2023-02-10 15:41:33 +0100", "2023-02-10T14:41:33.000Z"],
      ["2023-02-10 15:41:33.895 UTC", "2023-02-10T15:41:33.895Z"],
      ["2023-02-10 15:41:33,895+00:00", "2023-02-10T15:41:33.895Z"],
      ["2023-02-10 15:41Z", "2023-02-10T15:41:00.000Z"],
      ["2023-02-10 15:41:33z", "2023-02-10T15:41:33.000Z"],
    ] as const)
      expect([text, at(text)]).toEqual([text, utc]);
    expect(at("2016-12-31T23:59:60Z")).toBe("2017-01-01T00:00:00.000Z");
    expect(at("2023-02-10 15:41:33.895")).toContain("has no time zone");
    expect(at("infinity")).toContain("not infinity");
    expect(at("-infinity")).toContain("not infinity");
    expect(at("0044-03-15 12:00:00+00 BC")).toContain("years 1 to 9999");
    expect(at("10.02.2023 15:41")).toContain("RFC 3339");
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
    expect(reasons({ ...fine, form_data: { text: "x".repeat(64 * 1024) } })).toEqual(["form_data"]);
    expect(DraftLine.safeParse({ ...fine, created_at: 1_676_040_093_000 }).error?.issues[0]?.message).toContain(
      "RFC 3339",
    );
    expect(reasons({ ...fine, conversation_history: "{broken" })).toEqual(["conversation_history"]);
    expect(reasons({ ...fine, user_id: null })).toEqual(["user_id"]);
    expect(reasons({ ...fine, user_id: null, guest_session_id: "short" })).toEqual(["guest_session_id"]);
    expect(reasons({ ...fine, updated_at: "2023-01-01T00:00:00Z" })).toEqual(["updated_at"]);
    expect(reasons({ ...fine, prefilled_from_card: "perhaps" })).toEqual(["prefilled_from_card"]);
    for (const word of ["yes", "Y", "on", " TRUE ", "no", "F", "off", "0"])
      expect([word, reasons({ ...fine, prefilled_from_card: word })]).toEqual([word, []]);
  });

  test("NaN and Infinity are no JSON, and text that begins like some is no JSON string", async () => {
    const fine = { report_id: "r", created_at: "2024-12-13T10:00:00Z", ...owner };
    const reason = (line: object) => DraftLine.safeParse({ ...fine, ...line }).error?.issues[0]?.message;
    const told = "is not JSON: NaN and Infinity are no numbers of JSON";
    for (const field of ["form_data", "valuation_result"]) {
      for (const text of ['{"low": NaN}', '{"low": [-Infinity]}', ' {"NaN": Infinity}'])
        expect([field, text, reason({ [field]: text })]).toEqual([field, text, told]);
      for (const text of ["{'low': 5}", '{"low": "NaN"', "[1,]"])
        expect([field, text, reason({ [field]: text })]).toEqual([field, text, "is not JSON"]);
    }
    expect(reason({ conversation_history: "[NaN]" })).toBe(told);
    expect(reason({ valuation_result: "NaN" })).toBe(told);
    expect(DraftLine.parse({ ...fine, valuation_result: "fair" }).valuationResult).toBe('"fair"');
    expect(DraftLine.parse({ ...fine, valuation_result: '{"low":"NaN"}' }).valuationResult).toBe('{"low":"NaN"}');

    const record = `{"report_id":"r","created_at":"2024-12-13T10:00:00Z","valuation_result":{"low": NaN}}`;
    const options = { fields: { all: [], numbers: [], wholeNumbers: [] } };
    for await (const found of readRecords(file("python.jsonl", record), options))
      expect(found).toEqual({ line: 1, problem: told });
    await expect(
      openSource(file("python.json", `[${record}]`), options).then(({ records }) =>
        records[Symbol.asyncIterator]().next(),
      ),
    ).rejects.toThrow(told);
  });

  test("a time of zeros is none, as MySQL writes it", () => {
    const fine = { report_id: "r", created_at: "2024-12-13T10:00:00Z", ...owner };
    for (const zero of ["0000-00-00 00:00:00", "0000-00-00", "0000-00-00 00:00:00.000000", "0000-00-00T00:00:00Z"]) {
      expect(DraftLine.parse({ ...fine, updated_at: zero, completed_at: zero })).toMatchObject({
        updatedAt: Date.parse("2024-12-13T10:00:00Z"),
        completedAt: null,
      });
      expect(DraftLine.safeParse({ ...fine, created_at: zero }).error?.issues[0]?.message).toBe("is required");
    }
    expect(DraftLine.safeParse({ ...owner, report_id: "r" }).error?.issues[0]?.message).toBe("is required");
    expect(reasons({ ...fine, updated_at: "2024-00-00 00:00:00" })).toEqual(["updated_at"]);
  });

  test("JSON of a file keeps every digit and key order", async () => {
    const form = '{"2":1,"1":123456789012345678901234567890,"price":1.50}';
    const record = `{"report_id":"r","created_at":"2024-12-13T10:00:00Z","user_id":"${owner.user_id}","form_data":${form},"conversation_history":[1e400],"valuation_result":9007199254740993}`;
    for (const [name, text] of [
      ["raw.jsonl", record],
      ["raw.json", `[ ${record} ]`],
    ] as const)
      for await (const found of readRecords(file(name, text), { fields: { all: [], numbers: [], wholeNumbers: [] } })) {
        const row = DraftLine.parse((found as { value: unknown }).value);
        expect([row.formData, row.conversationHistory]).toEqual([form, "[1e400]"]);
        expect(row.valuationResult).toBe("9007199254740993");
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
