/** Lists and details over HTTP are told apart by their ETag, so that what has not changed is not sent again. */
import { afterEach, expect, test, vi } from "vitest";
import { api } from "../_generated/api";
import type { TestUser, T } from "../setup.testing";
import { seat, withOpenSession } from "./tutoring.testing";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

async function ask(t: T, path: string, who: TestUser | null, etag?: string) {
  const headers = { ...who?.headers, ...(etag !== undefined && { "If-None-Match": etag }) };
  const response = await t.fetch(path, { headers });
  return { status: response.status, text: await response.text(), etag: response.headers.get("etag") };
}

async function withAll() {
  const setting = await withOpenSession({ maxParticipants: 1 });
  const { ada, bob, id } = setting;
  const materialId = await ada.as.mutation(api.tutoring.materials.add, {
    sessionId: id,
    title: "Halves",
    type: "note",
    content: "One half.",
  });
  await seat(setting, id, bob);
  const base = `/api/sessions/${id}/`;
  return { ...setting, base, material: `${base}materials/${materialId}/` };
}

test("each list and detail has one, and is 304 while it stands", async () => {
  const { t, ada, base, material } = await withAll();
  const paths = [
    "/api/sessions/",
    "/api/sessions/?page=1",
    "/api/sessions/?search=fractions&level=beginner",
    "/api/sessions/my_sessions/",
    base,
    `${base}waitlist/`,
    `${base}materials/`,
    material,
    `${base}attendance/`,
  ];
  for (const path of paths) {
    const first = await ask(t, path, ada);
    expect([path, first.status, first.etag]).toEqual([path, 200, expect.stringMatching(/^W\/"[^"]+"$/)]);
    for (const known of [first.etag!, `"other", ${first.etag}`, first.etag!.slice(2), "*"])
      expect(await ask(t, path, ada, known), `${path} ${known}`).toEqual({ status: 304, text: "", etag: first.etag });
    expect(await ask(t, path, ada, '"other"'), path).toEqual(first);
  }
});

test("a change, and another viewer who sees more or less, have another", async () => {
  const { t, ada, bob, moderator, id, base } = await withAll();
  const before = await ask(t, base, bob);
  expect((await ask(t, base, moderator, before.etag!)).status).toBe(200);
  await ada.as.mutation(api.tutoring.sessions.update, { id, title: "Decimals" });
  const after = await ask(t, base, bob, before.etag!);
  expect(after.status).toBe(200);
  expect(after.etag).not.toBe(before.etag);
  expect((await ask(t, base, bob, after.etag!)).status).toBe(304);
});

test("errors have none, and are told however the client asks", async () => {
  const { t, bob, base } = await withAll();
  for (const [path, who, status] of [
    ["/api/sessions/5/", bob, 404],
    [base, null, 401],
    ["/api/sessions/?page=0", bob, 400],
    [`${base}attendance/`, bob, 403],
  ] as const)
    for (const known of [undefined, "*"])
      expect(await ask(t, path, who, known), path).toMatchObject({ status, etag: null });
});
