/**
 * convex/tutoring/README.md §6.6–6.10 and 6.13 over HTTP: requests, seats, endings, and what people are told of them.
 */
import { beforeAll, describe, expect, test } from "vitest";
import type { Answer } from "../support/api";
import {
  draft,
  expectRefused,
  expectSessionShape,
  expectWrong,
  moderator,
  nameless,
  NOTIFICATION,
  offer,
  offerOpen,
  person,
  REQUEST,
  seat,
  send,
  unique,
  type Person,
} from "../support/tutoring";

let ada: Person;
let mod: Person;
let named: [Person, Person, Person];
let crowd: Person[];

beforeAll(async () => {
  [ada, mod] = await Promise.all([person({ first_name: "Ada", last_name: "Lovelace" }), moderator()]);
  named = await Promise.all([person(), person(), person()]);
  crowd = await Promise.all(Array.from({ length: 50 }, () => nameless()));
});

/** The next of the crowd whom no test has used yet. */
let used = 0;
const next = (): Person => crowd[used++]!;

const join = (path: string, who: Person, body?: unknown, headers?: Record<string, string>) =>
  send("POST", `${path}join/`, who, body, headers);
const approve = (path: string, user: number, who: Person = ada) =>
  send("POST", `${path}approve_request/`, who, { user_id: user });
const reject = (path: string, user: number, who: Person = ada) =>
  send("POST", `${path}reject_request/`, who, { user_id: user });
const read = async (path: string, who: Person) => (await send("GET", path, who)).body as Record<string, any>;
const inbox = async (who: Person) => (await send("GET", "/api/notifications/", who)).body as Record<string, any>[];
const open = (overrides: Record<string, unknown> = {}) => offerOpen(ada, mod, overrides);
const byStatus = (answers: Answer[]) =>
  [200, 400, 404].map((status) => answers.filter((answer) => answer.status === status).length);

describe("joining (6.6)", () => {
  test("200 with the request; the creator is told who asks for what", async () => {
    const path = await open({ title: "Asked for" });
    const [bob] = named;
    const asked = await join(path, bob, { message: "  May I?\u0007 " });
    expect(asked.status).toBe(200);
    expect(asked.body).toEqual(REQUEST);
    expect(asked.body).toMatchObject({
      session: Number(path.split("/")[3]),
      user: { id: bob.id, email: bob.email },
      message: "May I?",
      status: "pending",
    });
    const told = (await inbox(ada)).find(({ type }) => type === "booking_request");
    expect(told).toEqual(NOTIFICATION);
    expect(told).toMatchObject({
      title: "New booking request for Asked for",
      session: asked.body.session,
      user: ada.id,
      read: false,
    });
    expect((await read(path, ada)).booking_requests).toEqual([asked.body]);
    expect((await read(path, bob)).can_join).toBe(true);
  });

  test("a body is optional; its one field is checked", async () => {
    const path = await open();
    const bob = next();
    expectWrong(await join(path, bob, { message: "x".repeat(2_001) }), "message");
    expectWrong(await join(path, bob, { message: 5 }), "message");
    expectWrong(await join(path, bob, { message: "a", seat: 1 }), "seat");
    expectRefused(await join(path, bob, "[]"), 400, "error");
    const asked = await join(path, bob);
    expect([asked.status, asked.body.message]).toEqual([200, ""]);
    expect((await join(path, next(), { message: "x".repeat(2_000) })).status).toBe(200);
  });

  test("each refusal with its text, in its order: full comes before joined", async () => {
    const path = await open({ max_participants: 1 });
    const [bob, carol] = [next(), next()];
    expectRefused(await join(path, ada, {}), 400, "error", "Cannot join your own session");
    await join(path, bob, {});
    expectRefused(await join(path, bob, {}), 400, "error", "Request already pending");
    await reject(path, bob.id);
    expectRefused(await join(path, bob, {}), 400, "error", "Request was rejected");
    await seat(path, ada, carol);
    for (const who of [carol, bob, ada]) expectRefused(await join(path, who, {}), 400, "error", "Session is full");
    await send("PATCH", path, ada, { max_participants: 2 });
    expectRefused(await join(path, carol, {}), 400, "error", "Already joined");
    await send("POST", `${path}cancel/`, ada);
    expectRefused(await join(path, next(), {}), 400, "error", "Session is not open for joining");
    expectRefused(await join(await offer(ada), next(), {}), 400, "error", "Session is not open for joining");
    expectRefused(await join("/api/sessions/1/", bob, {}), 404, "detail");
  });

  test("one person asking many times at once asks once; an Idempotency-Key replays", async () => {
    const path = await open();
    const [bob, carol] = [next(), next()];
    const answers = await Promise.all(Array.from({ length: 10 }, () => join(path, bob, {})));
    expect(byStatus(answers)).toEqual([1, 9, 0]);
    const key = { "Idempotency-Key": unique() };
    const [first, again] = await Promise.all([
      join(path, carol, { message: "a" }, key),
      join(path, carol, { message: "a" }, key),
    ]);
    expect([first.status, again.status, again.text]).toEqual([200, 200, first.text]);
    expectRefused(await join(path, carol, { message: "b" }, key), 409, "error");
    expect((await read(path, ada)).booking_requests).toHaveLength(2);
  });
});

describe("answering (6.7, 6.8)", () => {
  test("approval gives a seat and tells the requester; the first one schedules", async () => {
    const path = await open({ title: "Given" });
    const bob = next();
    await join(path, bob, {});
    const approved = await approve(path, bob.id);
    expect([approved.status, approved.body]).toEqual([200, { message: "Request approved" }]);
    const seen = await read(path, bob);
    expectSessionShape(seen);
    expect(seen).toMatchObject({
      status: "scheduled",
      participant_count: 1,
      can_join: false,
      booking_requests: [{ status: "approved" }],
      participants: [{ user: { id: bob.id }, role: "student", status: "approved" }],
    });
    expect(await inbox(bob)).toMatchObject([{ type: "session_update", title: "Booking request approved for Given" }]);
    expectRefused(await approve(path, bob.id), 404, "error", "Request not found");
    expectRefused(await reject(path, bob.id), 404, "error", "Request not found");
  });

  test("rejection gives none and is told too", async () => {
    const path = await open({ title: "Refused" });
    const bob = next();
    await join(path, bob, {});
    const rejected = await reject(path, bob.id);
    expect([rejected.status, rejected.body]).toEqual([200, { message: "Request rejected" }]);
    expect(await read(path, ada)).toMatchObject({
      status: "approved",
      participants: [],
      booking_requests: [{ status: "rejected" }],
    });
    expect(await inbox(bob)).toMatchObject([{ type: "session_update", title: "Booking request rejected for Refused" }]);
  });

  test("the creator only, pending requests only, people by their integer id only", async () => {
    const path = await open({ max_participants: 1 });
    const [bob, carol] = [next(), next()];
    await join(path, bob, {});
    await join(path, carol, {});
    for (const answer of [approve, reject]) {
      expectRefused(await answer(path, bob.id, bob), 403, "error", "Not authorized");
      for (const nobody of [ada.id, 1, -1, 2 ** 60]) {
        const refused = await answer(path, nobody);
        // What is no safe integer is malformed, any other unknown.
        if (Number.isSafeInteger(nobody)) expectRefused(refused, 404, "error", "Request not found");
        else expectWrong(refused, "user_id");
      }
    }
    for (const body of [{}, { user_id: "x" }, { user_id: String(bob.id) }, { user_id: null }, { user_id: 1.5 }])
      expectWrong(await send("POST", `${path}approve_request/`, ada, body), "user_id");
    expectWrong(await send("POST", `${path}approve_request/`, ada, { user_id: bob.id, seat: 1 }), "seat");
    expectRefused(await send("POST", "/api/sessions/1/approve_request/", ada, { user_id: bob.id }), 404, "detail");
    // The withdrawn has no request any more; the last seat is the last.
    expect((await send("POST", `${path}leave/`, carol)).status).toBe(200);
    expectRefused(await approve(path, carol.id), 404, "error", "Request not found");
    await join(path, carol, {});
    expect((await approve(path, bob.id)).status).toBe(200);
    expectRefused(await approve(path, carol.id), 400, "error", "Session is full");
    expect((await send("POST", `${path}cancel/`, ada)).status).toBe(200);
    expectRefused(await approve(path, carol.id), 404, "error", "Request not found");
  });

  test("50 ask at once and all get in line; 30 approvals for 5 seats at once give 5 seats", async () => {
    const path = await open({ max_participants: 5 });
    const asked = await Promise.all(crowd.map((who) => join(path, who, {})));
    expect(byStatus(asked)).toEqual([50, 0, 0]);
    const before = await read(path, ada);
    expect(new Set(before.booking_requests.map(({ user }: { user: { id: number } }) => user.id)).size).toBe(50);
    const answers = await Promise.all(crowd.slice(0, 30).map(({ id }) => approve(path, id)));
    expect(byStatus(answers)).toEqual([5, 25, 0]);
    for (const answer of answers)
      if (answer.status === 400) expect(answer.body).toMatchObject({ error: "Session is full" });
    const after = await read(path, ada);
    expectSessionShape(after);
    expect(after).toMatchObject({ is_full: true, available_spots: 0, participant_count: 5 });
    expect(after.booking_requests.filter(({ status }: { status: string }) => status === "approved")).toHaveLength(5);
    await send("DELETE", path, ada);
  });
});

describe("endings (6.9)", () => {
  test("leaving frees one seat and lets one ask again; who has none is told so", async () => {
    const path = await open({ max_participants: 1 });
    const bob = next();
    const leave = () => send("POST", `${path}leave/`, bob);
    expectRefused(await leave(), 400, "error", "Not joined");
    await join(path, bob, {});
    expect((await leave()).body).toEqual({ message: "Left session" });
    await seat(path, ada, bob);
    expect((await leave()).body).toEqual({ message: "Left session" });
    expect(await read(path, bob)).toMatchObject({
      participants: [],
      booking_requests: [],
      available_spots: 1,
      can_join: true,
    });
    expectRefused(await leave(), 400, "error", "Not joined");
    expect((await join(path, bob, {})).status).toBe(200);
    await reject(path, bob.id);
    // A rejection is not undone by leaving.
    expectRefused(await leave(), 400, "error", "Not joined");
  });

  test("creator or participant cancels for all, once; each other person in it hears of it once", async () => {
    const path = await open({ title: "Called off" });
    const [bob, carol, asking, stranger] = [next(), next(), next(), next()];
    await seat(path, ada, bob);
    await seat(path, ada, carol);
    await join(path, asking, {});
    for (const who of [stranger, asking])
      expectRefused(await send("POST", `${path}cancel/`, who), 403, "error", "Not authorized");
    const cancelled = await send("POST", `${path}cancel/`, bob);
    expect([cancelled.status, cancelled.body]).toEqual([200, { message: "Session cancelled" }]);
    for (const who of [ada, bob])
      expectRefused(await send("POST", `${path}cancel/`, who), 400, "error", "Session already ended");
    for (const [who, times] of [
      [ada, 1],
      [bob, 1],
      [carol, 1],
      [stranger, 0],
    ] as const)
      expect((await inbox(who)).filter(({ title }) => title === "Session canceled: Called off")).toHaveLength(times);
    expect(await read(path, ada)).toMatchObject({ status: "cancelled", can_join: false, participant_count: 2 });
    expect((await read(path, asking)).booking_requests).toMatchObject([{ status: "rejected" }]);
  });

  test("a session is opened by a moderator, and by nobody else", async () => {
    const path = await offer(ada);
    expectRefused(await send("POST", `${path}approve/`, ada), 403, "error", "Not authorized");
    const approved = await send("POST", `${path}approve/`, mod);
    expect([approved.status, approved.body]).toEqual([200, { message: "Session approved" }]);
    expect((await send("POST", `${path}approve/`, mod)).status).toBe(200);
    expect(
      (await inbox(ada)).filter(
        ({ title, session }) =>
          (title as string).startsWith("Session approved") && session === Number(path.split("/")[3]),
      ),
    ).toHaveLength(1);
    await send("POST", `${path}cancel/`, ada);
    expectRefused(await send("POST", `${path}approve/`, mod), 400, "error");
  });

  test("a moderator does not open their own session while there is another moderator", async () => {
    const another = await moderator();
    const path = await offer(another);
    const message = "Another moderator has to approve your session";
    expectRefused(await send("POST", `${path}approve/`, another), 403, "error", message);
    expect(await read(path, another)).toMatchObject({ status: "pending_approval" });
    expect((await send("POST", `${path}approve/`, mod)).status).toBe(200);
  });
});

describe("who sees what", () => {
  test("e-mails between the creator and those who asked or take part; requests to whom they concern", async () => {
    const path = await open();
    const [bob, carol, stranger] = named;
    await seat(path, ada, bob);
    await join(path, carol, {});
    const emails = async (who: Person) => {
      const seen = await read(path, who);
      expectSessionShape(seen);
      return [
        seen.creator.email,
        seen.participants.map(({ user }: any) => user.email),
        seen.booking_requests.map(({ user }: any) => user.email),
      ];
    };
    expect(await emails(ada)).toEqual([ada.email, [bob.email], [bob.email, carol.email]]);
    expect(await emails(bob)).toEqual([ada.email, [bob.email], [bob.email]]);
    expect(await emails(carol)).toEqual([ada.email, [""], [carol.email]]);
    expect(await emails(stranger)).toEqual(["", [""], []]);
    // Lists show what the session itself shows.
    const listed = (await send("GET", "/api/sessions/?page_size=100", stranger)).body.results as any[];
    expect(listed.find(({ id }) => id === Number(path.split("/")[3]))).toEqual(await read(path, stranger));
  });

  test("my_sessions: given and joined, newest first, a pending request is neither", async () => {
    const [bob, carol] = [next(), next()];
    const own = await offer(bob);
    const [first, second, third] = [await open(), await open(), await open()];
    await seat(first, ada, bob);
    await seat(second, ada, bob);
    await join(third, bob, {});
    const { body } = await send("GET", "/api/sessions/my_sessions/", bob);
    expect(Object.keys(body as object)).toEqual(["created", "joined"]);
    const idsOf = (list: { id: number }[]) => list.map(({ id }) => `/api/sessions/${id}/`);
    expect([idsOf(body.created as []), idsOf(body.joined as [])]).toEqual([[own], [second, first]]);
    for (const session of [...body.created, ...body.joined]) expectSessionShape(session);
    expect((await send("GET", "/api/sessions/my_sessions/", carol)).body.created).toEqual([]);
  });
});

describe("notifications (6.13)", () => {
  test("one's own, newest first, one by one, marked one by one and all at once", async () => {
    const [creator, stranger] = [next(), next()];
    for (const title of ["First", "Second", "Third"]) await offerOpen(creator, mod, { title });
    const list = await inbox(creator);
    for (const item of list) expect(item).toEqual(NOTIFICATION);
    expect(list.map(({ title, read: isRead, user }) => [title, isRead, user])).toEqual(
      ["Third", "Second", "First"].map((title) => [`Session approved: ${title}`, false, creator.id]),
    );
    const path = `/api/notifications/${list[0]!.id}/`;
    expect((await send("GET", path, creator)).body).toEqual(list[0]);
    for (const [method, to] of [
      ["GET", path],
      ["POST", `${path}mark_as_read/`],
      ["GET", "/api/notifications/1/"],
      ["POST", `/api/notifications/${"9".repeat(15)}/mark_as_read/`],
    ] as const)
      expectRefused(await send(method, to, stranger), 404, "detail");
    for (let i = 0; i < 2; i++)
      expect((await send("POST", `${path}mark_as_read/`, creator)).body).toEqual({ message: "Marked as read" });
    expect((await inbox(creator)).map(({ read: isRead }) => isRead)).toEqual([true, false, false]);
    expect((await send("POST", "/api/notifications/mark_all_as_read/", creator)).body).toEqual({
      message: "All marked as read",
    });
    expect((await inbox(creator)).every(({ read: isRead }) => isRead)).toBe(true);
    for (const wrong of ["abc", "1a"])
      expect((await send("GET", `/api/notifications/${wrong}/`, creator)).status).toBe(404);
    expectWrong(await send("GET", "/api/notifications/?before=then", creator), "before");
  });

  test("a Bearer token opens the same", async () => {
    const [creator] = named;
    const path = await offer(creator);
    const answer = await send("GET", path, null, undefined, { Authorization: creator.bearer });
    expect([answer.status, answer.body.creator.email]).toEqual([200, creator.email]);
    expect((await send("POST", "/api/sessions/", null, draft(), { Authorization: creator.bearer })).status).toBe(201);
    expectRefused(
      await send("GET", path, null, undefined, { Authorization: "Bearer service-key-for-tests-0123456789abcdef" }),
      401,
      "detail",
    );
  });
});
