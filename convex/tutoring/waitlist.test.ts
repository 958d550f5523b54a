/** Waiting lists (tutoring/README §10.1). */
import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { api } from "../_generated/api";
import { HOUR_MS, MINUTE_MS, toWireTime } from "../lib/time";
import type { TestUser } from "../setup.testing";
import { another, NOON, pass, seat, send, withOpenSession, type Setting } from "./tutoring.testing";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

const START = NOON + 48 * HOUR_MS;
type Full = Setting & { id: number; waiting: TestUser[] };

/** A session with one seat, which Bob has, and `count` people who wait. */
async function fullSession(count: number): Promise<Full> {
  const setting = await withOpenSession({ maxParticipants: 1 });
  await seat(setting, setting.id, setting.bob);
  const waiting: TestUser[] = [];
  for (let n = 0; n < count; n++) {
    const person = await another(setting, { firstName: `Waiting ${n}` });
    await person.as.mutation(api.tutoring.sessions.joinWaitlist, { id: setting.id });
    waiting.push(person);
  }
  return { ...setting, waiting };
}

const wait = ({ t, id }: Pick<Full, "t" | "id">, who: TestUser) =>
  send(t, "POST", `/api/sessions/${id}/waitlist/`, who);
const stop = ({ t, id }: Full, who: TestUser) => send(t, "DELETE", `/api/sessions/${id}/waitlist/`, who);
const accept = ({ t, id }: Full, who: TestUser) => send(t, "POST", `/api/sessions/${id}/accept_offer/`, who);
const leave = ({ t, id }: Full, who: TestUser) => send(t, "POST", `/api/sessions/${id}/leave/`, who);
const see = ({ id }: Full, who: TestUser) => who.as.query(api.tutoring.sessions.viewer, { id });
const show = async ({ t, id }: Full, who: TestUser) =>
  (
    await send<{ is_full: boolean; available_spots: number; participant_count: number; can_join: boolean }>(
      t,
      "GET",
      `/api/sessions/${id}/`,
      who,
    )
  ).body;
const titles = async (who: TestUser) =>
  (await who.as.query(api.notifications.inbox.list, { paginationOpts: { numItems: 50, cursor: null } })).page.map(
    ({ title }) => title,
  );

describe("a place", () => {
  test("is given on a full session, once, in order; and given up", async () => {
    const full = await fullSession(2);
    const [first, second] = full.waiting as [TestUser, TestUser];
    expect(await wait(full, first)).toMatchObject({ status: 200, body: { position: 1 } });
    expect(await wait(full, second)).toMatchObject({ status: 200, body: { position: 2 } });
    expect(await see(full, second)).toMatchObject({ waitlistPosition: 2, offerExpiresAt: null });
    expect(await stop(full, first)).toMatchObject({ status: 200, body: { message: "Left waiting list" } });
    expect(await stop(full, first)).toMatchObject({ status: 400, body: { error: "Not waiting" } });
    expect(await see(full, second)).toMatchObject({ waitlistPosition: 1 });
    expect(await see(full, first)).toMatchObject({ waitlistPosition: null });
  });

  test("is refused to those who may not ask for a seat, and while there are seats", async () => {
    const full = await fullSession(0);
    const refusal = async (who: TestUser) => (await wait(full, who)).body.error;
    expect(await refusal(full.bob)).toBe("Already joined");
    expect(await refusal(full.ada)).toBe("Cannot join your own session");
    const open = await withOpenSession();
    expect(await wait(open, open.bob)).toMatchObject({ status: 400, body: { error: "Session is not full" } });
    await open.bob.as.mutation(api.tutoring.sessions.join, { id: open.id });
    expect(await wait(open, open.bob)).toMatchObject({ status: 400, body: { error: "Request already pending" } });
    await open.ada.as.mutation(api.tutoring.sessions.cancel, { id: open.id });
    expect(await wait(open, await another(open))).toMatchObject({
      status: 400,
      body: { error: "Session is not open for joining" },
    });
  });

  test("is seen by the creator, without addresses; others see their own", async () => {
    const full = await fullSession(2);
    const list = async (who: TestUser) =>
      (
        await send<{ position: number; user: { email: string; id: number } }[]>(
          full.t,
          "GET",
          `/api/sessions/${full.id}/waitlist/`,
          who,
        )
      ).body;
    expect(await list(full.ada)).toMatchObject([
      { position: 1, user: { id: full.waiting[0]!.user.publicId, email: "" }, offer_expires_at: null },
      { position: 2, user: { id: full.waiting[1]!.user.publicId, email: "" } },
    ]);
    expect(await list(full.waiting[1]!)).toMatchObject([{ position: 2, user: { email: full.waiting[1]!.user.email } }]);
    expect(await list(full.bob)).toEqual([]);
  });
});

describe("a freed seat", () => {
  test("who asks although one is held for them is one request to the creator", async () => {
    const setting = await withOpenSession({ maxParticipants: 2 });
    const carol = await another(setting);
    const full = { ...setting, waiting: [] };
    for (const who of [setting.bob, carol]) await seat(setting, setting.id, who);
    const dora = await another(setting);
    await wait(full, dora);
    // One seat is held for her, the other is free.
    for (const who of [setting.bob, carol]) await leave(full, who);
    await dora.as.mutation(api.tutoring.sessions.join, { id: full.id });
    const { booking_requests: asked } = (
      await send<{ booking_requests: { user: { id: number }; status: string }[] }>(
        full.t,
        "GET",
        `/api/sessions/${full.id}/`,
        full.ada,
      )
    ).body;
    const hers = asked.filter(({ user }) => user.id === dora.user.publicId);
    expect(hers).toMatchObject([{ status: "pending" }]);
    expect(await show(full, full.ada)).toMatchObject({ is_full: false, available_spots: 2 });
  });

  test("is held for the first for half an hour, and becomes theirs", async () => {
    const full = await fullSession(2);
    const [first, second] = full.waiting as [TestUser, TestUser];
    await leave(full, full.bob);
    const until = Date.now() + 30 * MINUTE_MS;
    expect(await see(full, first)).toMatchObject({ waitlistPosition: 1, offerExpiresAt: until });
    expect(await see(full, second)).toMatchObject({ waitlistPosition: 2, offerExpiresAt: null });
    expect(await titles(first)).toEqual(["A seat is free: Fractions, gently"]);
    expect(await show(full, full.bob)).toMatchObject({
      is_full: true,
      available_spots: 0,
      participant_count: 0,
      can_join: false,
    });
    expect((await send(full.t, "POST", `/api/sessions/${full.id}/join/`, full.bob, {})).body.error).toBe(
      "Session is full",
    );
    expect(await accept(full, second)).toMatchObject({ status: 400, body: { error: "No offer" } });
    expect(await accept(full, first)).toMatchObject({ status: 200, body: { message: "Offer accepted" } });
    expect(await accept(full, first)).toMatchObject({ status: 400, body: { error: "No offer" } });
    expect(await see(full, first)).toMatchObject({ hasSeat: true, waitlistPosition: null, offerExpiresAt: null });
    expect(await show(full, first)).toMatchObject({ participant_count: 1, is_full: true });
    expect(await titles(full.ada)).toContain("New participant in Fractions, gently");
  });

  test("goes to the next when the offer lapses or is declined, and to everybody when nobody is left", async () => {
    const full = await fullSession(3);
    const [first, second, third] = full.waiting as [TestUser, TestUser, TestUser];
    await leave(full, full.bob);
    await pass(full.t, 30 * MINUTE_MS);
    expect(await accept(full, first)).toMatchObject({ status: 400, body: { error: "No offer" } });
    expect(await see(full, first)).toMatchObject({ waitlistPosition: null });
    expect(await titles(first)).toContain("Offer expired: Fractions, gently");
    expect(await see(full, second)).toMatchObject({ waitlistPosition: 1, offerExpiresAt: Date.now() + 30 * MINUTE_MS });
    await stop(full, second);
    expect((await see(full, third)).offerExpiresAt).not.toBeNull();
    await stop(full, third);
    expect(await show(full, full.bob)).toMatchObject({ is_full: false, available_spots: 1, can_join: true });
  });

  test("is offered until a quarter of an hour before the start, then open to everybody", async () => {
    const full = await fullSession(2);
    const [first, second] = full.waiting as [TestUser, TestUser];
    await pass(full.t, 48 * HOUR_MS - 20 * MINUTE_MS);
    await leave(full, full.bob);
    expect((await see(full, first)).offerExpiresAt).toBe(START - 15 * MINUTE_MS);
    await pass(full.t, 5 * MINUTE_MS);
    expect(await see(full, second)).toMatchObject({ waitlistPosition: 1, offerExpiresAt: null });
    expect(await show(full, full.bob)).toMatchObject({ is_full: false, can_join: true });
    expect((await send(full.t, "POST", `/api/sessions/${full.id}/join/`, second, {})).status).toBe(200);
    expect(await see(full, second)).toMatchObject({ waitlistPosition: null, request: { status: "pending" } });
  });

  test("more seats are as many offers; a maximum below what is taken and held is refused", async () => {
    const full = await fullSession(3);
    const raise = (maxParticipants: number) =>
      send(full.t, "PATCH", `/api/sessions/${full.id}/`, full.ada, { max_participants: maxParticipants });
    expect((await raise(3)).status).toBe(200);
    expect(await Promise.all(full.waiting.map(async (one) => (await see(full, one)).offerExpiresAt !== null))).toEqual([
      true,
      true,
      false,
    ]);
    expect(await raise(2)).toMatchObject({ status: 400, body: { fields: { max_participants: [expect.any(String)] } } });
  });

  test("an earlier start shortens offers", async () => {
    const full = await fullSession(1);
    await leave(full, full.bob);
    const date = toWireTime(NOON + 35 * MINUTE_MS);
    expect((await send(full.t, "PATCH", `/api/sessions/${full.id}/`, full.ada, { date })).status).toBe(200);
    expect((await see(full, full.waiting[0]!)).offerExpiresAt).toBe(NOON + 20 * MINUTE_MS);
    await pass(full.t, 20 * MINUTE_MS);
    expect(await accept(full, full.waiting[0]!)).toMatchObject({ status: 400 });
  });
});

test("with a cancelation the list ends, and those who waited are told", async () => {
  const full = await fullSession(1);
  await full.ada.as.mutation(api.tutoring.sessions.cancel, { id: full.id });
  expect(await see(full, full.waiting[0]!)).toMatchObject({ waitlistPosition: null });
  expect(await titles(full.waiting[0]!)).toContain("Session canceled: Fractions, gently");
});

test("whatever happens, seats, held seats and the list never contradict each other", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.constantFrom("wait", "stop", "accept", "leave", "join", "pass"), fc.nat(4)), {
        minLength: 5,
        maxLength: 25,
      }),
      async (events) => {
        const setting = await withOpenSession({ maxParticipants: 2 });
        const full = { ...setting, waiting: [] };
        const people = [setting.bob];
        for (let n = 0; n < 4; n++) people.push(await another(setting));
        for (const [event, index] of events) {
          const who = people[index]!;
          if (event === "wait") await wait(full, who);
          if (event === "stop") await stop(full, who);
          if (event === "accept") await accept(full, who);
          if (event === "leave") await leave(full, who);
          if (event === "pass") await pass(full.t, 31 * MINUTE_MS);
          if (event === "join") {
            await send(full.t, "POST", `/api/sessions/${full.id}/join/`, who, {});
            await send(full.t, "POST", `/api/sessions/${full.id}/approve_request/`, full.ada, {
              user_id: who.user.publicId,
            });
          }
          const { seats, members, waits } = await full.t.run(async (ctx) => ({
            seats: (await ctx.db.query("tutoringSeats").collect())[0]!,
            members: await ctx.db.query("tutoringMembers").collect(),
            waits: await ctx.db.query("tutoringWaits").collect(),
          }));
          const held = waits.filter(({ offerExpiresAt }) => offerExpiresAt !== null).length;
          expect(seats.participantCount).toBe(members.filter((member) => member.seat).length);
          expect(seats.memberCount).toBe(members.length);
          expect(seats.waiting ?? { people: 0, held: 0 }).toEqual({ people: waits.length, held });
          expect(seats.participantCount + held).toBeLessThanOrEqual(2);
          // Nobody waits without an offer while a seat is free.
          if (waits.length > held) expect(seats.participantCount + held).toBe(2);
          expect((await show(full, full.moderator)).available_spots).toBe(2 - seats.participantCount - held);
        }
      },
    ),
    { numRuns: 12 },
  );
});
