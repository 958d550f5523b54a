/** Queries that pages watch: shared by all who look at a session, or the viewer's own. */
import { afterEach, expect, test, vi } from "vitest";
import { api } from "../_generated/api";
import { another, seat, withOpenSession } from "./tutoring.testing";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

test("everybody who watches a session shares its figures; only a key opens them", async () => {
  const setting = await withOpenSession({ maxParticipants: 2 });
  const { t, ada, bob, id } = setting;
  const { liveKey, isCreator } = await bob.as.query(api.tutoring.sessions.viewer, { id });
  expect(isCreator).toBe(false);
  const seats = () => t.query(api.tutoring.live.seats, { liveKey });
  expect(await seats()).toMatchObject({
    status: "approved",
    participantCount: 0,
    availableSpots: 2,
    pendingRequestCount: 0,
    isOpen: true,
  });
  await bob.as.mutation(api.tutoring.sessions.join, { id });
  expect(await seats()).toMatchObject({ pendingRequestCount: 1 });
  await ada.as.mutation(api.tutoring.sessions.approveRequest, { id, userId: bob.user.publicId });
  expect(await seats()).toMatchObject({ status: "scheduled", participantCount: 1, pendingRequestCount: 0 });
  await bob.as.mutation(api.tutoring.sessions.leave, { id });
  expect(await seats()).toMatchObject({ participantCount: 0 });
  await ada.as.mutation(api.tutoring.sessions.cancel, { id });
  expect(await seats()).toMatchObject({ status: "cancelled", isOpen: false });
  expect(await t.query(api.tutoring.live.seats, { liveKey: String(id) })).toBeNull();
});

test("what is shared of a session shows what any signed-in user may see, and no request changes it", async () => {
  const setting = await withOpenSession();
  const { t, ada, bob, id } = setting;
  const stranger = await another(setting);
  await seat(setting, id, bob);
  await ada.as.mutation(api.tutoring.materials.add, {
    sessionId: id,
    title: "Notes",
    type: "note",
    content: "private",
  });
  const { liveKey } = await stranger.as.query(api.tutoring.sessions.viewer, { id });
  const shared = () => t.query(api.tutoring.live.session, { liveKey });
  const before = await shared();
  const {
    liveKey: _key,
    pendingRequestCount: _count,
    ...seen
  } = await stranger.as.query(api.tutoring.sessions.get, { id });
  expect(before).toEqual(seen);
  expect(JSON.stringify(before)).not.toContain("private");
  expect(JSON.stringify(before)).not.toContain("@example.com");
  await stranger.as.mutation(api.tutoring.sessions.join, { id, message: "me too" });
  expect(await shared()).toEqual(before);
  await ada.as.mutation(api.tutoring.sessions.update, { id, title: "Fractions, boldly" });
  expect(await shared()).toMatchObject({ title: "Fractions, boldly" });
  await ada.as.mutation(api.tutoring.sessions.remove, { id });
  expect(await shared()).toBeNull();
});

test("requests that wait are the creator's to see, first come first, and go when they are answered", async () => {
  const setting = await withOpenSession();
  const { ada, bob, id } = setting;
  const carol = await another(setting);
  await bob.as.mutation(api.tutoring.sessions.join, { id, message: "first" });
  await carol.as.mutation(api.tutoring.sessions.join, { id });
  const waiting = async () =>
    (await ada.as.query(api.tutoring.requests.ofSession, { id })).map(({ user, message, status }) => [
      user.email,
      message,
      status,
    ]);
  expect(await waiting()).toEqual([
    [bob.user.email, "first", "pending"],
    [carol.user.email, "", "pending"],
  ]);
  const inbox = async () =>
    (await ada.as.query(api.tutoring.requests.inbox, {})).map(({ user, sessionTitle }) => [user.email, sessionTitle]);
  expect(await inbox()).toEqual([
    [bob.user.email, "Fractions, gently"],
    [carol.user.email, "Fractions, gently"],
  ]);
  expect(await bob.as.query(api.tutoring.requests.inbox, {})).toEqual([]);
  await ada.as.mutation(api.tutoring.sessions.approveRequest, { id, userId: bob.user.publicId });
  expect(await waiting()).toEqual([[carol.user.email, "", "pending"]]);
  await ada.as.mutation(api.tutoring.sessions.rejectRequest, { id, userId: carol.user.publicId });
  expect([await waiting(), await inbox()]).toEqual([[], []]);
  await expect(bob.as.query(api.tutoring.requests.ofSession, { id })).rejects.toThrow("FORBIDDEN");
});
