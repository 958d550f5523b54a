/** A password change, step by step: count, hash outside transactions, store. REST and React take the same steps. */
import { internal } from "../../_generated/api";
import type { ActionCtx } from "../../_generated/server";
import type { Caller, Client } from "../../identity/caller";
import { rateLimited } from "../../identity/limits/limits";
import { invalid } from "../../lib/errors";
import { parse } from "../../lib/schemas/parse";
import { z } from "../../lib/schemas/zod";
import * as Fields from "./fields";

const input = z.strictObject({
  currentPassword: Fields.givenPassword().optional(),
  newPassword: Fields.newPassword(),
});

type Given = { currentPassword?: string | undefined; newPassword: string };

/**
 * Changes the caller's password and signs out all their other devices; → how many those were. `currentPassword` may be
 * left out only by users who have none yet (Google). Throws `VALIDATION` naming `currentPassword` or `newPassword`,
 * `RATE_LIMITED`.
 *
 * @param sent who sent the REST request; absent over the live protocol, which knows
 */
export async function changePassword(
  ctx: ActionCtx,
  { currentPassword, newPassword }: Given,
  sent?: { caller: Caller; client: Client },
): Promise<number> {
  const as = sent ? { sent } : {};
  const { passwordChange, passwordHash } = internal.accounts.signIn;
  parse(input, { currentPassword, newPassword });
  const { retryAfterSeconds, stored } = await ctx.runMutation(passwordChange.begin, as);
  if (retryAfterSeconds !== null) throw rateLimited(retryAfterSeconds);
  if (stored !== null) {
    const password = currentPassword ?? "";
    if (!(await ctx.runAction(passwordHash.verify, { password, stored }))) {
      await ctx.runMutation(passwordChange.refuse, as);
      throw invalid({ currentPassword: ["This is not the current password."] });
    }
    if (currentPassword === newPassword) throw invalid({ newPassword: ["Must differ from the current password."] });
  }
  const next = await ctx.runAction(passwordHash.hash, { password: newPassword });
  return await ctx.runMutation(passwordChange.apply, { ...as, previous: stored, next });
}
