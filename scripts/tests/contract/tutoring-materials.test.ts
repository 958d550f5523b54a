/** convex/tutoring/README.md §6.12 over HTTP: links, notes and files, what files may be, and who gets them. */
import { zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clamdIsThere, startClamd } from "../../../convex/tutoring/files/clamd.testing";
import { bytesOf, docx, eicar, pdf, png, SAMPLES } from "../../../convex/tutoring/files/files.testing";
import { adminClient } from "../../lib/admin";
import { waitFor } from "../../lib/server";
import { admin, call, target, type Account } from "../support/api";
import {
  expectRefused,
  expectWrong,
  MATERIAL,
  moderator,
  nameless,
  offerOpen,
  pathOf,
  person,
  seat,
  send,
  sendForm,
  sendFormData,
  unique,
  type Person,
} from "../support/tutoring";

const MIB = 1024 * 1024;

let ada: Person;
let bob: Person;
let stranger: Person;
let path: string;
let materials: string;

beforeAll(async () => {
  const [creator, approver, ...others] = await Promise.all([person(), moderator(), nameless(), nameless()]);
  [ada, bob, stranger] = [creator, ...others];
  path = await offerOpen(ada, approver);
  await seat(path, ada, bob);
  materials = `${path}materials/`;
});

type Bytes = Uint8Array<ArrayBuffer> | string;
const upload = (
  name: string,
  bytes: Bytes,
  fields: Record<string, string> = {},
  who: Account = ada,
  headers?: Record<string, string>,
) => sendForm("POST", materials, who, { title: "Sheet", type: "file", ...fields }, { name, bytes }, headers);
const read = async (id: number, who: Account = ada) =>
  (await send("GET", `${materials}${id}/`, who)).body as Record<string, any>;

/** Waits for the scan; → the material after it. */
async function scanned(id: number, who: Account = ada): Promise<Record<string, any>> {
  let seen: Record<string, any> = {};
  await waitFor(async () => (seen = await read(id, who)).scan_status !== "pending", 30_000);
  return seen;
}

const download = (link: string, headers: Record<string, string> = {}) =>
  fetch(`${target().siteUrl}${pathOf(link)}`, { headers });

describe("links and notes", () => {
  test("made, read, changed, deleted, in the documented shape", async () => {
    const link = await send("POST", materials, ada, {
      title: "Video",
      type: "link",
      url: "https://example.com/a?b=c",
      id: 3,
      session: 4,
      uploaded_at: "x",
    });
    expect(link.status, link.text).toBe(201);
    expect(link.body).toEqual(MATERIAL);
    expect(link.body).toMatchObject({
      type: "link",
      url: "https://example.com/a?b=c",
      content: "",
      file: null,
      file_name: "",
      scan_status: null,
      uploaded_by: { id: ada.id },
    });
    const note = await send("POST", materials, ada, { title: "Note", type: "note", content: "x".repeat(10_000) });
    expect(note.status).toBe(201);
    expect((await send("GET", materials, ada)).body).toEqual([link.body, note.body]);
    expect((await send("GET", path, ada)).body.materials).toEqual([link.body, note.body]);
    const put = await send("PUT", `${materials}${link.body.id}/`, ada, {
      title: "Now a note",
      type: "note",
      content: "c",
    });
    expect([put.status, put.body.type, put.body.url, put.body.content]).toEqual([200, "note", "", "c"]);
    for (const { body } of [link, note]) {
      const gone = await send("DELETE", `${materials}${body.id}/`, ada);
      expect([gone.status, gone.text]).toEqual([204, ""]);
      expectRefused(await send("GET", `${materials}${body.id}/`, ada), 404, "detail");
    }
    expect((await send("GET", materials, ada)).body).toEqual([]);
  });

  test.each([
    [{ type: "link" }, "url"],
    [{ type: "link", url: "" }, "url"],
    [{ type: "link", url: "javascript:alert(1)" }, "url"],
    [{ type: "link", url: "ftp://example.com" }, "url"],
    [{ type: "link", url: "not a place" }, "url"],
    [{ type: "note" }, "content"],
    [{ type: "note", content: "x".repeat(10_001) }, "content"],
    [{ type: "note", content: "c", title: "" }, "title"],
    [{ type: "note", content: "c", title: "x".repeat(201) }, "title"],
    [{ type: "video" }, "type"],
    [{ type: "note", content: "c", file_name: "x".repeat(256) }, "file_name"],
    [{ type: "note", content: "c", colour: "red" }, "colour"],
    [{ type: "note", content: "c", url: "https://example.com" }, "url"],
    [{ type: "file", file: "text" }, "file"],
    [{ type: "file" }, "file"],
  ])("%j is 400 naming %s", async (changes, field) =>
    expectWrong(await send("POST", materials, ada, { title: "T", ...changes }), field),
  );

  test("other media types are 415, other methods 405, segments that are no integers 404", async () => {
    expectRefused(
      await send("POST", materials, ada, "a=b", { "Content-Type": "application/x-www-form-urlencoded" }),
      415,
      "error",
    );
    for (const body of ["{", "[]"]) expectRefused(await send("POST", materials, ada, body), 400, "error");
    expectRefused(
      await send("POST", materials, ada, "no form", { "Content-Type": "multipart/form-data; boundary=x" }),
      400,
      "error",
    );
    expectRefused(await send("PUT", materials, ada, {}), 405, "error");
    expectRefused(await send("PATCH", `${materials}1/`, ada, {}), 405, "error");
    for (const id of ["1", "9".repeat(30), "abc"])
      expectRefused(await send("GET", `${materials}${id}/`, ada), 404, "detail");
    expectRefused(await send("GET", "/api/sessions/1/materials/", ada), 404, "detail");
  });

  test("only the creator writes: others are 403 {detail}; a material is found in its own session only", async () => {
    const note = await send("POST", materials, ada, { title: "N", type: "note", content: "c" });
    const draft = { title: "N", type: "note", content: "mine" };
    for (const who of [bob, stranger]) {
      expectRefused(await send("POST", materials, who, draft), 403, "detail");
      expectRefused(await send("PUT", `${materials}${note.body.id}/`, who, draft), 403, "detail");
      expectRefused(await send("DELETE", `${materials}${note.body.id}/`, who), 403, "detail");
      expectRefused(await upload("a.pdf", pdf, {}, who), 403, "detail");
    }
    const other = (
      await send("POST", "/api/sessions/", ada, {
        title: "O",
        description: "d",
        subject: "s",
        level: "advanced",
        date: "2031-01-01T10:00:00Z",
        duration: 5,
      })
    ).body.id as number;
    expectRefused(await send("GET", `/api/sessions/${other}/materials/${note.body.id}/`, ada), 404, "detail");
    expectRefused(await send("DELETE", `/api/sessions/${other}/materials/${note.body.id}/`, ada), 404, "detail");
    await send("DELETE", `${materials}${note.body.id}/`, ada);
  });

  test("contents are for the creator and participants, blank to all others", async () => {
    const secret = `secret-${unique()}`;
    const note = await send("POST", materials, ada, { title: "N", type: "note", content: secret });
    const link = await send("POST", materials, ada, { title: "L", type: "link", url: `https://example.com/${secret}` });
    for (const who of [ada, bob]) {
      expect((await read(note.body.id as number, who)).content).toBe(secret);
      expect((await read(link.body.id as number, who)).url).toContain(secret);
    }
    for (const to of [materials, `${materials}${note.body.id}/`, path, "/api/sessions/"])
      expect((await send("GET", to, stranger)).text, to).not.toContain(secret);
    expect(await read(note.body.id as number, stranger)).toMatchObject({
      title: "N",
      type: "note",
      content: "",
      url: "",
      file: null,
      uploaded_by: { email: "" },
    });
    for (const { body } of [note, link]) await send("DELETE", `${materials}${body.id}/`, ada);
  });
});

describe("files", () => {
  test("every allowed type is pending, then clean, then an attachment", async () => {
    for (const [extension, bytes] of Object.entries(SAMPLES)) {
      const made = await upload(`Übung "1" ${extension}.${extension}`, bytes);
      expect(made.status, `${extension} ${made.text}`).toBe(201);
      expect(made.body).toEqual(MATERIAL);
      expect([made.body.file, made.body.scan_status, made.body.type]).toEqual([null, "pending", "file"]);
      const clean = await scanned(made.body.id as number);
      expect([extension, clean.scan_status, typeof clean.file]).toEqual([extension, "clean", "string"]);
      const answer = await download(clean.file as string);
      expect([answer.status, new Uint8Array(await answer.arrayBuffer())]).toEqual([200, bytes]);
      expect(answer.headers.get("content-disposition")).toBe(
        `attachment; filename="_bung _1_ ${extension}.${extension}"; filename*=UTF-8''%C3%9Cbung%20%221%22%20${extension}.${extension}`,
      );
      expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
      expect(answer.headers.get("cache-control")).toBe("private, no-store");
      expect(answer.headers.get("content-type")).not.toMatch(/html|javascript|octet/);
      await send("DELETE", `${materials}${made.body.id}/`, ada);
    }
  });

  test.each<[string, string, Bytes]>([
    ["a program's name", "a.exe", pdf],
    ["no ending", "README", pdf],
    ["a page", "a.html", "<html></html>"],
    ["a drawing with scripts", "a.svg", "<svg></svg>"],
    ["an ending that is only in the middle", "a.pdf.exe", pdf],
    ["an ending of the prototype", "a.constructor", pdf],
    ["text called a picture", "a.png", "no picture"],
    ["a picture called a document", "a.docx", png],
    ["an archive that is no document", "a.docx", zipSync({ "a.txt": new Uint8Array(3) })],
    ["a program called text", "a.txt", bytesOf("\x7fELF\x02\x01\x01", new Uint8Array(64))],
    ["bytes called text", "a.csv", bytesOf("a,b\n\x00\x01")],
  ])("%s is 415", async (_, name, bytes) => expectRefused(await upload(name, bytes), 415, "error"));

  test("an empty file is 400, one over 10 MiB 413, one of just 10 MiB is taken", async () => {
    expectWrong(await upload("a.pdf", ""), "file");
    expectRefused(await upload("a.txt", "x".repeat(10 * MIB + 1)), 413, "error");
    const most = await upload("a.txt", "x".repeat(10 * MIB));
    expect(most.status, most.text).toBe(201);
    expect((await scanned(most.body.id as number)).scan_status).toBe("clean");
    await send("DELETE", `${materials}${most.body.id}/`, ada);
    expectRefused(await sendForm("POST", materials, ada, { title: "x".repeat(11 * MIB), type: "file" }), 413, "error");
  });

  test("a form's fields are checked as JSON's are", async () => {
    expectWrong(await upload("a.pdf", pdf, { title: "" }), "title");
    expectWrong(await upload("a.pdf", pdf, { colour: "red" }), "colour");
    expectWrong(await upload("a.pdf", pdf, { type: "note", content: "c" }), "file");
    expectWrong(await sendForm("POST", materials, ada, { title: "T", type: "file" }), "file");
    expectWrong(await sendForm("POST", materials, ada, { title: "T", type: "file", file: "text" }), "file");
    const note = await sendForm("POST", materials, ada, { title: "T", type: "note", content: "by form" });
    expect([note.status, note.body.content]).toEqual([201, "by form"]);
    const named = await upload("ignored.pdf", pdf, { file_name: "../../etc/Übung.pdf" });
    expect(named.body.file_name).toBe("Übung.pdf");
    for (const { body } of [note, named]) await send("DELETE", `${materials}${body.id}/`, ada);
  });

  test("what a form says twice is refused by name, as is what it should not say", async () => {
    for (const name of ["title", "file", "type"]) {
      const form = new FormData();
      for (const [field, value] of [
        ["title", "T"],
        ["type", "file"],
      ] as const)
        form.append(field, value);
      form.append("file", new Blob([pdf]), "a.pdf");
      if (name === "file") form.append("file", new Blob([pdf]), "b.pdf");
      else form.append(name, "file");
      expectWrong(await sendFormData("POST", materials, ada, form), name);
    }
    expectWrong(await upload("a.pdf", pdf, { ["__proto__"]: "x" }), "__proto__");
  });

  test.each([
    ["a browser", 'Content-Disposition: form-data; name="file"; filename=""\r\nContent-Type: application/octet-stream'],
    ["another client", 'Content-Disposition: form-data; name="file"'],
  ])("a file input that nobody used, as %s sends it, says nothing", async (_, disposition) => {
    const post = (method: string, at: string, fields: Record<string, string>) => {
      const parts = Object.entries(fields).map(
        ([name, value]) => `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
      );
      const body = `${parts.join("")}--x\r\n${disposition}\r\n\r\n\r\n--x--\r\n`;
      return call(method, at, {
        auth: ada.session,
        body,
        headers: { "Content-Type": "multipart/form-data; boundary=x" },
      });
    };
    const missing = await post("POST", materials, { title: "T", type: "file" });
    expect([missing.status, missing.body.fields]).toEqual([400, { file: ["This field is required."] }]);
    const note = await post("POST", materials, { title: "T", type: "note", content: "c" });
    expect(note.status, note.text).toBe(201);
    const made = await upload("a.pdf", pdf);
    await scanned(made.body.id as number);
    const kept = await post("PUT", `${materials}${made.body.id}/`, { title: "Kept", type: "file" });
    expect([kept.status, kept.body.title, kept.body.file_name, kept.body.scan_status]).toEqual([
      200,
      "Kept",
      "a.pdf",
      "clean",
    ]);
    for (const { body } of [note, made]) await send("DELETE", `${materials}${body.id}/`, ada);
  });

  test.each<[string, string, Bytes, string]>([
    ["the test virus", "a.txt", eicar, "infected"],
    [
      "the test virus in a document",
      "a.docx",
      zipSync({ "[Content_Types].xml": new Uint8Array(1), "word/a.xml": eicar }),
      "infected",
    ],
    [
      "a program in a document",
      "a.docx",
      zipSync({ "[Content_Types].xml": new Uint8Array(1), "word/a.bin": bytesOf("\x7fELF", new Uint8Array(64)) }),
      "infected",
    ],
    [
      "a document that unpacks to 60 MiB",
      "a.docx",
      zipSync({ "[Content_Types].xml": new Uint8Array(1), "word/a.xml": new Uint8Array(60 * MIB) }, { level: 9 }),
      "error",
    ],
  ])("%s cannot be downloaded after the scan, and the uploader is told", async (_, name, bytes, verdict) => {
    const title = `Bad ${unique()}`;
    const made = await upload(name, bytes, { title });
    expect(made.status, made.text).toBe(201);
    expect(await scanned(made.body.id as number)).toMatchObject({ scan_status: verdict, file: null });
    const told = ((await send("GET", "/api/notifications/", ada)).body as { message: string; type: string }[]).filter(
      ({ message }) => message.includes(title),
    );
    expect(told).toMatchObject([{ type: "general" }]);
    expectRefused(await send("GET", `${materials}${made.body.id}/download/`, ada), 404, "detail");
    await send("DELETE", `${materials}${made.body.id}/`, ada);
  });

  test("links are personal, signed, and check access each time; without one a credential does", async () => {
    const made = await upload("a.pdf", pdf);
    const id = made.body.id as number;
    const link = (await scanned(id)).file as string;
    const participants = (await read(id, bob)).file as string;
    expect(participants).not.toBe(link);
    expect((await read(id, stranger)).file).toBeNull();
    for (const each of [link, participants]) expect((await download(each)).status).toBe(200);
    const url = new URL(link);
    const altered = (change: (url: URL) => void) => {
      const copy = new URL(url);
      change(copy);
      return copy.href;
    };
    for (const forged of [
      altered(({ searchParams }) => searchParams.set("user", String(stranger.id))),
      altered(({ searchParams }) => searchParams.set("expires", String(Number(searchParams.get("expires")) + 3600))),
      altered(({ searchParams }) => searchParams.set("expires", "1000")),
      altered(({ searchParams }) => searchParams.set("signature", "0".repeat(64))),
      altered(({ searchParams }) => searchParams.set("signature", `${searchParams.get("signature")}x`)),
      altered(({ searchParams }) => searchParams.set("signature", "")),
    ]) {
      const refused = await download(forged);
      expect([refused.status, Object.keys((await refused.json()) as object)]).toEqual([403, ["detail", "code"]]);
    }
    expect((await download(altered(({ searchParams }) => searchParams.delete("signature")))).status).toBe(401);
    const plain = `${materials}${id}/download/`;
    expect((await send("GET", plain, bob)).status).toBe(200);
    expectRefused(await send("GET", plain, stranger), 403, "detail");
    expectRefused(await call("GET", plain), 401, "detail");
    // Whoever loses the seat loses the link at once.
    await send("POST", `${path}leave/`, bob);
    expect((await download(participants)).status).toBe(403);
    expect((await read(id, bob)).file).toBeNull();
    await seat(path, ada, bob);
    await send("DELETE", `${materials}${id}/`, ada);
    expect((await download(link)).status).toBe(404);
  });

  test("PUT keeps the file, renames it or replaces it; what replaced it is scanned anew", async () => {
    const made = await upload("a.pdf", pdf);
    const to = `${materials}${made.body.id}/`;
    await scanned(made.body.id as number);
    const renamed = await send("PUT", to, ada, { title: "Renamed", type: "file", file_name: "b.pdf" });
    expect([renamed.status, renamed.body.file_name, renamed.body.scan_status, typeof renamed.body.file]).toEqual([
      200,
      "b.pdf",
      "clean",
      "string",
    ]);
    expectWrong(await send("PUT", to, ada, { title: "R", type: "file", file_name: "b.txt" }), "file_name");
    const replaced = await sendForm("PUT", to, ada, { title: "R", type: "file" }, { name: "c.docx", bytes: docx });
    expect([replaced.status, replaced.body.file_name, replaced.body.scan_status, replaced.body.file]).toEqual([
      200,
      "c.docx",
      "pending",
      null,
    ]);
    expect((await scanned(made.body.id as number)).scan_status).toBe("clean");
    // What was read may be sent back.
    const { body } = await send("GET", to, ada);
    expect(
      (
        await send("PUT", to, ada, {
          title: body.title,
          type: body.type,
          file: body.file,
          file_name: body.file_name,
          scan_status: "clean",
          id: 1,
        })
      ).status,
    ).toBe(200);
    await send("DELETE", to, ada);
  });

  test("an Idempotency-Key makes a repeated upload one material, whatever boundary its form has", async () => {
    const key = { "Idempotency-Key": unique() };
    const [first, again] = [await upload("a.pdf", pdf, {}, ada, key), await upload("a.pdf", pdf, {}, ada, key)];
    expect([first.status, again.status, again.body.id]).toEqual([201, 201, first.body.id]);
    expectRefused(await upload("a.pdf", bytesOf(pdf, " "), {}, ada, key), 409, "error");
    expect((await send("GET", materials, ada)).body).toHaveLength(1);
    // The bytes that came with the repeat go; those of the material stay.
    const { file } = await scanned(first.body.id as number);
    const stored = async () =>
      (
        await admin<{ page: unknown[] }>("_system/cli/tableData", {
          table: "_storage",
          order: "asc",
          paginationOpts: { numItems: 200, cursor: null },
        })
      ).page.length;
    const before = await stored();
    await admin("tutoring/files/uploads:dropUnused", { olderThanMs: 0 });
    expect(await stored()).toBeLessThan(before);
    expect((await download(file as string)).status).toBe(200);
    await send("DELETE", `${materials}${first.body.id}/`, ada);
  });
});

describe.runIf(clamdIsThere())("with clamd", () => {
  const text = `Known to this test's signatures only: ${unique()}`;
  const known = new TextEncoder().encode(text);
  let clamd: Awaited<ReturnType<typeof startClamd>>;
  const setClamd = (url: string | null) =>
    adminClient(target().convexUrl, target().adminKey).setEnvironment({ CLAMD_URL: url });

  beforeAll(async () => {
    clamd = await startClamd({ "Test.Signature": known });
  });
  afterAll(async () => {
    await setClamd(null);
    await clamd?.stop();
  });

  test("what it finds is deleted, what it passes is clean; while it is away files stay pending", async () => {
    await setClamd(clamd.url);
    const [bad, good] = [await upload("a.txt", known), await upload("a.pdf", pdf)];
    expect((await scanned(bad.body.id as number)).scan_status).toBe("infected");
    expect((await scanned(good.body.id as number)).scan_status).toBe("clean");
    await setClamd("tcp://127.0.0.1:1");
    const waiting = await upload("b.pdf", pdf);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(await read(waiting.body.id as number)).toMatchObject({ scan_status: "pending", file: null });
    await setClamd(null);
    for (const { body } of [bad, good, waiting]) await send("DELETE", `${materials}${body.id}/`, ada);
  });
});
