import { afterEach, expect, test, vi } from "vitest";
import { api } from "../_generated/api";
import { HOUR_MS } from "../lib/time";
import { another, draft, NOON, pass, people, seat, send, withOpenSession } from "./tutoring.testing";
import type { WireSession } from "./rest/schemas";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

test("who took part in a session that is over stays its participant", async () => {
  const setting = await withOpenSession();
  const { t, bob, id } = setting;
  const carol = await another(setting);
  const leave = (who: typeof bob) => send(t, "POST", `/api/sessions/${id}/leave/`, who);
  const over = { status: 400, body: { error: "Session already ended" } };
  await seat(setting, id, bob);
  // The hour is past, whether or not the clock has come by.
  vi.setSystemTime(NOON + 49 * HOUR_MS);
  expect(await leave(bob)).toMatchObject(over);
  await pass(t, 60_000);
  expect(await leave(bob)).toMatchObject(over);
  expect(await leave(carol)).toMatchObject({ status: 400, body: { error: "Not joined" } });
  const mine = await send<{ joined: WireSession[] }>(t, "GET", "/api/sessions/my_sessions/", bob);
  expect(mine.body.joined).toMatchObject([{ id, participant_count: 1 }]);
  await expect(bob.as.mutation(api.tutoring.sessions.leave, { id })).rejects.toThrow("Session already ended");
});

test("a cancelled session is left by nobody, and an overdue request is answered by nobody", async () => {
  const cancelled = await withOpenSession();
  await seat(cancelled, cancelled.id, cancelled.bob);
  await cancelled.ada.as.mutation(api.tutoring.sessions.cancel, { id: cancelled.id });
  const over = { status: 400, body: { error: "Session already ended" } };
  expect(await send(cancelled.t, "POST", `/api/sessions/${cancelled.id}/leave/`, cancelled.bob)).toMatchObject(over);
  const { t, ada, bob, id } = await withOpenSession();
  await bob.as.mutation(api.tutoring.sessions.join, { id });
  vi.setSystemTime(NOON + 49 * HOUR_MS);
  for (const verb of ["approve", "reject"])
    expect(
      await send(t, "POST", `/api/sessions/${id}/${verb}_request/`, ada, { user_id: bob.user.publicId }),
    ).toMatchObject(over);
  expect(await send(t, "POST", `/api/sessions/${id}/leave/`, bob)).toMatchObject(over);
  expect(await send(t, "POST", `/api/sessions/${id}/cancel/`, ada)).toMatchObject(over);
  expect(
    await send(t, "POST", `/api/sessions/${id}/join/`, await another({ t, tenantId: ada.user.tenantId }), {}),
  ).toMatchObject({ status: 400, body: { error: "Session is not open for joining" } });
});

test("a session that begins within the hour is refused once it is past", async () => {
  const { t, ada, moderator, bob } = await people();
  const id = await ada.as.mutation(api.tutoring.sessions.create, {
    ...draft,
    date: new Date(NOON + HOUR_MS / 2).toISOString(),
  });
  await moderator.as.mutation(api.tutoring.sessions.approve, { id });
  vi.setSystemTime(NOON + HOUR_MS);
  expect(await send(t, "POST", `/api/sessions/${id}/join/`, bob, {})).toMatchObject({
    status: 400,
    body: { error: "Session is not open for joining" },
  });
});
