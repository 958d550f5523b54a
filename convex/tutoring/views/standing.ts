/** The caller's part in a session, for `sessions:get`, so that what all callers share is not read for each of them. */
import { v } from "convex/values";
import { internalUserQuery } from "../../identity/builders";
import { findMember } from "../booking/memberRows";
import { getCard } from "./cards";
import { vSession } from "./shapes";
import { requireSession } from "../booking/sessionRows";
import { listViews } from "./viewerCards";

export { experimental_reuseContext } from "../../lib/contexts";

/**
 * How the caller stands to a session: with a part in it (they give it, asked for it or have a seat) they see more of it
 * than others do, and `own` is what they see. `NOT_FOUND` for unknown ids and other tenants'. For who has no part other
 * people's joining and leaving does not change it.
 */
export const of = internalUserQuery({
  args: { id: v.number() },
  returns: v.object({ liveKey: v.string(), own: v.union(v.null(), vSession) }),
  handler: async (ctx, { id }) => {
    const { user } = ctx.principal;
    const session = await requireSession(ctx, id);
    const { liveKey } = session;
    if (session.creatorId !== user._id && (await findMember(ctx, session._id, user._id)) === null)
      return { liveKey, own: null };
    const [own] = await listViews(ctx, [await getCard(ctx, session._id)]);
    if (!own) throw new Error("a session has no view");
    return { liveKey, own };
  },
});
