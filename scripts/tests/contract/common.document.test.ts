/**
 * Checks the answers that clients made from `/api/openapi.json` get. `call` holds every answer, here and elsewhere,
 * against the document.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { call, newAccount, type Account } from "../support/api";

let account: Account;
let made: { id: number };

beforeAll(async () => {
  account = await newAccount();
  const draft = {
    title: "Fractions",
    description: "Halves",
    subject: "maths",
    level: "beginner",
    date: new Date(Date.now() + 86_400_000).toISOString(),
    duration: 60,
  };
  made = (await call("POST", "/api/sessions/", { auth: account.session, body: draft })).body as typeof made;
});

describe("an endpoint without fields", () => {
  const paths = [
    "/api/sessions/claim",
    "/api/notifications/mark_all_as_read/",
    "/api/auth/token/",
    "cancel",
    "leave",
    "approve",
  ];
  const pathOf = (path: string) => (path.startsWith("/") ? path : `/api/sessions/${made.id}/${path}/`);

  test.each(paths)("%s refuses what is no empty object", async (path) => {
    const send = (body: string, headers = {}) => call("POST", pathOf(path), { auth: account.session, body, headers });
    expect((await send("[]")).status).toBe(400);
    expect((await send('{"x":1}')).status).toBe(400);
    expect((await send("x", { "Content-Type": "text/plain" })).status).toBe(415);
    expect((await send(`"${"x".repeat(1024 * 1024)}"`)).status).toBe(413);
  });
});

test("an empty Idempotency-Key is 400", async () => {
  const answer = await call("POST", "/api/notifications/mark_all_as_read/", {
    auth: account.session,
    headers: { "Idempotency-Key": "" },
  });
  expect(answer.status).toBe(400);
});

test("what was read may be sent back", async () => {
  const path = `/api/sessions/${made.id}/`;
  const { body } = await call("GET", path, { auth: account.session });
  expect((await call("PUT", path, { auth: account.session, body })).status).toBe(200);
  const draft = await call("POST", "/api/sessions", { auth: account.session, body: { form_data: { a: 1 } } });
  expect(
    (await call("PATCH", `/api/sessions/${draft.body.report_id}`, { auth: account.session, body: draft.body })).status,
  ).toBe(200);
  const materials = `${path}materials/`;
  const note = await call("POST", materials, {
    auth: account.session,
    body: { title: "Notes", type: "note", content: "text" },
  });
  expect((await call("PUT", `${materials}${note.body.id}/`, { auth: account.session, body: note.body })).status).toBe(
    200,
  );
});
