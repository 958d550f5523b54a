/** `npm run import:cards` and `npm run import:valuations` as an operator runs them. */
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { anyApi, type FunctionReference } from "convex/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deadlineMs } from "../../lib/deadlines";
import { freePorts } from "../../lib/free-ports";
import { PROJECT_DIR } from "../../lib/settings";
import { call, newAccount, target, type Account } from "../support/api";

const folder = mkdtempSync(join(tmpdir(), "imports-"));
afterAll(() => rmSync(folder, { recursive: true }));

let ada: Account;
let userId: string;
beforeAll(async () => {
  ada = await newAccount();
  const me = (await ada.http.query(anyApi.accounts!.users!.me as FunctionReference<"query">, {})) as { id: string };
  userId = me.id;
});

interface Ran {
  code: number;
  out: string;
  err: string;
}
function run(command: "cards" | "valuations", args: string[], env: Record<string, string> = {}): Promise<Ran> {
  const deployment = { CONVEX_SELF_HOSTED_URL: target().convexUrl, CONVEX_SELF_HOSTED_ADMIN_KEY: target().adminKey };
  return new Promise((resolve) =>
    execFile(
      process.execPath,
      ["--import", "tsx", `scripts/import-${command}.ts`, ...args],
      { cwd: PROJECT_DIR, env: { ...process.env, ...deployment, ...env } },
      (error, out, err) => resolve({ code: typeof error?.code === "number" ? error.code : 0, out, err }),
    ),
  );
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test("--help, no file and too many; a file that is not there; a deployment that is not there", async () => {
  for (const command of ["cards", "valuations"] as const) {
    const help = await run(command, ["--help"]);
    expect([help.code, help.err]).toEqual([0, ""]);
    expect(help.out).toContain(`npm run import:${command} -- FILE`);
    expect(help.out).toContain("Exit code");
    for (const args of [[], ["a.csv", "b.csv"]]) expect((await run(command, args)).code).toBe(2);
  }
  const missing = await run("cards", [join(folder, "none.csv")]);
  expect([missing.code, missing.err.trim()]).toEqual([2, `✗ ${join(folder, "none.csv")}: no such file`]);
  const { convex } = await freePorts();
  const away = await run("cards", [file("one.csv", "token,company_name\na,A\n")], {
    CONVEX_SELF_HOSTED_URL: `http://127.0.0.1:${convex}`,
  });
  expect(away.code).toBe(2);
  expect(away.err).toContain("No deployment answers at");
});

describe("cards", () => {
  test("every broken line is named, the others are in; again, and with new fields, they are replaced", async () => {
    const [one, two] = [`t-${randomUUID()}`, `t-${randomUUID()}`];
    const path = file(
      "cards.csv",
      `\uFEFFtoken,company_name,revenue,founding_year\r\n${one},"Ada, ""Ltd""",1e6,1843\r\n,Nameless,1,1\r\nx,,1,1\r\ny,Y,much,1.5\r\nz,Z\r\nq,a"b,1,1\r\n${one},Twice,1,1901\r\nv,${"v".repeat(501)},,\r\n${two},Last,,\r\n`,
    );
    const first = await run("cards", [path]);
    expect(first.err.trim().split("\n")).toEqual([
      "line 3: token: is required",
      "line 4: company_name: is required",
      "line 5: revenue: must be a number; founding_year: must be a whole number",
      "line 6: has 2 columns where the header has 4",
      "line 7: has a quote within a cell that does not begin with one",
      "line 8: repeats line 2",
      "line 9: company_name: must have at most 500 characters",
    ]);
    expect([first.code, first.out]).toEqual([1, expect.stringMatching(/✓ 2 saved, 7 refused/)]);
    expect((await call("GET", `/api/business-cards?token=${two}`)).body).toMatchObject({
      company_name: "Last",
      revenue: null,
    });
    expect((await call("GET", `/api/business-cards?token=${one}`)).body).toMatchObject({
      company_name: 'Ada, "Ltd"',
      revenue: 1_000_000,
      founding_year: 1843,
    });
    expect(first.out).toContain(
      "cards.csv: Text with separators in UTF-8, separated by commas, decimal points, columns",
    );
    const again = await run("cards", [
      file("again.jsonl", `${JSON.stringify({ token: `${one}`, company_name: "Renamed" })}\n`),
    ]);
    expect([again.code, again.out]).toEqual([0, expect.stringContaining("✓ 1 saved")]);
  });
});

test("a dry run looks at every line and writes nothing, with no deployment in reach; semicolons are understood", async () => {
  const token = `t-${randomUUID()}`;
  const path = file("semicolons.csv", `token;company_name;revenue\r\n${token};Ada;1.250,50\r\n;Nameless;1\r\n`);
  const { convex } = await freePorts();
  const startedAt = Date.now();
  const dry = await run("cards", [path, "--dry-run"], { CONVEX_SELF_HOSTED_URL: `http://127.0.0.1:${convex}` });
  expect(dry.err.trim()).toBe("line 3: token: is required");
  expect([dry.code, dry.out]).toEqual([
    1,
    expect.stringMatching(/separated by semicolons, decimal commas.*✓ 1 fine, nothing was written, 1 refused/s),
  ]);
  expect(Date.now() - startedAt).toBeLessThan(deadlineMs(60_000));
  expect((await call("GET", `/api/business-cards?token=${token}`)).status).toBe(404);
  expect((await run("cards", [path])).out).toMatch(/✓ 1 saved, 1 refused/);
  expect((await call("GET", `/api/business-cards?token=${token}`)).body).toMatchObject({ revenue: 1_250.5 });
  expect((await run("cards", [path, "--decimals", "both"])).code).toBe(2);
});

describe("valuations", () => {
  test("drafts arrive whole, once, and with their owner", async () => {
    const guest = "g".repeat(30) + randomUUID().slice(0, 8);
    const [mine, theirs] = [`i-${randomUUID()}`, `i-${randomUUID()}`];
    const form = '{"2":1,"größe":123456789012345678901234567890}';
    const lines = [
      `{"report_id":"${mine}","user_id":"${userId}","created_at":"2024-12-13T10:00:00+01:00","updated_at":"2024-12-14T00:00:00Z","status":"completed","form_data":${form},"conversation_history":[{"a":1}],"valuation_result":"about 5"}`,
      `{"report_id":"${theirs}","guest_session_id":"${guest}","created_at":"2024-12-13T10:00:00Z"}`,
      `{"report_id":"${theirs}x","user_id":"${randomUUID()}","created_at":"2024-12-13T10:00:00Z"}`,
      `{"report_id":"a b","user_id":"${userId}","created_at":"yesterday","form_data":[1],"surprise":1}`,
      `{"report_id":"${mine}l","user_id":"${userId}","created_at":"2024-12-13T10:00:00Z","form_data":{"a":"${"x".repeat(66_000)}"}}`,
      "{broken",
    ];
    const path = file("drafts.jsonl", lines.join("\n"));
    const first = await run("valuations", [path]);
    expect(first.err.trim().split("\n")).toEqual([
      "line 3: user_id: no user has this id",
      expect.stringMatching(
        /^line 4: .*report_id: .*created_at: .*form_data: must be a JSON object.*surprise: unknown field/,
      ),
      "line 5: form_data: is larger than 64 KiB",
      "line 6: is not JSON",
    ]);
    expect([first.code, first.out]).toEqual([1, expect.stringMatching(/✓ 2 created, 4 refused/)]);
    const draft = await call("GET", `/api/sessions/${mine}`, { auth: ada.session });
    expect(draft.body).toMatchObject({
      user_id: userId,
      status: "COMPLETED",
      created_at: "2024-12-13T09:00:00.000Z",
      updated_at: "2024-12-14T00:00:00.000Z",
      completed_at: "2024-12-14T00:00:00.000Z",
      conversation_history: [{ a: 1 }],
      valuation_result: "about 5",
      revision: 1,
    });
    expect(draft.text).toContain(`"form_data":${form}`);
    expect((await call("GET", "/api/sessions?status=completed", { auth: ada.session })).body.total).toBe(1);
    expect((await call("GET", `/api/sessions/${theirs}`, { headers: { "X-Guest-Session-Id": guest } })).status).toBe(
      200,
    );

    await call("PATCH", `/api/sessions/${mine}`, { auth: ada.session, body: { form_data: { kept: true } } });
    const again = await run("valuations", [path]);
    expect(again.out).toMatch(/✓ 2 there already, 4 refused/);
    expect((await call("GET", `/api/sessions/${mine}`, { auth: ada.session })).body).toMatchObject({
      revision: 2,
      form_data: { kept: true },
    });
    expect((await call("GET", "/api/sessions", { auth: ada.session })).body.total).toBe(1);
  });
});
