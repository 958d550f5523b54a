/** The transactions that answer the REST requests of routes.ts. */
import { v } from "convex/values";
import type { Doc } from "../../_generated/dataModel";
import type { QueryCtx } from "../../_generated/server";
import type { Viewer } from "../../identity/act";
import { requireUser, type Principal } from "../../identity/principal";
import { notFound } from "../../lib/errors";
import { readSiteUrl } from "../../lib/siteUrl";
import { toWireTime } from "../../lib/time";
import { restCommand, restQuery } from "../../rest/functions";
import { noContent, reply, type Reply } from "../../rest/reply";
import { requireSession } from "../booking/sessionRows";
import * as Commands from "../commands";
import { listProposalViews } from "../hosting/proposals";
import { toShareUrl } from "../hosting/shareLinks";
import { findShared, getShareToken } from "../hosting/shares";
import { getCard } from "../views/cards";
import * as Listing from "../views/listing";
import { showRequest } from "../views/view";
import { encodeCards } from "../views/viewerCards";
import { listWaitlist } from "../views/waitlist";
import { encodeProposals, encodeRequest, encodeShared, encodeWaitlist } from "./wire";

export { experimental_reuseContext } from "../../lib/contexts";

export const LIST_MAX = 200;
const PAGE_SIZE_DEFAULT = 20;

const listArgs = {
  status: v.optional(v.string()),
  subject: v.optional(v.string()),
  level: v.optional(v.string()),
  search: v.optional(v.string()),
  from: v.optional(v.number()),
  to: v.optional(v.number()),
  freeSeats: v.optional(v.boolean()),
  page: v.optional(v.number()),
  pageSize: v.optional(v.number()),
  before: v.optional(v.number()),
};

const replyText = (status: number, body: string, headers?: Record<string, string>): Reply => ({
  status,
  body,
  ...(headers && { headers }),
});

const toViewer = ({ db, principal }: { db: QueryCtx["db"]; principal: Principal }): Viewer => ({
  db,
  principal: requireUser(principal),
});

/** §6.1. The nested answers come as texts and are joined as texts. */
export const list = restQuery({
  args: listArgs,
  handler: async (ctx, { page, pageSize, before, search, ...sent }) => {
    const viewer = toViewer(ctx);
    const wanted = Listing.toWanted(search, sent);
    if (page !== undefined || pageSize !== undefined) return await answerNumbered(viewer, wanted, { page, pageSize });
    const { cards, next } = await Listing.listPage(viewer, wanted, { limit: LIST_MAX, before });
    const texts = await encodeCards(viewer, cards);
    return replyText(
      200,
      `[${texts.join(",")}]`,
      next === null ? undefined : { Link: `<${listUrl(wanted, { before: next })}>; rel="next"` },
    );
  },
});

type Numbered = { page?: number | undefined; pageSize?: number | undefined };

/** A page by its number, beginning with 1. */
async function answerNumbered(
  viewer: Viewer,
  wanted: Listing.Wanted,
  { page = 1, pageSize = PAGE_SIZE_DEFAULT }: Numbered,
): Promise<Reply> {
  const offset = (page - 1) * pageSize;
  const { cards, count } = await takeNumbered(viewer, wanted, { offset, limit: pageSize });
  const linkTo = (to: number) => JSON.stringify(listUrl(wanted, { page: to, page_size: pageSize }));
  const next = offset + pageSize < count ? linkTo(page + 1) : "null";
  const previous = page > 1 && count > 0 ? linkTo(Math.min(page - 1, Math.ceil(count / pageSize))) : "null";
  const texts = await encodeCards(viewer, cards);
  return replyText(200, `{"count":${count},"next":${next},"previous":${previous},"results":[${texts.join(",")}]}`);
}

async function takeNumbered(
  viewer: Viewer,
  wanted: Listing.Wanted,
  { offset, limit }: { offset: number; limit: number },
) {
  const { filters } = wanted;
  if (Listing.isGathered(wanted)) {
    const found = await Listing.gatherSessions(viewer, wanted);
    return { cards: found.slice(offset, offset + limit), count: found.length };
  }
  const count = await Listing.countSessions(viewer, filters);
  return { cards: offset < count ? await Listing.listSlice(viewer, filters, { offset, limit }) : [], count };
}

function listUrl({ filters, search }: Listing.Wanted, place: Record<string, number>): string {
  const { from, to, freeSeats, ...texts } = filters;
  const range = {
    from: from === undefined ? from : toWireTime(from),
    to: to === undefined ? to : toWireTime(to),
    free_seats: freeSeats,
  };
  const query = Object.entries({ ...texts, search, ...range, ...place }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  return `${readSiteUrl()}/api/sessions/?${query.join("&")}`;
}

async function encodeFor(viewer: Viewer, { _id }: Pick<Doc<"tutoringSessions">, "_id">): Promise<string> {
  const [text] = await encodeCards(viewer, [await getCard(viewer, _id)]);
  if (text === undefined) throw new Error("a session has no view");
  return text;
}

export const one = restQuery({
  args: { id: v.number() },
  handler: async (ctx, { id }) => {
    const viewer = toViewer(ctx);
    return replyText(200, await encodeFor(viewer, await requireSession(viewer, id)));
  },
});

export const mine = restQuery({
  args: {},
  handler: async (ctx) => {
    const viewer = toViewer(ctx);
    const { created, joined } = await Listing.listOwn(viewer);
    const texts = async (cards: typeof created) => `[${(await encodeCards(viewer, cards)).join(",")}]`;
    return replyText(200, `{"created":${await texts(created)},"joined":${await texts(joined)}}`);
  },
});

const sayDone = (message: string) => () => reply(200, { message });

export const create = restCommand(Commands.createSession, async (session, act) =>
  replyText(201, await encodeFor(act, session)),
);
export const repeatWeekly = restCommand(Commands.repeatWeekly, async (made, act) => {
  const texts = await Promise.all(made.map((session) => encodeFor(act, session)));
  return replyText(201, `[${texts.join(",")}]`);
});
export const update = restCommand(Commands.updateSession, async (session, act) =>
  replyText(200, await encodeFor(act, session)),
);
export const remove = restCommand(Commands.deleteSession, noContent);
export const cancel = restCommand(Commands.cancelSession, sayDone("Session cancelled"));
export const approve = restCommand(Commands.approveSession, sayDone("Session approved"));

export const join = restCommand(Commands.requestSeat, ({ session, member }) =>
  replyText(200, encodeRequest(showRequest(session, member))),
);
export const leave = restCommand(Commands.leaveSession, sayDone("Left session"));
export const waitlist = restQuery({
  args: { id: v.number() },
  handler: async (ctx, { id }) => replyText(200, encodeWaitlist(await listWaitlist(toViewer(ctx), id))),
});
export const joinWaitlist = restCommand(Commands.joinWaitlist, (place) => reply(200, place));
export const leaveWaitlist = restCommand(Commands.leaveWaitlist, sayDone("Left waiting list"));
export const acceptOffer = restCommand(Commands.acceptOffer, sayDone("Offer accepted"));
export const approveRequest = restCommand(Commands.approveRequest, sayDone("Request approved"));
export const rejectRequest = restCommand(Commands.rejectRequest, sayDone("Request rejected"));

export const removeParticipant = restCommand(Commands.removeParticipant, sayDone("Participant removed"));
export const messageParticipants = restCommand(Commands.messageParticipants, sayDone("Message sent"));
export const proposals = restQuery({
  args: { id: v.number() },
  handler: async (ctx, { id }) => replyText(200, encodeProposals(await listProposalViews(toViewer(ctx), id))),
});

const replyLink = (token: string | null): Reply => reply(200, { url: token === null ? null : toShareUrl(token) });

export const shareLink = restQuery({
  args: { id: v.number() },
  handler: async (ctx, { id }) => replyLink(await getShareToken(toViewer(ctx), { id })),
});
/** All that the link shows, for anybody. */
export const shared = restQuery({
  args: { token: v.string() },
  handler: async (ctx, { token }) => {
    const session = await findShared(ctx, token);
    if (!session) throw notFound("Session not found.");
    return replyText(200, encodeShared(session));
  },
});
export const share = restCommand(Commands.shareSession, replyLink);
export const endShare = restCommand(Commands.endShare, sayDone("Link ended"));
export const proposeTime = restCommand(Commands.proposeTime, sayDone("Time proposed"));
export const withdrawProposal = restCommand(Commands.withdrawProposal, sayDone("Proposal withdrawn"));
export const acceptProposal = restCommand(Commands.acceptProposal, sayDone("Proposal accepted"));
export const declineProposal = restCommand(Commands.declineProposal, sayDone("Proposal declined"));
