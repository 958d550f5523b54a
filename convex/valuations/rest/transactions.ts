/** The transactions that answer the REST requests of routes.ts. */
import { zodOutputToConvexFields } from "convex-helpers/server/zod4";
import { v } from "convex/values";
import { internalMutation } from "../../_generated/server";
import type { Act } from "../../identity/act";
import { requireUser } from "../../identity/principal";
import { restMutation, restQuery } from "../../rest/functions";
import { reply, type Reply } from "../../rest/reply";
import { vCard } from "../businessCards/shapes";
import { createDraft, removeDraft, requireDraft, updateDraft, type OwnDraft } from "../drafts/drafts";
import { draftChange, newDraft } from "../drafts/input";
import { listDrafts } from "../drafts/lists";
import { claimGuest } from "../guests/claim";
import { issueGuest, renewGuest } from "../guests/guestIds";
import { listOwners } from "../guests/owners";
import { vStatus } from "../tables";
import { toFullJson, listJson } from "./wire";
import { GUEST_NOTICE, type GuestNotice } from "./guestNotice";

export { experimental_reuseContext } from "../../lib/contexts";

const replyFull = (status: number, own: OwnDraft, notice: GuestNotice = {}): Reply => ({
  status,
  body: toFullJson(own),
  headers: { ETag: `"${own.draft.revision}"`, ...notice },
});

const renewed = async (act: Act): Promise<GuestNotice> =>
  (await renewGuest(act)) ? { [GUEST_NOTICE]: "renewed" } : {};

export const list = restQuery({
  args: { status: v.union(vStatus, v.null()), offset: v.number(), limit: v.number() },
  handler: async (ctx, page) => {
    const { keys } = await listOwners(ctx);
    const { drafts, total } = await listDrafts(ctx, keys, page);
    return { status: 200, body: listJson(drafts, total, page.offset + page.limit < total) };
  },
});

export const get = restQuery({
  args: { reportId: v.string() },
  handler: async (ctx, { reportId }) => replyFull(200, await requireDraft(ctx, reportId)),
});

export const create = restMutation({
  args: {
    ...zodOutputToConvexFields(newDraft.shape),
    /** `pending`: there may be one, which cannot be read now. */
    card: v.union(vCard, v.null(), v.literal("pending")),
    /** Hash of the id that a caller without identity is given. */
    newGuestHash: v.union(v.string(), v.null()),
  },
  handler: async (act, { newGuestHash, card, ...input }) => {
    const issued = act.principal === null && newGuestHash !== null && (await issueGuest(act, newGuestHash));
    const notice: GuestNotice = issued ? { [GUEST_NOTICE]: "issued" } : await renewed(act);
    const { created, ...own } = await createDraft(
      issued ? { ...act, principal: { kind: "guest", guest: issued } } : act,
      input,
      card === "pending" ? { attempt: 1 } : card,
    );
    return replyFull(created ? 201 : 200, own, notice);
  },
});

export const update = restMutation({
  args: {
    ...zodOutputToConvexFields(draftChange.shape),
    reportId: v.string(),
    /** The revisions that `If-Match` names. */
    revisions: v.optional(v.array(v.number())),
  },
  handler: async (act, input) => {
    const { stale, ...own } = await updateDraft(act, input);
    if (!stale) return replyFull(200, own, await renewed(act));
    const { revision } = own.draft;
    const body = `{"error":"Version conflict","revision":${revision},"session":${toFullJson(own)}}`;
    return { ...replyFull(412, own), body };
  },
});

export const remove = restMutation({
  args: { reportId: v.string() },
  handler: async (act, input) => {
    await removeDraft(act, input);
    return reply(200, { success: true, deleted_report_id: input.reportId });
  },
});

export const claim = restMutation({
  args: {},
  handler: async (act) => {
    const user = { ...act, principal: requireUser(act.principal) };
    const { guestHash } = act.caller;
    const migrated = guestHash === undefined ? 0 : await claimGuest(user, guestHash);
    return reply(200, { success: true, migrated_count: migrated });
  },
});

/** Issues a guest id to whom asks for one. */
export const issue = internalMutation({
  args: { hash: v.string() },
  returns: v.null(),
  handler: async (ctx, { hash }) => {
    await issueGuest(ctx, hash);
    return null;
  },
});
