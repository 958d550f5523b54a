/** The caller's part in a session, for `sessions:get`, so that what all callers share is not read for each of them. */
import { v } from "convex/values";
import { internalUserQuery } from "../../identity/builders";
import { findMember } from "../booking/members";
import { getCard } from "./cards";
import { vSession } from "./shapes";
import { requireSession } from "../booking/sessionRows";
import { listViews } from "./viewing";

export { experimental_reuseContext } from "../../lib/contexts";

/**
 * Whether the caller gives the session, asked for it or has a seat: then they see more of it than others do.
 * `NOT_FOUND` for unknown ids and other tenants'. Other people's joining and leaving does not change it.
 */
export const of = internalUserQuery({
  args: { id: v.number() },
  returns: v.object({ liveKey: v.string(), isInvolved: v.boolean() }),
  handler: async (ctx, { id }) => {
    const { user } = ctx.principal;
    const session = await requireSession(ctx, id);
    const isInvolved = session.creatorId === user._id || (await findMember(ctx, session._id, user._id)) !== null;
    return { liveKey: session.liveKey, isInvolved };
  },
});

/** The session as the caller sees it, with what is theirs. */
export const view = internalUserQuery({
  args: { id: v.number() },
  returns: vSession,
  handler: async (ctx, { id }) => {
    const session = await requireSession(ctx, id);
    const [seen] = await listViews(ctx, [await getCard(ctx, session._id)]);
    if (!seen) throw new Error("a session has no view");
    return seen;
  },
});
