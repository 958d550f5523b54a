/** Notifications of handled requests are read, and nobody is told of their own acts. */
import { afterEach, expect, test, vi } from "vitest";
import { api } from "../_generated/api";
import type { TestUser } from "../setup.testing";
import { another, draft, people, withOpenSession } from "./tutoring.testing";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

const unread = (who: TestUser) => who.as.query(api.notifications.inbox.unreadCount, {});

test("a request that is answered or taken back leaves its notification read", async () => {
  const setting = await withOpenSession();
  const { ada, bob, id } = setting;
  const before = await unread(ada);
  const [carol, dan] = [await another(setting), await another(setting)];
  for (const who of [bob, carol, dan]) await who.as.mutation(api.tutoring.sessions.join, { id });
  expect(await unread(ada)).toBe(before + 3);
  await ada.as.mutation(api.tutoring.sessions.approveRequest, { id, userId: bob.user.publicId });
  expect(await unread(ada)).toBe(before + 2);
  await ada.as.mutation(api.tutoring.sessions.rejectRequest, { id, userId: carol.user.publicId });
  await dan.as.mutation(api.tutoring.sessions.leave, { id });
  expect(await unread(ada)).toBe(before);
  // Asking again is news again.
  await dan.as.mutation(api.tutoring.sessions.join, { id });
  expect(await unread(ada)).toBe(before + 1);
});

test("a request that ends with its session leaves its notification read", async () => {
  const setting = await withOpenSession();
  const { ada, bob, id } = setting;
  const before = await unread(ada);
  for (const who of [bob, await another(setting)]) await who.as.mutation(api.tutoring.sessions.join, { id });
  expect(await unread(ada)).toBe(before + 2);
  await ada.as.mutation(api.tutoring.sessions.cancel, { id });
  expect(await unread(ada)).toBe(before);
});

test("a moderator is not told of approving their own session", async () => {
  const { moderator } = await people();
  const id = await moderator.as.mutation(api.tutoring.sessions.create, draft);
  await moderator.as.mutation(api.tutoring.sessions.approve, { id });
  expect(await unread(moderator)).toBe(0);
});
