/** What people type, send and upload, as their programs write it, comes out right over HTTP. */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { call, newAccount, target, type Account } from "../support/api";
import { draft } from "../support/tutoring";

let ada: Account;
beforeAll(async () => {
  ada = await newAccount();
});

async function newSession(fields: object = {}): Promise<number> {
  const { status, body, text } = await call("POST", "/api/sessions/", {
    auth: ada.session,
    body: { ...draft(), ...fields },
  });
  expect(status, text).toBe(201);
  return body.id as number;
}

describe("materials", () => {
  /** Sends a form byte for byte. */
  async function upload(sessionId: number, fileName: string, content: Buffer, lineEnd = "\r\n") {
    const head = ["--XX", "content-disposition: form-data; name=title", "", "Notes", "--XX"];
    const type = ["Content-Disposition: form-data; name=type", "", "file", "--XX"];
    const part = [`Content-Disposition: form-data; name=file; filename=${fileName}`, "", ""];
    const before = ["preamble", ...head, ...type, ...part].join(lineEnd);
    const body = Buffer.concat([Buffer.from(before), content, Buffer.from(`${lineEnd}--XX--`)]);
    const answer = await fetch(`${target().siteUrl}/api/sessions/${sessionId}/materials/`, {
      method: "POST",
      headers: { Authorization: ada.session, "Content-Type": "multipart/form-data; boundary=XX" },
      body,
    });
    return { status: answer.status, body: (await answer.json()) as { id: number; error?: string } };
  }

  const pdf = Buffer.from("%PDF-1.7\n1 0 obj\n<< >>\nendobj\n%%EOF\n");
  test.each<[string, string, Buffer, string]>([
    ["a PDF behind a mark", "a.pdf", Buffer.concat([Buffer.from("\ufeff\n"), pdf]), "application/pdf"],
    [
      "a PDF behind 500 bytes",
      "b.pdf",
      Buffer.concat([Buffer.alloc(500, 0x25), Buffer.from("\n"), pdf]),
      "application/pdf",
    ],
    [
      "Windows-1252",
      "c.csv",
      Buffer.from("Pr\xe9nom;Montant\r\nZo\xe9;12,50 \x80\r\n", "latin1"),
      "text/csv; charset=windows-1252",
    ],
    ["UTF-16", "d.txt", Buffer.from("\ufeffnaïve 数学\n", "utf16le"), "text/plain; charset=utf-16le"],
    ["UTF-8", "e.md", Buffer.from("\ufeff# Über"), "text/markdown; charset=utf-8"],
  ])("%s is taken, and its bytes come back", async (_what, fileName, content, contentType) => {
    const sessionId = await newSession();
    for (const lineEnd of ["\r\n", "\n"]) {
      const { status, body } = await upload(sessionId, fileName, content, lineEnd);
      expect([status, body.error]).toEqual([201, undefined]);
      const path = `/api/sessions/${sessionId}/materials/${body.id}/`;
      await expect
        .poll(async () => (await call("GET", path, { auth: ada.session })).body.scan_status, { timeout: 60_000 })
        .toBe("clean");
      const download = await fetch(`${target().siteUrl}${path}download/`, { headers: { Authorization: ada.session } });
      expect(download.headers.get("content-type")).toBe(contentType);
      expect(Buffer.from(await download.arrayBuffer()).equals(content)).toBe(true);
    }
  });

  test("what is no text is refused with a hint, what is no form with the reason", async () => {
    const sessionId = await newSession();
    const { status, body } = await upload(sessionId, "a.csv", Buffer.from([1, 2, 0, 0, 255]));
    expect([status, body.error]).toEqual([415, expect.stringContaining("no text in UTF-8")]);
    const cut = await fetch(`${target().siteUrl}/api/sessions/${sessionId}/materials/`, {
      method: "POST",
      headers: { Authorization: ada.session, "Content-Type": "multipart/form-data; boundary=XX" },
      body: "--XX\r\nContent-Disposition: form-data; name=title\r\n\r\ncut",
    });
    expect([cut.status, await cut.text()]).toEqual([400, expect.stringContaining("cut off")]);
  });
});

test("search finds any part of Chinese, Japanese, Korean and Thai, and other letters whatever their case", async () => {
  const mark = randomUUID().slice(0, 8);
  for (const [title, search] of [
    ["高等数学辅导课程", "数学"],
    ["プログラミング入門", "グラ"],
    ["한국어수업", "어수"],
    ["เรียนภาษาไทย", "ภาษา"],
    ["हिन्दी व्याकरण", "व्याकरण"],
    ["İstanbul tarihi", "istanbul"],
    ["Straßenbau", "STRASSENBAU"],
    ["crème brûlée", "creme"],
  ] as const) {
    const id = await newSession({ title: `${title} ${mark}` });
    const found = await call("GET", `/api/sessions/?search=${encodeURIComponent(`${mark} ${search}`)}`, {
      auth: ada.session,
    });
    expect([search, (found.body as unknown as { id: number }[]).map((each) => each.id)]).toEqual([search, [id]]);
  }
});

test("one account for an address in letters and in ASCII", async () => {
  const name = `u-${randomUUID()}`;
  const password = "correct horse battery";
  const post = (path: string, email: string) => call("POST", path, { body: { email, password } });
  expect((await post("/api/auth/register/", `${name}@Bücher.example`)).status).toBe(201);
  expect((await post("/api/auth/register/", `${name}@xn--bcher-kva.example`)).status).toBe(409);
  const { status, body } = await post("/api/auth/login/", `${name.toUpperCase()}@xn--bcher-kva.example.`);
  expect(status).toBe(200);
  const current = await call("GET", "/api/sessions/current/", { auth: `SessionID ${body.session_id as string}` });
  expect(current.body.email).toBe(`${name}@Bücher.example`);
});

test("a leap second is a time, and other offsets and fractions too", async () => {
  for (const date of ["2030-12-31T23:59:60Z", "2030-12-31T18:59:60.123456789-05:00", "2031-05-01t18:00:00z"])
    await newSession({ date });
  const refused = await call("POST", "/api/sessions/", {
    auth: ada.session,
    body: { ...draft(), date: "2030-12-31T23:58:60Z" },
  });
  expect([refused.status, Object.keys(refused.body.fields as object)]).toEqual([400, ["date"]]);
});
