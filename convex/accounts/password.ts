import { v } from "convex/values";
import { action } from "../_generated/server";
import { changePassword } from "./signIn/changePassword";

export { experimental_reuseContext } from "../lib/contexts";

/** Changes the caller's password, as `changePassword` says; → how many other devices were signed out. */
export const change = action({
  args: { currentPassword: v.optional(v.string()), newPassword: v.string() },
  returns: v.object({ endedCount: v.number() }),
  handler: async (ctx, given): Promise<{ endedCount: number }> => ({ endedCount: await changePassword(ctx, given) }),
});
