/** The live functions of tutoring sessions (README, "Live functions"). Ids are the integers of REST, times ms. */
import { paginationOptsValidator, paginationResultValidator } from "convex/server";
import { v, type Infer } from "convex/values";
import { api, internal } from "../_generated/api";
import { composedQuery, userMutation, userQuery } from "../identity/builders";
import { clientOfCall } from "../identity/caller";
import { invalid } from "../lib/errors";
import { pageSize } from "../lib/paging";
import * as Booking from "./booking/requests";
import * as Listing from "./views/listing";
import { requestOf, sessionOf, vRequest, vSession } from "./views/liveShapes";
import { memberOf } from "./booking/members";
import { requireSession } from "./booking/sessionRows";
import * as Sessions from "./booking/sessions";
import { vDraft, vRequestStatus } from "./shapes";
import { wireRequest } from "./views/view";
import { viewsFor } from "./views/viewing";

const byId = { id: v.number() };

const PAGE_MAX = 100;

/** Newest first, with the filters and the search of §6.1. */
export const list = userQuery({
  args: {
    status: v.optional(v.string()),
    subject: v.optional(v.string()),
    level: v.optional(v.string()),
    search: v.optional(v.string()),
    paginationOpts: paginationOptsValidator,
  },
  returns: paginationResultValidator(vSession),
  handler: async (ctx, { search, paginationOpts, ...sent }) => {
    const filters = Listing.filtersOf(sent);
    const tenantId = ctx.principal.tenantId;
    const words = search?.trim() ? search : undefined;
    const limit = pageSize(paginationOpts.numItems, PAGE_MAX);
    const before = paginationOpts.cursor === null ? undefined : beforeOf(paginationOpts.cursor);
    // The end a page had at first, so that sessions that come in later neither shift nor repeat what follows.
    const until = paginationOpts.endCursor ? beforeOf(paginationOpts.endCursor) : undefined;
    const { cards, next } = await Listing.page(ctx, tenantId, filters, words, { limit, before, until });
    const views = await viewsFor(ctx, ctx.principal, cards);
    return { page: views.map(sessionOf), isDone: next === null, continueCursor: JSON.stringify({ before: next ?? 0 }) };
  },
});

function beforeOf(cursor: string): number {
  try {
    const value = JSON.parse(cursor) as { before?: unknown };
    if (typeof value.before === "number") return value.before;
  } catch {
    // Falls through: whatever it is, this function did not give it out.
  }
  throw invalid({ cursor: ["Must be a cursor that an earlier page gave."] });
}

const vWhole = v.object({ ...vSession.fields, liveKey: v.string(), pendingRequestCount: v.number() });

/**
 * All of a session, as the caller may see it; changes with each request and seat. Pages that watch only a part use
 * `viewer`, `live:session` and `live:seats`.
 */
export const get = composedQuery({
  args: byId,
  returns: vWhole,
  handler: async (ctx, { id }): Promise<Infer<typeof vWhole>> => {
    const { liveKey, isInvolved } = await ctx.runQuery(internal.tutoring.views.standing.of, { id });
    const session = isInvolved
      ? await ctx.runQuery(internal.tutoring.views.standing.view, { id })
      : await ctx.runQuery(api.tutoring.live.session, { liveKey });
    const seats = await ctx.runQuery(api.tutoring.live.seats, { liveKey });
    if (!session || !seats) throw new Error(`tutoring session ${id} has no card or seats`);
    return { ...session, liveKey, pendingRequestCount: seats.pendingRequestCount };
  },
});

/** The caller's own part in a session. Reads nothing that other people's joining and leaving changes. */
export const viewer = userQuery({
  args: byId,
  returns: v.object({
    id: v.number(),
    /** For `tutoring/live:seats`. */
    liveKey: v.string(),
    isCreator: v.boolean(),
    isModerator: v.boolean(),
    hasSeat: v.boolean(),
    request: v.union(
      v.null(),
      v.object({ id: v.number(), status: vRequestStatus, message: v.string(), requestedAt: v.number() }),
    ),
  }),
  handler: async (ctx, { id }) => {
    const { user, permissions } = ctx.principal;
    const session = await requireSession(ctx, ctx.principal, id);
    const member = await memberOf(ctx, session._id, user._id);
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
      isModerator: permissions.includes("moderate_sessions"),
      hasSeat: (member?.seat ?? null) !== null,
      request,
    };
  },
});

/** The sessions that the caller gives and has a seat in, newest first. */
export const mine = userQuery({
  args: {},
  returns: v.object({ created: v.array(vSession), joined: v.array(vSession) }),
  handler: async (ctx) => {
    const { created, joined } = await Listing.mine(ctx, ctx.principal);
    return {
      created: (await viewsFor(ctx, ctx.principal, created)).map(sessionOf),
      joined: (await viewsFor(ctx, ctx.principal, joined)).map(sessionOf),
    };
  },
});

/** → the new session's id. */
export const create = userMutation({
  args: vDraft.fields,
  returns: v.number(),
  handler: async (ctx, args) => (await Sessions.create(ctx, ctx.principal, args, Date.now())).publicId,
});

/** Changes the fields that are given. Creator only. */
export const update = userMutation({
  args: { ...byId, ...vDraft.partial().fields },
  returns: v.null(),
  handler: async (ctx, { id, ...changes }) => {
    await Sessions.update(ctx, ctx.principal, id, changes, Date.now());
    return null;
  },
});

export const remove = userMutation({
  args: byId,
  returns: v.null(),
  handler: async (ctx, { id }) => {
    await Sessions.remove(ctx, ctx.principal, id, await clientOfCall(ctx), Date.now());
    return null;
  },
});

/** Asks for a seat. → the request. */
export const join = userMutation({
  args: { ...byId, message: v.optional(v.string()) },
  returns: vRequest,
  handler: async (ctx, { id, message = "" }) => {
    const { session, member } = await Booking.join(ctx, ctx.principal, id, message, Date.now());
    return requestOf(wireRequest(session, member));
  },
});

const ofUser = { ...byId, userId: v.number() };

/** `VALIDATION` "Session is full" when no seat is left, `NOT_FOUND` without a pending request. Creator only. */
export const approveRequest = userMutation({
  args: ofUser,
  returns: v.null(),
  handler: async (ctx, { id, userId }) => {
    await Booking.approveRequest(ctx, ctx.principal, id, userId, await clientOfCall(ctx), Date.now());
    return null;
  },
});

export const rejectRequest = userMutation({
  args: ofUser,
  returns: v.null(),
  handler: async (ctx, { id, userId }) => {
    await Booking.rejectRequest(ctx, ctx.principal, id, userId, await clientOfCall(ctx), Date.now());
    return null;
  },
});

/** Ends the session for everybody: by its creator or a participant. */
export const cancel = userMutation({
  args: byId,
  returns: v.null(),
  handler: async (ctx, { id }) => {
    await Booking.cancel(ctx, ctx.principal, id, await clientOfCall(ctx), Date.now());
    return null;
  },
});

/** Frees the caller's seat or takes back a pending request; `VALIDATION` once the session is over. */
export const leave = userMutation({
  args: byId,
  returns: v.null(),
  handler: async (ctx, { id }) => {
    await Booking.leave(ctx, ctx.principal, id, Date.now());
    return null;
  },
});

/** Permission `moderate_sessions`. */
export const approve = userMutation({
  args: byId,
  returns: v.null(),
  handler: async (ctx, { id }) => {
    await Sessions.approve(ctx, ctx.principal, id, await clientOfCall(ctx), Date.now());
    return null;
  },
});
