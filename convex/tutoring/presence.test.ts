import { afterEach, expect, test, vi } from "vitest";
import { api, internal } from "../_generated/api";
import { DAY_MS } from "../lib/time";
import { signedInUser } from "../setup.testing";
import { PRESENT_FOR_MS } from "./presence";
import { withOpenSession } from "./tutoring.testing";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

test("people are counted once however many pages they have open, and go when they leave or fall silent", async () => {
  const { t, ada, bob, id } = await withOpenSession();
  const { liveKey } = await ada.as.query(api.tutoring.sessions.viewer, { id });
  const people = () => t.query(api.tutoring.presence.people, { liveKey });
  const beat = (who: typeof ada, visitId: string) => who.as.mutation(api.tutoring.presence.beat, { id, visitId });
  expect(await people()).toBe(0);
  await beat(ada, "a1");
  await beat(ada, "a2");
  await beat(ada, "a1");
  await beat(bob, "b1");
  expect(await people()).toBe(2);
  await ada.as.mutation(api.tutoring.presence.leave, { id, visitId: "a1" });
  expect(await people()).toBe(2);
  await ada.as.mutation(api.tutoring.presence.leave, { id, visitId: "a2" });
  await ada.as.mutation(api.tutoring.presence.leave, { id, visitId: "a2" });
  expect(await people()).toBe(1);
  vi.setSystemTime(Date.now() + PRESENT_FOR_MS - 1);
  await t.mutation(internal.tutoring.presence.sweep, {});
  expect(await people()).toBe(1);
  vi.setSystemTime(Date.now() + 1);
  await t.mutation(internal.tutoring.presence.sweep, {});
  expect(await people()).toBe(0);
  const foreigner = await signedInUser(t);
  await expect(beat(foreigner, "f")).rejects.toThrow("NOT_FOUND");
  await expect(beat(ada, "x".repeat(65))).rejects.toThrow("VALIDATION");
});

test("a page that is left because its session was deleted, or is another tenant's, is no failure", async () => {
  const { t, ada, bob, id } = await withOpenSession();
  await bob.as.mutation(api.tutoring.presence.beat, { id, visitId: "b1" });
  const foreigner = await signedInUser(t);
  expect(await foreigner.as.mutation(api.tutoring.presence.leave, { id, visitId: "b1" })).toBeNull();
  await ada.as.mutation(api.tutoring.sessions.remove, { id });
  expect(await bob.as.mutation(api.tutoring.presence.leave, { id, visitId: "b1" })).toBeNull();
});

test("who has left is not kept by a clock that is put back", async () => {
  const { t, bob, id } = await withOpenSession();
  const { liveKey } = await bob.as.query(api.tutoring.sessions.viewer, { id });
  await bob.as.mutation(api.tutoring.presence.beat, { id, visitId: "b1" });
  vi.setSystemTime(Date.now() - DAY_MS);
  await t.mutation(internal.tutoring.presence.sweep, {});
  expect(await t.query(api.tutoring.presence.people, { liveKey })).toBe(0);
  await bob.as.mutation(api.tutoring.presence.beat, { id, visitId: "b1" });
  await t.mutation(internal.tutoring.presence.sweep, {});
  expect(await t.query(api.tutoring.presence.people, { liveKey })).toBe(1);
});
