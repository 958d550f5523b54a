import { expect, test } from "vitest";
import { api } from "../_generated/api";
import { newBackend, signedInUser } from "../setup.testing";

test("a token whose session is not its user's proves nothing", async () => {
  const t = newBackend();
  const [ada, eve] = [await signedInUser(t), await signedInUser(t)];
  const session = async (userId: string) =>
    await t.run(async (ctx) =>
      (await ctx.db.query("accountSessions").collect()).find((each) => each.userId === userId),
    );
  const adas = (await session(ada.user._id))!.authSessionId;
  const listAs = (subject: string) => t.withIdentity({ subject }).query(api.accounts.sessions.list, {});
  expect(await listAs(`${ada.user._id}|${adas}`)).toHaveLength(1);
  for (const subject of [`${eve.user._id}|${adas}`, `|${adas}`, `x|${adas}`, adas, `${ada.user._id}|${adas}|${adas}`])
    await expect(listAs(subject)).rejects.toThrow("UNAUTHENTICATED");
});
