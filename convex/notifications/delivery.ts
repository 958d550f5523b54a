/**
 * The further transactions in which `notifyUsers` writes the notifications of many users. The module keeps its name,
 * which says more than it does, because scheduled jobs in stored data name `notifications/delivery:tellRest`.
 */
import { v } from "convex/values";
import { internalMutation } from "../_generated/server";
import { notifyUsers } from "./model";
import { vNews } from "./tables";

export { experimental_reuseContext } from "../lib/contexts";

/**
 * Goes on with an announcement that was too large for one transaction. Runs exactly once, as every scheduled mutation.
 */
export const tellRest = internalMutation({
  args: { userIds: v.array(v.id("users")), news: vNews },
  returns: v.null(),
  handler: async (ctx, { userIds, news }) => {
    await notifyUsers(ctx, userIds, news);
    return null;
  },
});
