/**
 * Drafts over the live protocol (README, "Live functions"). Guests of the web application are anonymous users, so every caller here
 * is a user. JSON arguments are plain values or JSON text (drafts/liveJson).
 */
import { paginationOptsValidator, paginationResultValidator } from "convex/server";
import { v } from "convex/values";
import { internal } from "../_generated/api";
import { clientOfCall } from "../identity/caller";
import * as Audit from "../audit/writer";
import { conflict, invalid } from "../lib/errors";
import { userMutation, userQuery } from "../identity/builders";
import { sha256Hex } from "../lib/ids";
import { inLiveTerms } from "../lib/liveErrors";
import { pageSize } from "../lib/paging";
import { cleanText, textProblems } from "../lib/text";
import { claimGuest } from "./guests/claim";
import * as Drafts from "./drafts/drafts";
import { mergedPage, ownDrafts } from "./drafts/lists";
import { liveDraft, liveSummary, vFull, vSummary } from "./drafts/liveShapes";
import { keysOf, ownersOf } from "./guests/owners";
import { LIST_MAX, TOKEN_MAX, type Status } from "./rules";
import { vView } from "./tables";
import { fromLive } from "./drafts/liveJson";

const STATUSES: ReadonlyMap<string, Status | null> = new Map([
  ["all", null],
  ["in_progress", "IN_PROGRESS"],
  ["completed", "COMPLETED"],
  ["archived", "ARCHIVED"],
  ["deleted", "DELETED"],
]);

/** The caller's drafts, last changed first. `status` as in README §4.1; `deleted` yields none. */
export const list = userQuery({
  args: { status: v.optional(v.string()), paginationOpts: paginationOptsValidator },
  returns: paginationResultValidator(vSummary),
  handler: async (ctx, { status = "all", paginationOpts }) => {
    const wanted = STATUSES.get(status.toLowerCase());
    if (wanted === undefined) throw invalid({ status: [`Must be one of ${[...STATUSES.keys()].join(", ")}.`] });
    if (wanted === "DELETED") return { page: [], isDone: true, continueCursor: "" };
    const numItems = pageSize(paginationOpts.numItems, LIST_MAX);
    const [key = "", ...settling] = keysOf(ctx.principal.user);
    const result =
      settling.length === 0
        ? await ownDrafts(ctx, key, wanted).paginate({ ...paginationOpts, numItems })
        : await mergedPage(ctx, [key, ...settling], wanted, { ...paginationOpts, numItems });
    return { ...result, page: result.page.map(liveSummary) };
  },
});

/** One draft, whole. */
export const get = userQuery({
  args: { reportId: v.string() },
  returns: vFull,
  handler: async (ctx, { reportId }) => {
    const owners = await ownersOf(ctx, ctx.principal);
    const draft = await Drafts.requireDraft(ctx, owners, reportId);
    return liveDraft(draft, await Drafts.partsOf(ctx, draft), owners);
  },
});

const given = <K extends string>(name: K, value: unknown, kind: "object" | "array" | "any") =>
  (value === undefined ? {} : { [name]: fromLive(name, value, kind) }) as { [key in K]?: string };

/**
 * Creates a draft, or returns the caller's own of that `reportId`. A card's fields follow as soon as it has been read.
 */
export const create = userMutation({
  args: {
    reportId: v.optional(v.string()),
    currentView: v.optional(vView),
    formData: v.optional(v.any()),
    collectedData: v.optional(v.any()),
    conversationHistory: v.optional(v.any()),
    businessCardToken: v.optional(v.union(v.string(), v.null())),
  },
  returns: vFull,
  handler: async (ctx, args) => {
    const owners = await ownersOf(ctx, ctx.principal);
    const token = cleanText(args.businessCardToken ?? "") || null;
    const problems = textProblems(token ?? "", TOKEN_MAX);
    if (problems.length > 0) throw invalid({ businessCardToken: problems });
    const text = (name: "formData" | "collectedData" | "conversationHistory", kind: "object" | "array") =>
      args[name] === undefined || args[name] === null ? null : fromLive(name, args[name], kind);
    const input = {
      reportId: args.reportId,
      currentView: args.currentView,
      formData: text("formData", "object"),
      collectedData: text("collectedData", "object"),
      conversationHistory: text("conversationHistory", "array"),
      businessCardToken: token,
    };
    const { draft, created } = await inLiveTerms(Drafts.createDraft(ctx, owners, input, Date.now()));
    if (created && token !== null)
      await ctx.scheduler.runAfter(0, internal.valuations.cards.prefill, { draftId: draft._id, token });
    return liveDraft(draft, await Drafts.partsOf(ctx, draft), owners);
  },
});

/**
 * Changes a draft as PATCH does. With `expectedRevision` other than the current one it is `CONFLICT`, carrying
 * `revision` and `session` as they are, and nothing changes.
 */
export const update = userMutation({
  args: {
    reportId: v.string(),
    expectedRevision: v.optional(v.number()),
    currentView: v.optional(vView),
    formData: v.optional(v.any()),
    collectedData: v.optional(v.any()),
    conversationHistory: v.optional(v.any()),
    valuationResult: v.optional(v.any()),
    status: v.optional(v.union(v.literal("IN_PROGRESS"), v.literal("COMPLETED"), v.literal("ARCHIVED"))),
  },
  returns: vFull,
  handler: async (ctx, { reportId, expectedRevision, currentView, status, ...json }) => {
    const owners = await ownersOf(ctx, ctx.principal);
    const current = await Drafts.requireDraft(ctx, owners, reportId);
    if (expectedRevision !== undefined && expectedRevision !== current.revision)
      throw conflict("Version conflict", {
        revision: current.revision,
        session: liveDraft(current, await Drafts.partsOf(ctx, current), owners),
      });
    const change = {
      currentView,
      status,
      ...given("formData", json.formData, "object"),
      ...given("collectedData", json.collectedData, "object"),
      ...given("conversationHistory", json.conversationHistory, "array"),
      ...given("valuationResult", json.valuationResult, "any"),
    };
    const { draft, parts } = await inLiveTerms(Drafts.updateDraft(ctx, current, change, Date.now()));
    return liveDraft(draft, parts, owners);
  },
});

/** Deletes a draft; repeating it changes nothing. */
export const remove = userMutation({
  args: { reportId: v.string() },
  returns: v.null(),
  handler: async (ctx, { reportId }) => {
    if (await Drafts.removeDraft(ctx, await ownersOf(ctx, ctx.principal), reportId, Date.now()))
      await Audit.append(ctx, {
        action: "deleted",
        target: `report ${reportId}`,
        actor: { user: ctx.principal.user },
        client: await clientOfCall(ctx),
      });
    return null;
  },
});

/** Takes a deletion back. */
export const restore = userMutation({
  args: { reportId: v.string() },
  returns: v.null(),
  handler: async (ctx, { reportId }) => {
    await Drafts.undoRemoval(ctx, await ownersOf(ctx, ctx.principal), reportId, Date.now());
    return null;
  },
});

/**
 * Moves the drafts of a guest id into the caller's account, and returns how many moved; 0 for an id that is not in
 * force.
 */
export const claim = userMutation({
  args: { guestSessionId: v.string() },
  returns: v.number(),
  handler: async (ctx, { guestSessionId }) =>
    await claimGuest(ctx, ctx.principal.user._id, await sha256Hex(guestSessionId), await clientOfCall(ctx)),
});
