/**
 * The requests that a creator has to answer, live. First come first; what a bound leaves out moves up as they are
 * answered. Asking and answering are acts on sessions (`sessions.ts`, `booking/requests.ts`).
 */
import { v } from "convex/values";
import { userQuery } from "../identity/builders";
import { listPendingMembers } from "./booking/memberRows";
import { listProposalViews } from "./hosting/proposals";
import { listNewestCreated } from "./views/listing";
import { vProposal, vRequest, vWait } from "./views/shapes";
import { listWaitlist } from "./views/waitlist";
import { hasEnded } from "./rules";
import { requireOwn } from "./booking/sessionRows";
import { showRequest } from "./views/view";

export { experimental_reuseContext } from "../lib/contexts";

const OF_SESSION_MAX = 100;
const SESSIONS_MAX = 100;
const IN_INBOX_MAX = 200;

/** The pending requests of one session. Creator only. */
export const ofSession = userQuery({
  args: { id: v.number() },
  returns: v.array(vRequest),
  handler: async (ctx, { id }) => {
    const session = await requireOwn(ctx, id);
    const pending = await listPendingMembers(ctx, session._id, OF_SESSION_MAX);
    return pending.map((member) => showRequest(session, member));
  },
});

/** The waiting list: all of it for the creator, to everybody else their own entry. */
export const waitlist = userQuery({
  args: { id: v.number() },
  returns: v.array(vWait),
  handler: (ctx, { id }) => listWaitlist(ctx, id),
});

/** Other times that are proposed: all of them for the creator, to everybody else their own. */
export const proposals = userQuery({
  args: { id: v.number() },
  returns: v.array(vProposal),
  handler: (ctx, { id }) => listProposalViews(ctx, id),
});

/**
 * The pending requests of the caller's 100 newest sessions. Reads one row a session, and one range for each that is not
 * over.
 */
export const inbox = userQuery({
  args: {},
  returns: v.array(v.object({ ...vRequest.fields, sessionTitle: v.string(), sessionDate: v.number() })),
  handler: async (ctx) => {
    const sessions = await listNewestCreated(ctx, ctx.principal.user._id, SESSIONS_MAX);
    const each = await Promise.all(
      sessions
        .filter(({ status }) => !hasEnded(status))
        .map(async (session) =>
          (await listPendingMembers(ctx, session._id, OF_SESSION_MAX)).map((member) => ({
            ...showRequest(session, member),
            sessionTitle: session.title,
            sessionDate: session.startsAt,
          })),
        ),
    );
    return each
      .flat()
      .sort((a, b) => a.requestedAt - b.requestedAt)
      .slice(0, IN_INBOX_MAX);
  },
});
