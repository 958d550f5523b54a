/** The transactions that answer the REST requests of routes.ts. */
import { v } from "convex/values";
import type { Doc } from "../../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../../_generated/server";
import { requireUser, type UserPrincipal } from "../../identity/principal";
import { restMutation, restQuery } from "../../rest/functions";
import { noContent, reply, type Reply } from "../../rest/reply";
import { siteUrl } from "../../lib/siteUrl";
import * as Booking from "../booking/requests";
import { cardOf } from "../views/cards";
import * as Listing from "../views/listing";
import { requireSession } from "../booking/sessionRows";
import * as Sessions from "../booking/sessions";
import { vDraft } from "../shapes";
import { wireRequest } from "../views/view";
import { textsFor } from "../views/viewing";
import { inWireNames } from "./wireNames";

export const LIST_MAX = 200;
const PAGE_SIZE_DEFAULT = 20;

const listArgs = {
  status: v.optional(v.string()),
  subject: v.optional(v.string()),
  level: v.optional(v.string()),
  search: v.optional(v.string()),
  page: v.optional(v.number()),
  pageSize: v.optional(v.number()),
  before: v.optional(v.number()),
};

const textReply = (status: number, body: string, headers?: Record<string, string>): Reply => ({
  status,
  body,
  ...(headers && { headers }),
});

/** §6.1. The nested answers come as texts and are joined as texts. */
export const list = restQuery({
  args: listArgs,
  handler: async (ctx, { page, pageSize, before, search, ...sent }) => {
    const filters = Listing.filtersOf(sent);
    const principal = requireUser(ctx.principal);
    const tenantId = principal.tenantId;
    const words = search?.trim() ? search : undefined;
    const urlOf = (place: Record<string, number>) => {
      const given = { ...filters, search: words, ...place };
      const query = Object.entries(given).flatMap(([name, value]) =>
        value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
      );
      return `${siteUrl()}/api/sessions/?${query.join("&")}`;
    };
    if (page === undefined && pageSize === undefined) {
      const { cards, next } = await Listing.page(ctx, tenantId, filters, words, { limit: LIST_MAX, before });
      const texts = await textsFor(ctx, principal, cards);
      return textReply(
        200,
        `[${texts.join(",")}]`,
        next === null ? undefined : { Link: `<${urlOf({ before: next })}>; rel="next"` },
      );
    }
    const searched = words === undefined ? null : await Listing.found(ctx, tenantId, filters, words);
    const number = page ?? 1;
    const size = pageSize ?? PAGE_SIZE_DEFAULT;
    const offset = (number - 1) * size;
    const count = searched ? searched.length : await Listing.countOf(ctx, tenantId, filters);
    const cards = searched
      ? searched.slice(offset, offset + size)
      : offset >= count
        ? []
        : await Listing.slice(ctx, tenantId, filters, offset, size);
    const linkTo = (to: number) => JSON.stringify(urlOf({ page: to, page_size: size }));
    const next = offset + size < count ? linkTo(number + 1) : "null";
    const previous = number > 1 && count > 0 ? linkTo(Math.min(number - 1, Math.ceil(count / size))) : "null";
    const texts = await textsFor(ctx, principal, cards);
    return textReply(200, `{"count":${count},"next":${next},"previous":${previous},"results":[${texts.join(",")}]}`);
  },
});

async function textOf(
  ctx: { db: QueryCtx["db"] },
  principal: UserPrincipal,
  session: Doc<"tutoringSessions">,
): Promise<string> {
  const [text] = await textsFor(ctx, principal, [await cardOf(ctx, session._id)]);
  if (text === undefined) throw new Error("a session has no view");
  return text;
}

export const one = restQuery({
  args: { id: v.number() },
  handler: async (ctx, { id }) => {
    const principal = requireUser(ctx.principal);
    return textReply(200, await textOf(ctx, principal, await requireSession(ctx, principal, id)));
  },
});

export const mine = restQuery({
  args: {},
  handler: async (ctx) => {
    const principal = requireUser(ctx.principal);
    const { created, joined } = await Listing.mine(ctx, principal);
    const texts = async (cards: typeof created) => `[${(await textsFor(ctx, principal, cards)).join(",")}]`;
    return textReply(200, `{"created":${await texts(created)},"joined":${await texts(joined)}}`);
  },
});

export const create = restMutation({
  args: vDraft.fields,
  handler: async (ctx, input) => {
    const principal = requireUser(ctx.principal);
    return textReply(
      201,
      await textOf(ctx, principal, await inWireNames(Sessions.create(ctx, principal, input, Date.now()))),
    );
  },
});

export const update = restMutation({
  args: { id: v.number(), changes: vDraft.partial() },
  handler: async (ctx, { id, changes }) => {
    const principal = requireUser(ctx.principal);
    await inWireNames(Sessions.update(ctx, principal, id, changes, Date.now()));
    return textReply(200, await textOf(ctx, principal, await requireSession(ctx, principal, id)));
  },
});

export const remove = restMutation({
  args: { id: v.number() },
  handler: async (ctx, { id }) => {
    await Sessions.remove(ctx, requireUser(ctx.principal), id, ctx.client, Date.now());
    return noContent();
  },
});

export const join = restMutation({
  args: { id: v.number(), message: v.string() },
  handler: async (ctx, { id, message }) => {
    const { session, member } = await Booking.join(ctx, requireUser(ctx.principal), id, message, Date.now());
    return reply(200, wireRequest(session, member));
  },
});

type Act = (
  ctx: MutationCtx & { client: { ip: string | null; userAgent: string } },
  principal: UserPrincipal,
  id: number,
) => Promise<void>;

/** An act on a session that answers with a message. */
const act = (message: string, run: Act) =>
  restMutation({
    args: { id: v.number() },
    handler: async (ctx, { id }) => {
      await run(ctx, requireUser(ctx.principal), id);
      return reply(200, { message });
    },
  });

export const cancel = act("Session cancelled", (ctx, principal, id) =>
  Booking.cancel(ctx, principal, id, ctx.client, Date.now()),
);
export const leave = act("Left session", (ctx, principal, id) => Booking.leave(ctx, principal, id, Date.now()));
export const approve = act("Session approved", (ctx, principal, id) =>
  Sessions.approve(ctx, principal, id, ctx.client, Date.now()),
);

export const approveRequest = restMutation({
  args: { id: v.number(), userId: v.number() },
  handler: async (ctx, { id, userId }) => {
    await Booking.approveRequest(ctx, requireUser(ctx.principal), id, userId, ctx.client, Date.now());
    return reply(200, { message: "Request approved" });
  },
});

export const rejectRequest = restMutation({
  args: { id: v.number(), userId: v.number() },
  handler: async (ctx, { id, userId }) => {
    await Booking.rejectRequest(ctx, requireUser(ctx.principal), id, userId, ctx.client, Date.now());
    return reply(200, { message: "Request rejected" });
  },
});
