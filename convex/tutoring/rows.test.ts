import { afterEach, expect, test, vi } from "vitest";
import { api } from "../_generated/api";
import { signedInUser } from "../setup.testing";
import { another, draft, people, seat, send, withOpenSession } from "./tutoring.testing";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

test("deleting a session leaves none of its rows", async () => {
  const setting = await withOpenSession();
  const { t, ada, bob, id } = setting;
  await seat(setting, id, bob);
  await (await another(setting)).as.mutation(api.tutoring.sessions.join, { id });
  await ada.as.mutation(api.tutoring.sessions.remove, { id });
  const left = await t.run(async (ctx) =>
    Promise.all([
      ctx.db.query("tutoringMembers").collect(),
      ctx.db.query("tutoringCards").collect(),
      ctx.db.query("tutoringFullCards").collect(),
      ctx.db.query("tutoringSeats").collect(),
      ctx.db.query("tutoringClocks").collect(),
      ctx.db.query("tutoringCounts").collect(),
      ctx.db.query("tutoringShelves").collect(),
    ]),
  );
  expect(left.flat()).toEqual([]);
});

test("approval is in the audit log, and may be automatic", async () => {
  const { t, ada, moderator } = await people();
  const id = await ada.as.mutation(api.tutoring.sessions.create, draft);
  await moderator.as.mutation(api.tutoring.sessions.approve, { id });
  const entries = await t.run((ctx) => ctx.db.query("auditEntries").collect());
  expect(entries).toMatchObject([{ action: "approved", actor: moderator.user.uuid, target: `tutoring session ${id}` }]);
  vi.stubEnv("TUTORING_AUTO_APPROVE", "true");
  expect(await send(t, "POST", "/api/sessions/", ada, draft)).toMatchObject({
    status: 201,
    body: { status: "approved", can_join: true },
  });
});

test("another tenant's sessions are not found and not listed", async () => {
  const { t, id } = await withOpenSession();
  const foreigner = await signedInUser(t);
  for (const [method, verb] of [
    ["GET", ""],
    ["DELETE", ""],
    ["POST", "join/"],
    ["POST", "cancel/"],
    ["POST", "leave/"],
    ["POST", "approve/"],
  ] as const)
    expect(await send(t, method, `/api/sessions/${id}/${verb}`, foreigner)).toMatchObject({
      status: 404,
      body: { detail: expect.any(String) as string },
    });
  expect((await send<object[]>(t, "GET", "/api/sessions/", foreigner)).body).toEqual([]);
});
