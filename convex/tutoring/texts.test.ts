/** Content and length of texts, over REST and the live protocol alike (rest/README.md §0, Input). */
import { afterEach, expect, test, vi } from "vitest";
import { api } from "../_generated/api";
import { draft, people, seat, send, withOpenSession } from "./tutoring.testing";
import type { WireSession } from "./rest/schemas";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

const HALF = "a\ud800";
const fieldsOf = async (work: Promise<unknown>): Promise<unknown> => {
  const error = (await work.then(
    () => "accepted",
    (e: unknown) => e,
  )) as { data?: unknown };
  const data = (typeof error.data === "string" ? JSON.parse(error.data) : error.data) as
    { code: string; fields: Record<string, string[]> } | undefined;
  return data?.code === "VALIDATION" ? data.fields : error;
};

test("half of a surrogate pair is refused in every text of a session", async () => {
  const { t, ada, bob, id } = await withOpenSession();
  for (const name of ["title", "description", "subject"] as const) {
    const refused = { [name]: ["Must be valid Unicode."] };
    expect(await fieldsOf(ada.as.mutation(api.tutoring.sessions.create, { ...draft, [name]: HALF }))).toEqual(refused);
    expect(await fieldsOf(ada.as.mutation(api.tutoring.sessions.update, { id, [name]: HALF }))).toEqual(refused);
    expect(await send(t, "POST", "/api/sessions/", ada, { ...draft, [name]: HALF })).toMatchObject({
      status: 400,
      body: { fields: refused },
    });
  }
  expect(await fieldsOf(bob.as.mutation(api.tutoring.sessions.join, { id, message: HALF }))).toEqual({
    message: ["Must be valid Unicode."],
  });
  expect(await fieldsOf(bob.as.mutation(api.tutoring.presence.beat, { id, visitId: HALF }))).toEqual({
    visitId: ["Must be valid Unicode."],
  });
});

test("half of a surrogate pair is refused in materials and signals", async () => {
  const setting = await withOpenSession();
  const { t, ada, bob, id } = setting;
  await seat(setting, id, bob);
  const storageId = await t.run((ctx) => ctx.storage.store(new Blob(["text"])));
  const add = (material: object) =>
    ada.as.mutation(api.tutoring.materials.add, { sessionId: id, title: "T", type: "note", ...material });
  const refused = ["Must be valid Unicode."];
  expect(await fieldsOf(add({ title: HALF, content: "c" }))).toEqual({ title: refused });
  expect(await fieldsOf(add({ content: HALF }))).toEqual({ content: refused });
  expect(await fieldsOf(add({ type: "link", url: `https://example.com/${HALF}` }))).toEqual({ url: refused });
  expect(await fieldsOf(add({ type: "file", fileName: `${HALF}.txt`, storageId }))).toEqual({ fileName: refused });
  expect(
    await fieldsOf(
      ada.as.mutation(api.tutoring.signals.send, { id, to: bob.user.publicId, kind: "offer", body: HALF }),
    ),
  ).toEqual({ body: refused });
});

test("lengths are counted in characters, however many UTF-16 units they take", async () => {
  const { t, ada } = await people();
  const most = "🎨".repeat(200);
  expect(await send<WireSession>(t, "POST", "/api/sessions/", ada, { ...draft, title: most })).toMatchObject({
    status: 201,
    body: { title: most },
  });
  const refused = { title: ["Must have at most 200 characters."] };
  expect(await send(t, "POST", "/api/sessions/", ada, { ...draft, title: `${most}!` })).toMatchObject({
    status: 400,
    body: { fields: refused },
  });
  const id = await ada.as.mutation(api.tutoring.sessions.create, { ...draft, title: most });
  expect(await fieldsOf(ada.as.mutation(api.tutoring.sessions.update, { id, title: `${most}!` }))).toEqual(refused);
  await ada.as.mutation(api.tutoring.materials.add, {
    sessionId: id,
    title: most,
    type: "note",
    content: "🎨".repeat(10_000),
  });
});
