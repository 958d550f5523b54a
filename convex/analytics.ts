/** Notes that a page was opened (analytics/README §12.4). */
import { v } from "convex/values";
import { noteEvent, toPage } from "./analytics/writer";
import { userMutation } from "./identity/builders";
import { requireToken } from "./identity/limits/limits";

export { experimental_reuseContext } from "./lib/contexts";

/**
 * Notes that a page was opened. Browsers that send Do-Not-Track or Global Privacy Control do not call this; a socket's
 * messages carry no headers, so a page may say it here too, and nothing is noted then.
 */
export const note = userMutation({
  args: { page: v.string(), optedOut: v.optional(v.boolean()) },
  returns: v.null(),
  handler: async (act, { page, optedOut }) => {
    if (optedOut) return null;
    const { user, tenantId } = act.principal;
    await requireToken(act, "pages", `user/${user._id}`);
    await noteEvent(act, tenantId, "page_opened", user.uuid);
    await noteEvent(act, tenantId, `page_opened.${toPage(page)}`, user.uuid);
    return null;
  },
});
