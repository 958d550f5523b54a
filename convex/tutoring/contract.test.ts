import { afterEach, expect, test, vi } from "vitest";
import { api } from "../_generated/api";
import { HOUR_MS } from "../lib/time";
import { signedInUser } from "../setup.testing";
import { another, draft, NOON, pass, people, seat, send, withOpenSession } from "./tutoring.testing";
import type { WireRequest, WireSession } from "./rest/schemas";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

test("a session is created, awaits approval and has the documented shape", async () => {
  const { t, ada } = await people();
  const { date, ...rest } = draft;
  const created = await send<WireSession>(t, "POST", "/api/sessions/", ada, {
    ...rest,
    date,
    max_participants: 3,
    id: 7,
    status: "completed",
  });
  expect(created.status).toBe(201);
  const { user } = ada;
  const shape = {
    id: expect.any(Number) as number,
    title: "Fractions, gently",
    description: "From halves to proportions.",
    subject: "Mathematics",
    level: "beginner",
    date: "2026-03-12T12:00:00.000Z",
    duration: 60,
    max_participants: 3,
    creator: {
      id: user.publicId,
      username: user.username,
      first_name: "Ada",
      last_name: "Lovelace",
      email: user.email,
      date_joined: new Date(user._creationTime).toISOString(),
    },
    status: "pending_approval",
    created_at: expect.stringMatching(/^2026-03-10T12:00:00\.\d{3}Z$/) as string,
    updated_at: "2026-03-10T12:00:00.000Z",
    participants: [],
    materials: [],
    booking_requests: [],
    is_full: false,
    available_spots: 3,
    participant_count: 0,
    can_join: false,
  };
  expect(created.body).toEqual(shape);
  expect(Object.keys(created.body)).toEqual(Object.keys(shape));
  const again = await send<WireSession>(t, "GET", `/api/sessions/${created.body.id}/`, ada);
  expect(again).toMatchObject({ status: 200, body: created.body });
});

test("a request is sent, seen by the creator, and approved", async () => {
  const setting = await withOpenSession({ maxParticipants: 2 });
  const { t, ada, bob, id } = setting;
  const joined = await send<WireRequest>(t, "POST", `/api/sessions/${id}/join/`, bob, { message: "  May I?\u0007 " });
  expect(joined.status).toBe(200);
  expect(joined.body).toEqual({
    id: expect.any(Number) as number,
    session: id,
    user: expect.objectContaining({ id: bob.user.publicId, email: bob.user.email }) as object,
    message: "May I?",
    status: "pending",
    requested_at: "2026-03-10T12:00:00.000Z",
  });
  const inbox = await send<{ message: string; session: number; type: string }[]>(t, "GET", "/api/notifications/", ada);
  const request = inbox.body.find(({ type }) => type === "booking_request");
  expect(request).toMatchObject({
    session: id,
    title: "New booking request for Fractions, gently",
    read: false,
    user: ada.user.publicId,
  });
  expect(request?.message).toContain("Bob Brown");
  const seen = await send<WireSession>(t, "GET", `/api/sessions/${id}/`, ada);
  expect(seen.body.booking_requests).toEqual([joined.body]);
  const approved = await send(t, "POST", `/api/sessions/${id}/approve_request/`, ada, { user_id: bob.user.publicId });
  expect(approved).toMatchObject({ status: 200, body: { message: "Request approved" } });
  const after = await send<WireSession>(t, "GET", `/api/sessions/${id}/`, bob);
  expect(after.body).toMatchObject({
    status: "scheduled",
    participant_count: 1,
    available_spots: 1,
    is_full: false,
    can_join: false,
  });
  expect(after.body.participants).toEqual([
    {
      id: expect.any(Number) as number,
      session: id,
      user: expect.objectContaining({ id: bob.user.publicId }) as object,
      role: "student",
      status: "approved",
      joined_at: "2026-03-10T12:00:00.000Z",
    },
  ]);
  expect(after.body.booking_requests).toMatchObject([{ status: "approved" }]);
  const mine = await send<{ created: WireSession[]; joined: WireSession[] }>(
    t,
    "GET",
    "/api/sessions/my_sessions/",
    bob,
  );
  expect(mine.body).toMatchObject({ created: [], joined: [{ id }] });
  const told = await send<{ type: string; title: string }[]>(t, "GET", "/api/notifications/", bob);
  expect(told.body).toMatchObject([
    { type: "session_update", title: "Booking request approved for Fractions, gently" },
  ]);
});

test("joining is refused with each documented reason, full first", async () => {
  const setting = await withOpenSession({ maxParticipants: 1 });
  const { t, ada, bob, id } = setting;
  const join = (who: typeof ada) => send(t, "POST", `/api/sessions/${id}/join/`, who, {});
  const refusal = (error: string) => ({ status: 400, body: { error } });
  expect(await join(ada)).toMatchObject(refusal("Cannot join your own session"));
  await join(bob);
  expect(await join(bob)).toMatchObject(refusal("Request already pending"));
  await send(t, "POST", `/api/sessions/${id}/reject_request/`, ada, { user_id: bob.user.publicId });
  expect(await join(bob)).toMatchObject(refusal("Request was rejected"));
  const carol = await another(setting);
  await seat(setting, id, carol);
  expect(await join(carol)).toMatchObject(refusal("Session is full"));
  await send(t, "PATCH", `/api/sessions/${id}/`, ada, { max_participants: 2 });
  expect(await join(carol)).toMatchObject(refusal("Already joined"));
  await send(t, "POST", `/api/sessions/${id}/cancel/`, ada);
  expect(await join(await another(setting))).toMatchObject(refusal("Session is not open for joining"));
  expect(await send(t, "POST", `/api/sessions/${id}/join/`, bob, { message: "x".repeat(2001) })).toMatchObject({
    status: 400,
    body: { fields: { message: [expect.any(String)] } },
  });
});

test("only the creator answers requests, and only pending ones", async () => {
  const setting = await withOpenSession({ maxParticipants: 1 });
  const { t, ada, bob, id } = setting;
  const answer = (verb: string, who: typeof ada, user: number) =>
    send(t, "POST", `/api/sessions/${id}/${verb}_request/`, who, { user_id: user });
  await bob.as.mutation(api.tutoring.sessions.join, { id });
  for (const verb of ["approve", "reject"]) {
    expect(await answer(verb, bob, bob.user.publicId)).toMatchObject({
      status: 403,
      body: { error: "Not authorized" },
    });
    expect(await answer(verb, ada, ada.user.publicId)).toMatchObject({
      status: 404,
      body: { error: "Request not found" },
    });
    expect(await answer(verb, ada, 12)).toMatchObject({ status: 404, body: { error: "Request not found" } });
  }
  expect((await answer("approve", ada, bob.user.publicId)).status).toBe(200);
  // Approving twice takes no second seat.
  expect(await answer("approve", ada, bob.user.publicId)).toMatchObject({
    status: 404,
    body: { error: "Request not found" },
  });
  const carol = await another(setting);
  await send(t, "PATCH", `/api/sessions/${id}/`, ada, { max_participants: 2 });
  await carol.as.mutation(api.tutoring.sessions.join, { id });
  await send(t, "PATCH", `/api/sessions/${id}/`, ada, { max_participants: 1 });
  expect(await answer("approve", ada, carol.user.publicId)).toMatchObject({
    status: 400,
    body: { error: "Session is full" },
  });
  await carol.as.mutation(api.tutoring.sessions.leave, { id });
  expect(await answer("approve", ada, carol.user.publicId)).toMatchObject({
    status: 404,
    body: { error: "Request not found" },
  });
  expect(await send(t, "POST", `/api/sessions/${id}/approve_request/`, ada, { user_id: "x" })).toMatchObject({
    status: 400,
    body: { fields: { user_id: [expect.any(String)] } },
  });
});

test("leaving frees one seat and lets one ask again", async () => {
  const setting = await withOpenSession({ maxParticipants: 1 });
  const { t, bob, id } = setting;
  const leave = () => send(t, "POST", `/api/sessions/${id}/leave/`, bob);
  expect(await leave()).toMatchObject({ status: 400, body: { error: "Not joined" } });
  await seat(setting, id, bob);
  expect(await leave()).toMatchObject({ status: 200, body: { message: "Left session" } });
  const after = await send<WireSession>(t, "GET", `/api/sessions/${id}/`, bob);
  expect(after.body).toMatchObject({
    participant_count: 0,
    available_spots: 1,
    participants: [],
    booking_requests: [],
    can_join: true,
  });
  expect((await send(t, "POST", `/api/sessions/${id}/join/`, bob, {})).status).toBe(200);
  expect((await leave()).status).toBe(200);
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

test("a canceled session is left by nobody, and an overdue request is answered by nobody", async () => {
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

test("creator or participant cancels; everybody in it hears of it once", async () => {
  const setting = await withOpenSession();
  const { t, ada, bob, id } = setting;
  const carol = await another(setting);
  await seat(setting, id, bob);
  await seat(setting, id, carol);
  const stranger = await another(setting);
  expect(await send(t, "POST", `/api/sessions/${id}/cancel/`, stranger)).toMatchObject({
    status: 403,
    body: { error: "Not authorized" },
  });
  expect(await send(t, "POST", `/api/sessions/${id}/cancel/`, bob)).toMatchObject({
    status: 200,
    body: { message: "Session cancelled" },
  });
  expect(await send(t, "POST", `/api/sessions/${id}/cancel/`, ada)).toMatchObject({
    status: 400,
    body: { error: "Session already ended" },
  });
  for (const who of [ada, bob, carol]) {
    const { body } = await send<{ title: string; type: string }[]>(t, "GET", "/api/notifications/", who);
    expect(body.filter(({ title }) => title === "Session canceled: Fractions, gently")).toMatchObject([
      { type: "session_update", session: id },
    ]);
  }
  const seen = await send<WireSession>(t, "GET", `/api/sessions/${id}/`, stranger);
  expect(seen.body).toMatchObject({ status: "cancelled", can_join: false });
});

test("only its creator changes or deletes a session", async () => {
  const setting = await withOpenSession();
  const { t, ada, bob, id } = setting;
  const path = `/api/sessions/${id}/`;
  for (const [method, body] of [
    ["PUT", draft],
    ["PATCH", { title: "Mine" }],
    ["DELETE", undefined],
  ] as const)
    expect(await send(t, method, path, bob, body)).toMatchObject({ status: 403, body: { error: "Not authorized" } });
  const { title, ...incomplete } = draft;
  expect(title).toBe("Fractions, gently");
  expect(await send(t, "PUT", path, ada, incomplete)).toMatchObject({
    status: 400,
    body: { fields: { title: ["This field is required."] } },
  });
  const put = await send<WireSession>(t, "PUT", path, ada, { ...draft, title: "Fractions", status: "completed" });
  expect(put).toMatchObject({ status: 200, body: { title: "Fractions", status: "approved", max_participants: 10 } });
  await seat(setting, id, bob);
  await seat(setting, id, await another(setting));
  expect(await send(t, "PATCH", path, ada, { max_participants: 1 })).toMatchObject({
    status: 400,
    body: { fields: { max_participants: ["2 have a seat already."] } },
  });
  expect((await send(t, "PATCH", path, ada, { duration: 90 })).status).toBe(200);
  const told = await send<{ title: string }[]>(t, "GET", "/api/notifications/", bob);
  expect(told.body[0]).toMatchObject({ title: "Session changed: Fractions", type: "session_update" });
  const gone = await send(t, "DELETE", path, ada);
  expect(gone).toMatchObject({ status: 204, body: null });
  expect(await send(t, "GET", path, ada)).toMatchObject({ status: 404, body: { detail: "Session not found." } });
  const after = await send<{ title: string; session: number | null }[]>(t, "GET", "/api/notifications/", bob);
  expect(after.body).toMatchObject([{ title: "Session deleted: Fractions", session: null }]);
  expect(await bob.as.query(api.notifications.inbox.unreadCount, {})).toBe(1);
  expect(await ada.as.query(api.notifications.inbox.unreadCount, {})).toBe(0);
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

test("an ended session cannot be changed", async () => {
  const { t, ada, id } = await withOpenSession();
  await ada.as.mutation(api.tutoring.sessions.cancel, { id });
  expect(await send(t, "PATCH", `/api/sessions/${id}/`, ada, { title: "Again" })).toMatchObject({
    status: 400,
    body: { error: "Session already ended" },
  });
});

test("approval takes the permission, and may be automatic", async () => {
  const { t, ada, moderator } = await people();
  const id = await ada.as.mutation(api.tutoring.sessions.create, draft);
  expect(await send(t, "POST", `/api/sessions/${id}/approve/`, ada)).toMatchObject({
    status: 403,
    body: { error: "Not authorized" },
  });
  expect(await send(t, "POST", `/api/sessions/${id}/approve/`, moderator)).toMatchObject({
    status: 200,
    body: { message: "Session approved" },
  });
  const inbox = await send<{ title: string }[]>(t, "GET", "/api/notifications/", ada);
  expect(inbox.body).toMatchObject([{ title: "Session approved: Fractions, gently", session: id }]);
  const entries = await t.run((ctx) => ctx.db.query("auditEntries").collect());
  expect(entries).toMatchObject([{ action: "approved", actor: moderator.user.uuid, target: `tutoring session ${id}` }]);
  vi.stubEnv("TUTORING_AUTO_APPROVE", "true");
  expect(await send(t, "POST", "/api/sessions/", ada, draft)).toMatchObject({
    status: 201,
    body: { status: "approved", can_join: true },
  });
});

test("malformed input names each wrong field", async () => {
  const { t, ada } = await people();
  const create = (changes: object) =>
    send<{ error: string; fields: Record<string, string[]> }>(t, "POST", "/api/sessions/", ada, {
      ...draft,
      ...changes,
    });
  const wrong: [object, string][] = [
    [{ title: "" }, "title"],
    [{ title: "x".repeat(201) }, "title"],
    [{ subject: "x".repeat(101) }, "subject"],
    [{ level: "expert" }, "level"],
    [{ date: "tomorrow" }, "date"],
    [{ date: "2026-02-30T10:00:00Z" }, "date"],
    [{ date: new Date(NOON - 1).toISOString() }, "date"],
    [{ duration: 0 }, "duration"],
    [{ duration: 1441 }, "duration"],
    [{ duration: 1.5 }, "duration"],
    [{ duration: "60" }, "duration"],
    [{ max_participants: 0 }, "max_participants"],
    [{ max_participants: 1001 }, "max_participants"],
    [{ timezone_offset: 841 }, "timezone_offset"],
    [{ colour: "red" }, "colour"],
  ];
  for (const [changes, field] of wrong) {
    const { status, body } = await create(changes);
    expect([field, status, Object.keys(body.fields)]).toEqual([field, 400, [field]]);
    expect(typeof body.error).toBe("string");
  }
  expect((await send(t, "POST", "/api/sessions/", ada, [])).status).toBe(400);
});

test("a local time with its offset and one with an offset of its own mean the same", async () => {
  const { t, ada } = await people();
  const dates = [
    [{ date: "2026-03-12T10:30:00", timezone_offset: 300 }, "2026-03-12T15:30:00.000Z"],
    [{ date: "2026-03-12T10:30", timezone_offset: -330 }, "2026-03-12T05:00:00.000Z"],
    [{ date: "2026-03-12T10:30:00-05:00", timezone_offset: -330 }, "2026-03-12T15:30:00.000Z"],
    [{ date: "2026-03-12T10:30:00Z", timezone_offset: 300 }, "2026-03-12T10:30:00.000Z"],
    [{ date: "2026-03-12T10:30:00" }, "2026-03-12T10:30:00.000Z"],
    [{ date: "2026-03-29T02:30:00", timezone_offset: -60 }, "2026-03-29T01:30:00.000Z"],
  ] as const;
  for (const [given, utc] of dates)
    expect(await send(t, "POST", "/api/sessions/", ada, { ...draft, ...given })).toMatchObject({
      status: 201,
      body: { date: utc },
    });
});

test("without a credential everything is 401, unknown ids and other tenants' are 404, other methods 405", async () => {
  const { t, ada, id } = await withOpenSession();
  const foreigner = await signedInUser(t);
  for (const [method, path] of [
    ["GET", "/api/sessions/"],
    ["POST", "/api/sessions/"],
    ["GET", "/api/sessions/my_sessions/"],
    ["GET", `/api/sessions/${id}/`],
    ["POST", `/api/sessions/${id}/join/`],
    ["GET", "/api/notifications/"],
  ] as const) {
    const { status, body, headers } = await send(t, method, path, null);
    expect([path, status, Object.keys(body)]).toEqual([path, 401, ["detail"]]);
    expect(headers.get("WWW-Authenticate")).toContain("SessionID");
  }
  for (const [method, verb] of [
    ["GET", ""],
    ["DELETE", ""],
    ["POST", "join/"],
    ["POST", "cancel/"],
    ["POST", "leave/"],
    ["POST", "approve/"],
  ] as const) {
    expect(await send(t, method, `/api/sessions/${id}/${verb}`, foreigner)).toMatchObject({
      status: 404,
      body: { detail: expect.any(String) as string },
    });
    expect(await send(t, method, `/api/sessions/1/${verb}`, ada)).toMatchObject({
      status: 404,
      body: { detail: expect.any(String) as string },
    });
  }
  expect((await send<WireSession[]>(t, "GET", "/api/sessions/", foreigner)).body).toEqual([]);
  expect(await send(t, "GET", `/api/sessions/${"9".repeat(30)}/`, ada)).toMatchObject({ status: 404 });
  expect(await send(t, "GET", `/api/sessions/${id}/nowhere/`, ada)).toMatchObject({
    status: 404,
    body: { detail: "Not found" },
  });
  const wrong = await send(t, "PUT", `/api/sessions/${id}/join/`, ada, {});
  expect([wrong.status, wrong.headers.get("Allow")]).toEqual([405, "OPTIONS, POST"]);
});

test("emails are shown between creator and those who asked or take part, requests to whom they concern", async () => {
  const setting = await withOpenSession();
  const { t, ada, bob, id } = setting;
  const carol = await another(setting);
  const stranger = await another(setting);
  await seat(setting, id, bob);
  await carol.as.mutation(api.tutoring.sessions.join, { id, message: "me too" });
  const seenBy = async (who: typeof ada) => (await send<WireSession[]>(t, "GET", "/api/sessions/", who)).body[0]!;
  const emails = (view: WireSession) => [
    view.creator.email,
    view.participants.map(({ user }) => user.email),
    view.booking_requests.map(({ user }) => user.email),
  ];
  expect(emails(await seenBy(ada))).toEqual([ada.user.email, [bob.user.email], [bob.user.email, carol.user.email]]);
  expect(emails(await seenBy(bob))).toEqual([ada.user.email, [bob.user.email], [bob.user.email]]);
  expect(emails(await seenBy(carol))).toEqual([ada.user.email, [""], [carol.user.email]]);
  expect(emails(await seenBy(stranger))).toEqual(["", [""], []]);
  for (const who of [ada, bob, carol, stranger])
    expect((await send<WireSession>(t, "GET", `/api/sessions/${id}/`, who)).body).toEqual(await seenBy(who));
});

test("an Idempotency-Key makes a repeated request the same request", async () => {
  const { t, ada } = await people();
  const keyed = { headers: { ...ada.headers, "Idempotency-Key": "k1" } };
  const first = await send<WireSession>(t, "POST", "/api/sessions/", keyed, draft);
  const second = await send<WireSession>(t, "POST", "/api/sessions/", keyed, draft);
  expect(second.body.id).toBe(first.body.id);
  expect((await send(t, "POST", "/api/sessions/", keyed, { ...draft, title: "Other" })).status).toBe(409);
  expect((await send<WireSession[]>(t, "GET", "/api/sessions/", ada)).body).toHaveLength(1);
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
