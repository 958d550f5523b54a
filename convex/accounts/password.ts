import { v } from "convex/values";
import { internal } from "../_generated/api";
import { action } from "../_generated/server";
import { invalid } from "../lib/errors";
import { rateLimited } from "../identity/limits";
import { parse } from "../lib/schemas/parse";
import { z } from "../lib/schemas/zod";
import * as Fields from "./signIn/fields";

export { experimental_reuseContext } from "../lib/contexts";

const input = z.strictObject({
  currentPassword: Fields.givenPassword().optional(),
  newPassword: Fields.newPassword(),
});

/**
 * Changes the caller's password and signs out all their other devices; → how many those were. `currentPassword` may be
 * left out only by users who have none yet (Google). Throws `VALIDATION` naming `currentPassword` or `newPassword`,
 * `RATE_LIMITED`.
 */
export const change = action({
  args: { currentPassword: v.optional(v.string()), newPassword: v.string() },
  returns: v.object({ endedCount: v.number() }),
  handler: async (ctx, { currentPassword, newPassword }): Promise<{ endedCount: number }> => {
    parse(input, { currentPassword, newPassword });
    const { retryAfterSeconds, stored } = await ctx.runMutation(internal.accounts.signIn.passwordChange.begin, {});
    if (retryAfterSeconds !== null) throw rateLimited(retryAfterSeconds);
    if (stored !== null) {
      const password = currentPassword ?? "";
      if (!(await ctx.runAction(internal.accounts.signIn.passwordHash.verify, { password, stored }))) {
        await ctx.runMutation(internal.accounts.signIn.passwordChange.refuse, {});
        throw invalid({ currentPassword: ["This is not the current password."] });
      }
      if (currentPassword === newPassword) throw invalid({ newPassword: ["Must differ from the current password."] });
    }
    const next = await ctx.runAction(internal.accounts.signIn.passwordHash.hash, { password: newPassword });
    const endedCount = await ctx.runMutation(internal.accounts.signIn.passwordChange.apply, {
      previous: stored,
      next,
    });
    return { endedCount };
  },
});
