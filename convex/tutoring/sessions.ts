/**
 * The live functions of tutoring sessions (tutoring/README, "Live functions"). Ids are the integers of REST, times ms.
 */
import { paginationOptsValidator, paginationResultValidator } from "convex/server";
import { v, type Infer } from "convex/values";
import { api, internal } from "../_generated/api";
import { composedQuery, liveCommand, userQuery } from "../identity/builders";
import { invalid } from "../lib/errors";
import { pageSize } from "../lib/paging/pages";
import * as Commands from "./commands";
import * as Listing from "./views/listing";
import { listCalendar } from "./views/range";
import { vCalendarEntry, vRequest, vSession } from "./views/shapes";
import { findMember } from "./booking/memberRows";
import { findApprovalHindrance, isModerator } from "./booking/moderators";
import { requireSession } from "./booking/sessionRows";
import { toPublicShareUrl } from "./hosting/shareLinks";
import * as Shares from "./hosting/shares";
import { findWait, getPosition } from "./booking/waitRows";
import { vRequestStatus } from "./shapes";
import { showRequest } from "./views/view";
import { listViews } from "./views/viewerCards";

export { experimental_reuseContext } from "../lib/contexts";

const byId = { id: v.number() };

const PAGE_MAX = 100;

/** Newest first, with the filters and the search of §6.1. */
export const list = userQuery({
  args: {
    status: v.optional(v.string()),
    subject: v.optional(v.string()),
    level: v.optional(v.string()),
    search: v.optional(v.string()),
    /** Starts from then on, and before. */
    from: v.optional(v.number()),
    to: v.optional(v.number()),
    /** Only those that can be joined and have a free seat. */
    freeSeats: v.optional(v.boolean()),
    paginationOpts: paginationOptsValidator,
  },
  returns: paginationResultValidator(vSession),
  handler: async (ctx, { search, paginationOpts, ...sent }) => {
    const limit = pageSize(paginationOpts.numItems, PAGE_MAX);
    const before = paginationOpts.cursor === null ? undefined : parseCursor(paginationOpts.cursor);
    // The end a page had at first, so that sessions that come in later neither shift nor repeat what follows.
    const until = paginationOpts.endCursor ? parseCursor(paginationOpts.endCursor) : undefined;
    const { cards, next } = await Listing.listPage(ctx, Listing.toWanted(search, sent), { limit, before, until });
    const views = await listViews(ctx, cards);
    return { page: views, isDone: next === null, continueCursor: JSON.stringify({ before: next ?? 0 }) };
  },
});

function parseCursor(cursor: string): number {
  try {
    const value = JSON.parse(cursor) as { before?: unknown };
    if (typeof value.before === "number") return value.before;
  } catch {
    // Falls through: whatever it is, this function did not give it out.
  }
  throw invalid({ cursor: ["Must be a cursor that an earlier page gave."] });
}

type Whole = Infer<typeof vSession> & { liveKey: string; pendingRequestCount: number };

/**
 * All of a session, as the caller may see it; changes with each request and seat. Pages that watch only a part use
 * `viewer`, `live:session` and `live:seats`. Without a validator: its parts are checked where they are made, and to
 * check the whole again for each caller took a seventh of the time in which many watchers were told of a request.
 */
export const get = composedQuery({
  args: byId,
  handler: async (ctx, { id }): Promise<Whole> => {
    const { liveKey, own } = await ctx.runQuery(internal.tutoring.views.standing.of, { id });
    const session = own ?? (await ctx.runQuery(api.tutoring.live.session, { liveKey }));
    const seats = await ctx.runQuery(api.tutoring.live.seats, { liveKey });
    if (!session || !seats) throw new Error(`tutoring session ${id} has no card or seats`);
    return { ...session, liveKey, pendingRequestCount: seats.pendingRequestCount };
  },
});

/**
 * The caller's own part in a session. Reads nothing that other people's joining and leaving changes, unless the caller
 * waits for a seat.
 */
export const viewer = userQuery({
  args: byId,
  returns: v.object({
    id: v.number(),
    /** For `tutoring/live:seats`. */
    liveKey: v.string(),
    isCreator: v.boolean(),
    isModerator: v.boolean(),
    /** Whether the caller is who may let the session be joined: see booking/moderators. */
    mayApprove: v.boolean(),
    hasSeat: v.boolean(),
    request: v.union(
      v.null(),
      v.object({ id: v.number(), status: vRequestStatus, message: v.string(), requestedAt: v.number() }),
    ),
    /** The place on the waiting list, 1 for the first; null for who does not wait. */
    waitlistPosition: v.union(v.number(), v.null()),
    /** Until when a seat is held for the caller; null when none is. */
    offerExpiresAt: v.union(v.number(), v.null()),
  }),
  handler: async (ctx, { id }) => {
    const { user } = ctx.principal;
    const session = await requireSession(ctx, id);
    const member = await findMember(ctx, session._id, user._id);
    const wait = await findWait(ctx, session._id, user._id);
    const request = member && {
      id: member.request.publicId,
      status: member.request.status,
      message: member.request.message,
      requestedAt: member.request.requestedAt,
    };
    return {
      id,
      liveKey: session.liveKey,
      isCreator: session.creatorId === user._id,
      isModerator: isModerator(ctx),
      mayApprove: (await findApprovalHindrance(ctx, session)) === null,
      hasSeat: (member?.seat ?? null) !== null,
      request,
      waitlistPosition: wait && (await getPosition(ctx, wait)),
      offerExpiresAt: wait?.offerExpiresAt ?? null,
    };
  },
});

/** The sessions that start in a time of at most 62 days, by their start: at most 500 of each status. */
export const between = userQuery({
  args: { from: v.number(), to: v.number() },
  returns: v.array(vCalendarEntry),
  handler: (ctx, { from, to }) => listCalendar(ctx, { from, to }),
});

/** The sessions that the caller gives and has a seat in, newest first. */
export const mine = userQuery({
  args: {},
  returns: v.object({ created: v.array(vSession), joined: v.array(vSession) }),
  handler: async (ctx) => {
    const { created, joined } = await Listing.listOwn(ctx);
    return { created: await listViews(ctx, created), joined: await listViews(ctx, joined) };
  },
});

/** → the new session's id. */
export const create = liveCommand(Commands.createSession, { returns: v.number(), present: ({ publicId }) => publicId });
/** → the new sessions' ids, the first week first. */
export const createWeekly = liveCommand(Commands.createWeekly, {
  returns: v.array(v.number()),
  present: (made) => made.map(({ publicId }) => publicId),
});
export const repeatWeekly = liveCommand(Commands.repeatWeekly, {
  returns: v.array(v.number()),
  present: (made) => made.map(({ publicId }) => publicId),
});
export const update = liveCommand(Commands.updateSession);
export const remove = liveCommand(Commands.deleteSession);
export const approve = liveCommand(Commands.approveSession);
export const cancel = liveCommand(Commands.cancelSession);

/** → the request. */
export const join = liveCommand(Commands.requestSeat, {
  returns: vRequest,
  present: ({ session, member }) => showRequest(session, member),
});
export const approveRequest = liveCommand(Commands.approveRequest);
export const rejectRequest = liveCommand(Commands.rejectRequest);
export const leave = liveCommand(Commands.leaveSession);
/** → the place on the list, 1 for the first. */
export const joinWaitlist = liveCommand(Commands.joinWaitlist, {
  returns: v.number(),
  present: ({ position }) => position,
});
export const leaveWaitlist = liveCommand(Commands.leaveWaitlist);
export const acceptOffer = liveCommand(Commands.acceptOffer);

export const removeParticipant = liveCommand(Commands.removeParticipant);
/** → how many participants get the message. */
export const messageParticipants = liveCommand(Commands.messageParticipants, {
  returns: v.number(),
  present: (count) => count,
});
export const proposeTime = liveCommand(Commands.proposeTime);
export const withdrawProposal = liveCommand(Commands.withdrawProposal);
export const acceptProposal = liveCommand(Commands.acceptProposal);
export const declineProposal = liveCommand(Commands.declineProposal);

/** The token of the link that shows the session without sign-in, or null. Creator only. */
export const shareToken = userQuery({
  args: byId,
  returns: v.union(v.string(), v.null()),
  handler: (ctx, { id }) => Shares.getShareToken(ctx, { id }),
});
/** The same as a link: its token, and its address where the deployment has a `PUBLIC_URL`. */
export const shareLink = userQuery({
  args: byId,
  returns: v.union(v.null(), v.object({ token: v.string(), url: v.union(v.string(), v.null()) })),
  handler: async (ctx, { id }) => {
    const token = await Shares.getShareToken(ctx, { id });
    return token === null ? null : { token, url: toPublicShareUrl(token) };
  },
});
/** → the link's token. */
export const share = liveCommand(Commands.shareSession, { returns: v.string(), present: (token) => token });
export const endShare = liveCommand(Commands.endShare);
/** The id of the session that a link shows, for those who are signed in. */
export const sharedId = userQuery({
  args: { token: v.string() },
  returns: v.number(),
  handler: (ctx, { token }) => Shares.requireSharedId(ctx, token),
});
