import { afterEach, expect, test, vi } from "vitest";
import { api, internal } from "../_generated/api";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../lib/time";
import { signedInUser, type TestUser } from "../setup.testing";
import { bytesOf, docx, eicar, pdf, SAMPLES } from "./files/files.testing";
import { LINK_LIFETIME_MS } from "./files/links";
import { FILE_MAX_BYTES, MATERIALS_MAX } from "./rules";
import { another, pass, seat, send, withOpenSession, type Setting } from "./tutoring.testing";
import type { WireMaterial, WireSession } from "./rest/schemas";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

type Room = Setting & { id: number };
type Failure = { error?: string; detail?: string; fields?: Record<string, string[]> };

async function upload(
  room: Room,
  fileName: string,
  bytes: Uint8Array<ArrayBuffer>,
  who: TestUser = room.ada,
  more: Record<string, string> = {},
  path = "",
) {
  const form = new FormData();
  for (const [name, value] of Object.entries({ title: "Sheet", type: "file", ...more })) form.append(name, value);
  form.append("file", new File([bytes], fileName));
  const response = await room.t.fetch(`/api/sessions/${room.id}/materials/${path}`, {
    method: path === "" ? "POST" : "PUT",
    headers: who.headers,
    body: form,
  });
  return { status: response.status, body: (await response.json()) as WireMaterial & Failure };
}

const scanned = (room: Room) => pass(room.t, 1);
const pathOf = (link: string) => link.replace(/^https?:\/\/[^/]+/, "");
const filesLeft = (room: Room) => room.t.run(async (ctx) => (await ctx.db.system.query("_storage").collect()).length);

test("links and notes: made, read, changed, deleted", async () => {
  const room = await withOpenSession();
  const { t, ada, bob, id } = room;
  const base = `/api/sessions/${id}/materials/`;
  const link = await send<WireMaterial>(t, "POST", base, ada, {
    title: "Tables",
    type: "link",
    url: "https://example.com/t",
  });
  expect(link).toMatchObject({ status: 201 });
  expect(link.body).toEqual({
    id: expect.any(Number) as number,
    session: id,
    title: "Tables",
    type: "link",
    url: "https://example.com/t",
    file: null,
    file_name: "",
    uploaded_by: expect.objectContaining({ id: ada.user.publicId, email: ada.user.email }) as object,
    uploaded_at: expect.stringMatching(/Z$/) as string,
    content: "",
    scan_status: null,
  });
  const note = await send<WireMaterial>(t, "POST", base, ada, {
    title: "Hint",
    type: "note",
    content: '"file":"@12" is not a link',
  });
  expect(note.body).toMatchObject({ type: "note", content: '"file":"@12" is not a link' });
  await seat(room, id, bob);
  expect((await send(t, "GET", base, bob)).body).toMatchObject([
    { url: "https://example.com/t" },
    { content: '"file":"@12" is not a link' },
  ]);
  const stranger = await another(room);
  expect((await send(t, "GET", base, stranger)).body).toMatchObject([
    { title: "Tables", url: "", content: "" },
    { title: "Hint", url: "", content: "" },
  ]);
  expect((await send<WireSession>(t, "GET", `/api/sessions/${id}/`, stranger)).body.materials).toMatchObject([
    { url: "" },
    { content: "" },
  ]);
  const one = `${base}${link.body.id}/`;
  const put = await send<WireMaterial>(t, "PUT", one, ada, { ...link.body, title: "More tables" });
  expect(put).toMatchObject({
    status: 200,
    body: { id: link.body.id, title: "More tables", url: "https://example.com/t" },
  });
  expect((await send(t, "GET", one, ada)).body).toEqual(put.body);
  expect((await send(t, "DELETE", one, ada)).status).toBe(204);
  expect(await send(t, "GET", one, ada)).toMatchObject({ status: 404, body: { detail: "Material not found." } });
});

test("others than the creator are refused with a detail, unknown sessions and materials are 404", async () => {
  const room = await withOpenSession();
  const { t, ada, bob, id } = room;
  await seat(room, id, bob);
  const { body: made } = await send<WireMaterial>(t, "POST", `/api/sessions/${id}/materials/`, ada, {
    title: "T",
    type: "note",
    content: "c",
  });
  const refused = { status: 403, body: { detail: "Only the session's creator can change its materials." } };
  const draft = { title: "T", type: "note", content: "mine" };
  expect(await send(t, "POST", `/api/sessions/${id}/materials/`, bob, draft)).toMatchObject(refused);
  expect(await send(t, "PUT", `/api/sessions/${id}/materials/${made.id}/`, bob, draft)).toMatchObject(refused);
  expect(await send(t, "DELETE", `/api/sessions/${id}/materials/${made.id}/`, bob)).toMatchObject(refused);
  expect(await upload(room, "a.pdf", pdf, bob)).toMatchObject(refused);
  expect(await filesLeft(room)).toBe(0);
  const foreigner = await signedInUser(t);
  for (const [who, path] of [
    [foreigner, `${id}/materials/`],
    [foreigner, `${id}/materials/${made.id}/`],
    [ada, "5/materials/"],
    [ada, `${id}/materials/5/`],
  ] as const)
    expect(await send(t, "GET", `/api/sessions/${path}`, who)).toMatchObject({
      status: 404,
      body: { detail: expect.any(String) as string },
    });
  expect((await send(t, "GET", `/api/sessions/${id}/materials/`, null)).status).toBe(401);
  expect((await send(t, "PATCH", `/api/sessions/${id}/materials/${made.id}/`, ada, {})).status).toBe(405);
});

test("malformed materials name each wrong field", async () => {
  const { t, ada, id } = await withOpenSession();
  const wrong: [object, string][] = [
    [{ type: "note", content: "c" }, "title"],
    [{ title: "T", type: "video" }, "type"],
    [{ title: "T", type: "link" }, "url"],
    [{ title: "T", type: "link", url: "javascript:alert(1)" }, "url"],
    [{ title: "T", type: "link", url: "nowhere" }, "url"],
    [{ title: "T", type: "note" }, "content"],
    [{ title: "T", type: "note", content: "x".repeat(10_001) }, "content"],
    [{ title: "T", type: "note", content: "c", url: "https://example.com" }, "url"],
    [{ title: "T", type: "file" }, "file"],
    [{ title: "T", type: "note", content: "c", file_name: "x".repeat(256) }, "file_name"],
    [{ title: "T", type: "note", content: "c", size: 3 }, "size"],
  ];
  for (const [body, field] of wrong) {
    const answer = await send<Failure>(t, "POST", `/api/sessions/${id}/materials/`, ada, body);
    expect([field, answer.status, Object.keys(answer.body.fields ?? {})]).toEqual([field, 400, [field]]);
  }
});

test("every allowed type is uploaded, scanned and downloaded as an attachment by those in the session", async () => {
  const room = await withOpenSession();
  const { t, ada, bob, id } = room;
  await seat(room, id, bob);
  const stranger = await another(room);
  for (const [extension, bytes] of Object.entries(SAMPLES)) {
    const made = await upload(room, `Blätter "1".${extension}`, bytes);
    expect(made).toMatchObject({
      status: 201,
      body: { scan_status: "pending", file: null, file_name: `Blätter "1".${extension}` },
    });
    await scanned(room);
    const path = `/api/sessions/${id}/materials/${made.body.id}/`;
    const { body } = await send<WireMaterial>(t, "GET", path, bob);
    expect([extension, body.scan_status]).toEqual([extension, "clean"]);
    const got = await t.fetch(pathOf(body.file ?? ""));
    expect(got.status).toBe(200);
    expect(new Uint8Array(await got.arrayBuffer())).toEqual(bytes);
    expect(got.headers.get("X-Content-Type-Options")).toBe("nosniff");
    expect(got.headers.get("Content-Disposition")).toBe(
      `attachment; filename="Bl_tter _1_.${extension}"; filename*=UTF-8''Bl%C3%A4tter%20%221%22.${extension}`,
    );
    expect((await t.fetch(`${path}download/`, { headers: ada.headers })).status).toBe(200);
    expect((await send<WireMaterial>(t, "GET", path, stranger)).body.file).toBeNull();
    expect(await send(t, "GET", `${path}download/`, stranger)).toMatchObject({
      status: 403,
      body: { detail: expect.any(String) as string },
    });
    expect((await send(t, "GET", `${path}download/`, null)).status).toBe(401);
  }
  const verdicts = await t.run(async (ctx) =>
    (await ctx.db.query("auditEntries").collect()).filter(({ action }) => action === "file_verdict"),
  );
  expect(verdicts).toHaveLength(Object.keys(SAMPLES).length);
});

test("a link is one viewer's, for a time, and no longer than they take part", async () => {
  const room = await withOpenSession();
  const { t, ada, bob, id } = room;
  await seat(room, id, bob);
  const made = await upload(room, "a.pdf", pdf);
  await scanned(room);
  const path = `/api/sessions/${id}/materials/${made.body.id}/`;
  const linkFor = async (who: TestUser) => pathOf((await send<WireMaterial>(t, "GET", path, who)).body.file ?? "");
  const link = await linkFor(bob);
  const status = async (url: string) => (await t.fetch(url)).status;
  expect(await status(link)).toBe(200);
  expect(await status(link.replace(/user=\d+/, `user=${ada.user.publicId}`))).toBe(403);
  expect(await status(link.replace(/expires=\d+/, (text) => `${text}0`))).toBe(403);
  expect(
    await status(link.replace(/signature=./, (text) => text.slice(0, -1) + (text.endsWith("0") ? "1" : "0"))),
  ).toBe(403);
  expect(await status(link.replace(/signature=\w+/, "signature=x"))).toBe(403);
  await bob.as.mutation(api.tutoring.sessions.leave, { id });
  expect(await status(link)).toBe(403);
  const own = await linkFor(ada);
  vi.advanceTimersByTime(LINK_LIFETIME_MS - HOUR_MS + MINUTE_MS);
  await t.mutation(internal.tutoring.files.scan.sweep, {});
  const renewed = await linkFor(ada);
  expect(renewed).not.toBe(own);
  expect([await status(own), await status(renewed)]).toEqual([200, 200]);
  vi.advanceTimersByTime(HOUR_MS);
  expect([await status(own), await status(renewed)]).toEqual([403, 200]);
});

test("files that lie are refused at once; nothing of them stays", async () => {
  const room = await withOpenSession();
  for (const [name, bytes] of [
    ["a.exe", pdf],
    ["a.pdf", docx],
    ["a.docx", pdf],
    ["a.txt", bytesOf("\x00\x01")],
    ["a.pdf.html", pdf],
    ["noending", pdf],
  ] as const) {
    const { status, body } = await upload(room, name, bytes);
    expect([name, status, typeof body.error]).toEqual([name, 415, "string"]);
  }
  expect(await upload(room, "a.txt", pdf, room.ada, { file_name: "b.pdf" })).toMatchObject({
    status: 201,
    body: { file_name: "b.pdf" },
  });
  expect(await upload(room, "a.pdf", pdf, room.ada, { file_name: "b.txt" })).toMatchObject({ status: 415 });
  expect(await upload(room, "a.pdf", bytesOf(""))).toMatchObject({
    status: 400,
    body: { fields: { file: ["The file is empty."] } },
  });
  expect(await upload(room, "a.pdf", bytesOf("%PDF-", new Uint8Array(FILE_MAX_BYTES - 4)))).toMatchObject({
    status: 413,
    body: { error: "The file is larger than 10 MiB." },
  });
  expect(await upload(room, "a.pdf", pdf, room.ada, { type: "note", content: "c" })).toMatchObject({
    status: 400,
    body: { fields: { file: [expect.any(String) as string] } },
  });
  expect(await upload(room, "a.pdf", pdf, room.ada, { title: "" })).toMatchObject({
    status: 400,
    body: { fields: { title: [expect.any(String) as string] } },
  });
  const raw = await room.t.fetch(`/api/sessions/${room.id}/materials/`, {
    method: "POST",
    headers: { ...room.ada.headers, "Content-Type": "text/plain" },
    body: "x",
  });
  expect(raw.status).toBe(415);
  expect(await filesLeft(room)).toBe(1);
});

test("infected bytes are deleted, the uploader told, the verdict audited", async () => {
  const room = await withOpenSession();
  const { t, ada, id } = room;
  const made = await upload(room, "a.txt", eicar);
  expect(made.body.scan_status).toBe("pending");
  await scanned(room);
  expect(await send<WireMaterial>(t, "GET", `/api/sessions/${id}/materials/${made.body.id}/`, ada)).toMatchObject({
    body: { scan_status: "infected", file: null },
  });
  expect(await filesLeft(room)).toBe(0);
  const inbox = await send<{ title: string; message: string; type: string }[]>(t, "GET", "/api/notifications/", ada);
  expect(inbox.body[0]).toMatchObject({ title: "File rejected: a.txt", type: "general" });
  expect(inbox.body[0]?.message).toContain("EICAR");
  expect((await send(t, "GET", `/api/sessions/${id}/materials/${made.body.id}/download/`, ada)).status).toBe(404);
  const entries = await t.run((ctx) => ctx.db.query("auditEntries").collect());
  expect(entries.filter(({ action }) => action === "file_verdict")).toMatchObject([
    { outcome: "failure", target: `tutoring material ${made.body.id}: infected` },
  ]);
});

test("a replaced file is scanned anew and its old bytes go; a kept one stays what it is", async () => {
  const room = await withOpenSession();
  const { t, ada, id } = room;
  const made = await upload(room, "a.pdf", pdf);
  await scanned(room);
  const path = `/api/sessions/${id}/materials/${made.body.id}/`;
  const kept = await send<WireMaterial>(t, "PUT", path, ada, { title: "Renamed", type: "file", file_name: "b.pdf" });
  expect(kept).toMatchObject({
    status: 200,
    body: { title: "Renamed", file_name: "b.pdf", scan_status: "clean", file: expect.any(String) as string },
  });
  expect(await send(t, "PUT", path, ada, { title: "R", type: "file", file_name: "b.txt" })).toMatchObject({
    status: 400,
    body: { fields: { file_name: [expect.any(String) as string] } },
  });
  const replaced = await upload(room, "c.txt", SAMPLES.txt!, ada, {}, `${made.body.id}/`);
  expect(replaced).toMatchObject({ status: 200, body: { scan_status: "pending", file: null, file_name: "c.txt" } });
  await scanned(room);
  expect(await filesLeft(room)).toBe(1);
  expect(await send(t, "PUT", path, ada, { title: "N", type: "note", content: "c" })).toMatchObject({
    status: 200,
    body: { type: "note", file_name: "" },
  });
  expect(await filesLeft(room)).toBe(0);
  await upload(room, "a.pdf", pdf);
  await ada.as.mutation(api.tutoring.sessions.remove, { id });
  expect(await filesLeft(room)).toBe(0);
});

test("live: upload, add, see the state change; a lie comes out in the scan", async () => {
  const room = await withOpenSession();
  const { t, ada, bob, id } = room;
  expect(await ada.as.mutation(api.tutoring.materials.generateUploadUrl, { sessionId: id })).toMatch(/^https?:/);
  await expect(bob.as.mutation(api.tutoring.materials.generateUploadUrl, { sessionId: id })).rejects.toThrow(
    "FORBIDDEN",
  );
  const store = (bytes: Uint8Array<ArrayBuffer>) => t.run((ctx) => ctx.storage.store(new Blob([bytes])));
  const add = async (fileName: string, bytes: Uint8Array<ArrayBuffer>) =>
    await ada.as.mutation(api.tutoring.materials.add, {
      sessionId: id,
      title: "Sheet",
      type: "file",
      fileName,
      storageId: await store(bytes),
    });
  const honest = await add("a.docx", docx);
  const lying = await add("a.pdf", docx);
  const states = async () =>
    (await ada.as.query(api.tutoring.materials.list, { sessionId: id })).map(({ id: of, scanStatus }) => [
      of,
      scanStatus,
    ]);
  expect(await states()).toEqual([
    [honest, "pending"],
    [lying, "pending"],
  ]);
  await scanned(room);
  expect(await states()).toEqual([
    [honest, "clean"],
    [lying, "error"],
  ]);
  expect(await filesLeft(room)).toBe(2);
  const refused = (reason: string) => ({
    data: { code: "VALIDATION", fields: { file: [expect.stringContaining(reason)] } },
  });
  await expect(add("a.exe", pdf)).rejects.toMatchObject(refused("Files must be one of"));
  await expect(add("a.pdf", bytesOf("%PDF-", new Uint8Array(FILE_MAX_BYTES)))).rejects.toMatchObject(
    refused("larger than 10 MiB"),
  );
  const storageId = await store(pdf);
  const again = () =>
    ada.as.mutation(api.tutoring.materials.add, {
      sessionId: id,
      title: "S",
      type: "file",
      fileName: "a.pdf",
      storageId,
    });
  await again();
  await expect(again()).rejects.toThrow("CONFLICT");
  await ada.as.mutation(api.tutoring.materials.update, { sessionId: id, id: honest, title: "Paper", type: "file" });
  await ada.as.mutation(api.tutoring.materials.remove, { sessionId: id, id: lying });
  expect(await ada.as.query(api.tutoring.materials.list, { sessionId: id })).toMatchObject([
    { title: "Paper", scanStatus: "clean" },
    {},
  ]);
});

test("a scan that never ended is begun again, and given up in the end", async () => {
  const room = await withOpenSession();
  const { t, ada, id } = room;
  const made = await upload(room, "a.pdf", pdf);
  const row = async () => (await t.run((ctx) => ctx.db.query("tutoringMaterials").first()))!;
  // As after a crash in the middle of each scan: begun, never finished.
  const { _id: materialId } = await row();
  for (let attempt = 1; attempt <= 4; attempt++) await t.mutation(internal.tutoring.files.scan.begin, { materialId });
  vi.setSystemTime(Date.now() + 3 * MINUTE_MS);
  await t.mutation(internal.tutoring.files.scan.sweep, {});
  await scanned(room);
  expect(await send<WireMaterial>(t, "GET", `/api/sessions/${id}/materials/${made.body.id}/`, ada)).toMatchObject({
    body: { scan_status: "clean" },
  });
  await upload(room, "b.pdf", pdf, ada, {}, `${made.body.id}/`);
  for (let attempt = 1; attempt <= 5; attempt++) await t.mutation(internal.tutoring.files.scan.begin, { materialId });
  vi.setSystemTime(Date.now() + 3 * MINUTE_MS);
  await t.mutation(internal.tutoring.files.scan.sweep, {});
  const { body } = await row();
  expect(body).toMatchObject({ scanStatus: "error", storageId: expect.any(String) as string });
  const inbox = await send<{ title: string; message: string }[]>(t, "GET", "/api/notifications/", ada);
  expect(inbox.body[0]).toMatchObject({
    title: "File not accepted: b.pdf",
    message: expect.stringContaining("The scanner did not answer.") as string,
  });
  await t.mutation(internal.tutoring.files.uploads.dropUnused, { olderThanMs: 0 });
  const path = `/api/sessions/${id}/materials/${made.body.id}/`;
  expect(await send<WireMaterial>(t, "PUT", path, ada, { title: "Sheet", type: "file" })).toMatchObject({
    body: { scan_status: "pending", file: null },
  });
  await scanned(room);
  expect(await send<WireMaterial>(t, "GET", path, ada)).toMatchObject({
    body: { scan_status: "clean", file: expect.any(String) as string },
  });
});

test("a session holds so many materials and no more", async () => {
  const { t, ada, id } = await withOpenSession();
  for (let i = 0; i < MATERIALS_MAX; i++)
    await ada.as.mutation(api.tutoring.materials.add, {
      sessionId: id,
      title: `${i}`,
      type: "note",
      content: "x".repeat(3_000),
    });
  expect(
    await send(t, "POST", `/api/sessions/${id}/materials/`, ada, { title: "T", type: "note", content: "c" }),
  ).toMatchObject({ status: 400, body: { error: expect.stringContaining("at most") as string } });
  // Too much for a card, and there all the same.
  expect((await send<WireSession>(t, "GET", `/api/sessions/${id}/`, ada)).body.materials).toHaveLength(MATERIALS_MAX);
});

test("bytes that no material names go after a day; those in use stay", async () => {
  const room = await withOpenSession();
  const { t, ada } = room;
  const keyed = { ...ada, headers: { ...ada.headers, "Idempotency-Key": "once" } };
  await upload(room, "a.pdf", pdf, keyed);
  await upload(room, "a.pdf", pdf, keyed);
  await t.run((ctx) => ctx.storage.store(new Blob(["never used"])));
  await scanned(room);
  expect(await filesLeft(room)).toBe(3);
  await t.mutation(internal.tutoring.files.uploads.dropUnused, {});
  expect(await filesLeft(room)).toBe(3);
  vi.setSystemTime(Date.now() + DAY_MS + 1_000);
  await t.mutation(internal.tutoring.files.uploads.dropUnused, {});
  expect(await filesLeft(room)).toBe(1);
});
