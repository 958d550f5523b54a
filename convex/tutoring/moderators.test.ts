/** A session is opened by a moderator, but not by the one who gives it while there is another. */
import { afterEach, expect, test, vi } from "vitest";
import { api } from "../_generated/api";
import { getErrorData } from "../lib/errors";
import { signedInUser, type TestUser } from "../setup.testing";
import { another, draft, people, send } from "./tutoring.testing";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

const ANOTHER = "Another moderator has to approve your session";
const create = (who: TestUser) => who.as.mutation(api.tutoring.sessions.create, draft);
const approve = (who: TestUser, id: number) =>
  who.as.mutation(api.tutoring.sessions.approve, { id }).then(
    () => "approved",
    (error: unknown) => [getErrorData(error)?.code, getErrorData(error)?.message],
  );
const mayApprove = async (who: TestUser, id: number) =>
  (await who.as.query(api.tutoring.sessions.viewer, { id })).mayApprove;

test("a tenant's only moderator approves their own session", async () => {
  const { moderator, ada } = await people();
  const id = await create(moderator);
  expect([await mayApprove(moderator, id), await mayApprove(ada, id)]).toEqual([true, false]);
  expect(await approve(moderator, id)).toBe("approved");
});

test("with another moderator it is the other's to approve, live and over REST", async () => {
  const setting = await people();
  const { t, moderator } = setting;
  const second = await another(setting, { permissions: ["view_audit", "moderate_sessions"] });
  const id = await create(moderator);
  expect([await mayApprove(moderator, id), await mayApprove(second, id)]).toEqual([false, true]);
  expect(await approve(moderator, id)).toEqual(["FORBIDDEN", ANOTHER]);
  expect(await send(t, "POST", `/api/sessions/${id}/approve/`, moderator)).toMatchObject({
    status: 403,
    body: { error: ANOTHER },
  });
  expect(await approve(second, id)).toBe("approved");
  // An approved session stays approved, whoever asks: repeating it changes nothing, but the rule still holds.
  expect(await approve(moderator, id)).toEqual(["FORBIDDEN", ANOTHER]);
});

test("moderators of other tenants, and people with other permissions, are no other moderators", async () => {
  const setting = await people();
  const { t, moderator } = setting;
  await signedInUser(t, { permissions: ["moderate_sessions"] });
  await another(setting, { permissions: ["view_audit", "view_operations"] });
  const id = await create(moderator);
  expect(await mayApprove(moderator, id)).toBe(true);
  expect(await approve(moderator, id)).toBe("approved");
});

test("who becomes the only moderator while the session waits may approve it then", async () => {
  const setting = await people();
  const { t, moderator } = setting;
  const second = await another(setting, { permissions: ["moderate_sessions"] });
  const id = await create(moderator);
  expect(await mayApprove(moderator, id)).toBe(false);
  await t.run((ctx) => ctx.db.patch("users", second.user._id, { permissions: [] }));
  expect(await mayApprove(moderator, id)).toBe(true);
  expect(await approve(moderator, id)).toBe("approved");
});
