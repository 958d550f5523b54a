import fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { api } from "../_generated/api";
import { assembleView, getCard, MEMBERS_IN_FULL_TEXT, MEMBERS_INLINE } from "./views/cards";
import { another, seat, withOpenSession } from "./tutoring.testing";
import { decodeCard } from "./rest/wire";
import { showTo } from "./views/audience";
import type { T } from "../setup.testing";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

/** Everything that is kept twice agrees with the rows it is kept of. */
async function expectConsistent(t: T): Promise<void> {
  await t.run(async (ctx) => {
    for (const session of await ctx.db.query("tutoringSessions").collect()) {
      const seats = (await ctx.db
        .query("tutoringSeats")
        .withIndex("by_sessionId", (q) => q.eq("sessionId", session._id))
        .unique())!;
      const members = await ctx.db
        .query("tutoringMembers")
        .withIndex("by_sessionId_and_userId", (q) => q.eq("sessionId", session._id))
        .collect();
      const seated = members.filter((member) => member.seat !== null);
      expect(seats).toMatchObject({
        status: session.status,
        maxParticipants: session.maxParticipants,
        participantCount: seated.length,
        pendingRequestCount: members.filter(({ request }) => request.status === "pending").length,
        memberCount: members.length,
      });
      expect(seated.length).toBeLessThanOrEqual(session.maxParticipants);
      expect(seated.every(({ request }) => request.status === "approved")).toBe(true);
      const card = await getCard(ctx, session._id);
      const full = await assembleView(ctx, session);
      const fullText = (await ctx.db.get("tutoringFullCards", card.fullCardId))?.text ?? null;
      if (members.length <= MEMBERS_INLINE) expect(card.text).not.toBeNull();
      expect(fullText === null).toBe(members.length > MEMBERS_IN_FULL_TEXT);
      if (card.text !== null) expect(decodeCard(card.text)).toEqual(showTo(full, { kind: "anyone" }));
      if (fullText !== null) expect(decodeCard(fullText)).toEqual(full);
      expect(card).toMatchObject({
        status: session.status,
        level: session.level,
        subjectKey: session.subject.toLowerCase(),
      });
    }
    const counts = await ctx.db.query("tutoringCounts").collect();
    const total = counts.filter(({ subjectKey }) => subjectKey === null).reduce((sum, { count }) => sum + count, 0);
    expect(total).toBe((await ctx.db.query("tutoringSessions").collect()).length);
    for (const counted of await ctx.db.query("notificationCounts").collect()) {
      const told = await ctx.db
        .query("notifications")
        .withIndex("by_userId", (q) => q.eq("userId", counted.userId))
        .collect();
      expect(counted.unread).toBe(told.filter(({ read, number }) => !read && number > counted.readThrough).length);
    }
  });
}

test("30 approvals for 5 seats at once give 5 seats", async () => {
  const setting = await withOpenSession({ maxParticipants: 5 });
  const { t, ada, id } = setting;
  const users = [];
  for (let i = 0; i < 30; i++) {
    const user = await another(setting);
    await user.as.mutation(api.tutoring.sessions.join, { id });
    users.push(user.user.publicId);
  }
  const results = await Promise.allSettled(
    users.map((userId) => ada.as.mutation(api.tutoring.sessions.approveRequest, { id, userId })),
  );
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(5);
  for (const result of results)
    if (result.status === "rejected") expect(String(result.reason)).toContain("Session is full");
  expect(await ada.as.query(api.tutoring.sessions.get, { id })).toMatchObject({
    participantCount: 5,
    availableSpots: 0,
    isFull: true,
    pendingRequestCount: 25,
  });
  await expectConsistent(t);
});

test("the same request approved many times at once takes one seat", async () => {
  const { t, ada, bob, id } = await withOpenSession();
  await bob.as.mutation(api.tutoring.sessions.join, { id });
  const approve = () => ada.as.mutation(api.tutoring.sessions.approveRequest, { id, userId: bob.user.publicId });
  const results = await Promise.allSettled([approve(), approve(), approve()]);
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  await expectConsistent(t);
});

const ACTS = ["join", "approve", "reject", "leave", "resize", "cancel", "readAll"] as const;

test("whatever people do in whatever order, seats never exceed the places and all copies agree", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ act: fc.constantFrom(...ACTS), who: fc.nat(3), size: fc.integer({ min: 1, max: 3 }) }), {
        minLength: 5,
        maxLength: 30,
      }),
      async (steps) => {
        vi.useRealTimers();
        const setting = await withOpenSession({ maxParticipants: 2 });
        const { t, ada, id } = setting;
        const users = [setting.bob, await another(setting), await another(setting), await another(setting)];
        for (const { act, who, size } of steps) {
          const user = users[who]!;
          const ofUser = { id, userId: user.user.publicId };
          const done = {
            join: () => user.as.mutation(api.tutoring.sessions.join, { id }),
            approve: () => ada.as.mutation(api.tutoring.sessions.approveRequest, ofUser),
            reject: () => ada.as.mutation(api.tutoring.sessions.rejectRequest, ofUser),
            leave: () => user.as.mutation(api.tutoring.sessions.leave, { id }),
            resize: () => ada.as.mutation(api.tutoring.sessions.update, { id, maxParticipants: size }),
            // Rare, for nothing much happens after it.
            cancel: () =>
              who === 0 && size === 1 ? user.as.mutation(api.tutoring.sessions.cancel, { id }) : Promise.resolve(null),
            readAll: () => user.as.mutation(api.notifications.inbox.markAllRead, {}),
          }[act]();
          await done.catch((error: { data?: { code?: string } }) =>
            expect(["VALIDATION", "NOT_FOUND", "FORBIDDEN"]).toContain(error.data?.code),
          );
        }
        await expectConsistent(t);
      },
    ),
    { numRuns: 15 },
  );
});

test("a session with more members than a card holds is put together from its rows, seen alike by all", async () => {
  const setting = await withOpenSession({ maxParticipants: 1000 });
  const { t, ada, bob, id } = setting;
  await seat(setting, id, bob);
  for (let i = 0; i < MEMBERS_INLINE; i++)
    await (await another(setting)).as.mutation(api.tutoring.sessions.join, { id });
  await expectConsistent(t);
  const seen = await ada.as.query(api.tutoring.sessions.get, { id });
  expect([seen.bookingRequests.length, seen.participants.length]).toEqual([MEMBERS_INLINE + 1, 1]);
  expect((await bob.as.query(api.tutoring.sessions.get, { id })).bookingRequests).toHaveLength(1);
  await bob.as.mutation(api.tutoring.sessions.leave, { id });
  await expectConsistent(t);
  expect((await ada.as.query(api.tutoring.sessions.get, { id })).bookingRequests).toHaveLength(MEMBERS_INLINE);
});

test("a request costs the same however many people have asked before", async () => {
  const setting = await withOpenSession();
  const { t, id } = setting;
  const rowsRead = async () => {
    const user = await another(setting);
    return await user.as.run(async (ctx) => {
      await ctx.runMutation(api.tutoring.sessions.join, { id });
      return (await ctx.meta.getTransactionMetrics()).documentsRead.used;
    });
  };
  await rowsRead();
  const before = await rowsRead();
  for (let i = 0; i < 10; i++) await rowsRead();
  expect(await rowsRead()).toBe(before);
  await expectConsistent(t);
});
