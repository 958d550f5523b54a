/** The transactions that answer the REST requests of routes.ts. */
import { v } from "convex/values";
import { internal } from "../../_generated/api";
import { internalMutation, type MutationCtx } from "../../_generated/server";
import { requireUser, type Principal } from "../../identity/principal";
import * as Audit from "../../audit/writer";
import { restMutation, restQuery } from "../../rest/functions";
import { reply, type Reply } from "../../rest/reply";
import * as Claims from "../guests/claim";
import * as Drafts from "../drafts/drafts";
import { issueGuest, renewGuest } from "../guests/guestIds";
import { fullJson, listJson } from "./json";
import { listDrafts } from "../drafts/lists";
import { ownersOf, type Owners } from "../guests/owners";
import { GUEST_NOTICE, vCard, vJsonArg, vStatusArg } from "./shapes";
import { PREFILL_AGAIN_MS } from "../rules";
import { vView } from "../tables";

const full = (status: number, draft: Drafts.Draft, parts: Drafts.Parts, owners: Owners): Reply => ({
  status,
  body: fullJson(draft, parts, owners),
  headers: { ETag: `"${draft.revision}"` },
});

export const list = restQuery({
  args: { status: v.union(vStatusArg, v.literal("DELETED"), v.null()), offset: v.number(), limit: v.number() },
  handler: async (ctx, page) => {
    const owners = await ownersOf(ctx, ctx.principal, ctx.caller.guestHash);
    const { drafts, total } = await listDrafts(ctx, owners.keys, page);
    return { status: 200, body: listJson(drafts, total, page.offset + page.limit < total) };
  },
});

export const get = restQuery({
  args: { reportId: v.string() },
  handler: async (ctx, { reportId }) => {
    const owners = await ownersOf(ctx, ctx.principal, ctx.caller.guestHash);
    const draft = await Drafts.requireDraft(ctx, owners, reportId);
    return full(200, draft, await Drafts.partsOf(ctx, draft), owners);
  },
});

export const create = restMutation({
  args: {
    reportId: v.optional(v.string()),
    currentView: v.optional(vView),
    formData: vJsonArg,
    collectedData: vJsonArg,
    conversationHistory: vJsonArg,
    businessCardToken: v.union(v.string(), v.null()),
    /** `pending`: there may be one, which cannot be read now. */
    card: v.union(vCard, v.null(), v.literal("pending")),
    /** Hash of the id that a caller without identity is given. */
    newGuestHash: v.union(v.string(), v.null()),
  },
  handler: async (ctx, { newGuestHash, card, ...input }) => {
    const isNew = ctx.principal === null && newGuestHash !== null;
    const principal: Principal = isNew ? { kind: "guest", guest: await issueGuest(ctx, newGuestHash) } : ctx.principal;
    const notice = isNew ? { [GUEST_NOTICE]: "issued" } : await renewed(ctx, principal);
    const owners = await ownersOf(ctx, principal, ctx.caller.guestHash);
    const known = card === "pending" ? null : card;
    const { draft, created } = await Drafts.createDraft(ctx, owners, { ...input, card: known }, Date.now());
    const token = draft.businessCardToken;
    if (created && card === "pending" && token !== null)
      await ctx.scheduler.runAfter(PREFILL_AGAIN_MS[0]!, internal.valuations.cards.prefill, {
        draftId: draft._id,
        token,
        attempt: 1,
      });
    const answer = full(created ? 201 : 200, draft, await Drafts.partsOf(ctx, draft), owners);
    return { ...answer, headers: { ...answer.headers, ...notice } };
  },
});

async function renewed(ctx: MutationCtx, principal: Principal): Promise<Record<string, string>> {
  return principal?.kind === "guest" && (await renewGuest(ctx, principal.guest)) ? { [GUEST_NOTICE]: "renewed" } : {};
}

export const update = restMutation({
  args: {
    reportId: v.string(),
    /** Revisions that `If-Match` names; null without it. */
    ifMatch: v.union(v.array(v.number()), v.null()),
    change: v.object({
      currentView: v.optional(vView),
      formData: v.optional(v.string()),
      collectedData: v.optional(v.string()),
      conversationHistory: v.optional(v.string()),
      valuationResult: v.optional(v.string()),
      status: v.optional(vStatusArg),
    }),
  },
  handler: async (ctx, { reportId, ifMatch, change }) => {
    const owners = await ownersOf(ctx, ctx.principal, ctx.caller.guestHash);
    const current = await Drafts.requireDraft(ctx, owners, reportId);
    if (ifMatch !== null && !ifMatch.includes(current.revision)) {
      const session = fullJson(current, await Drafts.partsOf(ctx, current), owners);
      const body = `{"error":"Version conflict","revision":${current.revision},"session":${session}}`;
      return { status: 412, body, headers: { ETag: `"${current.revision}"` } };
    }
    const { draft, parts } = await Drafts.updateDraft(ctx, current, change, Date.now());
    const answer = full(200, draft, parts, owners);
    return { ...answer, headers: { ...answer.headers, ...(await renewed(ctx, ctx.principal)) } };
  },
});

export const remove = restMutation({
  args: { reportId: v.string() },
  handler: async (ctx, { reportId }) => {
    const owners = await ownersOf(ctx, ctx.principal, ctx.caller.guestHash);
    if (await Drafts.removeDraft(ctx, owners, reportId, Date.now()))
      await Audit.append(ctx, {
        action: "deleted",
        target: `report ${reportId}`,
        actor: ctx.principal?.kind === "user" ? { user: ctx.principal.user } : { name: "guest" },
        client: ctx.client,
      });
    return reply(200, { success: true, deleted_report_id: reportId });
  },
});

export const claim = restMutation({
  args: {},
  handler: async (ctx) => {
    const { user } = requireUser(ctx.principal);
    const { guestHash } = ctx.caller;
    const migrated = guestHash === undefined ? 0 : await Claims.claimGuest(ctx, user._id, guestHash, ctx.client);
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
