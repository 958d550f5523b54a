import { afterEach, expect, test, vi } from "vitest";
import { api, internal } from "../_generated/api";
import { draft, pass, seat, withOpenSession } from "./tutoring.testing";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

test("a changed name shows in all sessions that somebody gives and takes part in", async () => {
  const setting = await withOpenSession();
  const { t, ada, bob, id } = setting;
  await seat(setting, id, bob);
  for (let i = 0; i < 60; i++) await bob.as.mutation(api.tutoring.sessions.create, { ...draft, title: `Session ${i}` });
  await t.run((ctx) => ctx.db.patch("users", bob.user._id, { firstName: "Robert" }));
  await t.mutation(internal.tutoring.people.refreshUser, { userId: bob.user._id });
  await pass(t, 1);
  const seen = await ada.as.query(api.tutoring.sessions.get, { id });
  expect([seen.participants[0]?.user.firstName, seen.bookingRequests[0]?.user.firstName]).toEqual(["Robert", "Robert"]);
  const { page } = await ada.as.query(api.tutoring.sessions.list, { paginationOpts: { numItems: 60, cursor: null } });
  expect(page.map(({ creator }) => creator.firstName)).toEqual(Array(60).fill("Robert"));
  const found = await ada.as.query(api.tutoring.sessions.list, {
    search: "robert",
    paginationOpts: { numItems: 60, cursor: null },
  });
  expect(found.page).toHaveLength(60);
});
