/** Business cards on live drafts: prefilling a new one, refreshing one that was prefilled. */
import { v } from "convex/values";
import { internal } from "../_generated/api";
import { action, internalAction, internalMutation } from "../_generated/server";
import type { UserAct } from "../identity/act";
import { internalUserMutation } from "../identity/builders";
import { getErrorData, invalid } from "../lib/errors";
import { requireToken } from "../identity/limits/limits";
import { cleanText } from "../lib/text";
import { getCard, seekCard } from "./businessCards/cache";
import { fillFromCard, parseForm, readCardLater, requireDraft, writeDraft } from "./drafts/drafts";
import { mergePatch } from "./drafts/jsonText";
import { vCard } from "./businessCards/shapes";
import { fits, planRefresh } from "./rules";

export { experimental_reuseContext } from "../lib/contexts";

/** Reads the card of a new draft, later once more when it cannot be read now; without one the draft stays as it is. */
export const prefill = internalAction({
  args: { draftId: v.id("valuationDrafts"), token: v.string(), attempt: v.optional(v.number()) },
  returns: v.null(),
  handler: async (ctx, { draftId, token, attempt = 0 }): Promise<null> => {
    const card = await seekCard(ctx, token);
    if (card === "pending") await readCardLater(ctx, { draftId, token, attempt: attempt + 1 });
    else if (card) await ctx.runMutation(internal.valuations.cards.fill, { draftId, token, card });
    return null;
  },
});

/** Fills what is still absent from the form; nothing when the draft has got another card or was deleted meanwhile. */
export const fill = internalMutation({
  args: { draftId: v.id("valuationDrafts"), token: v.string(), card: vCard },
  returns: v.null(),
  handler: async (ctx, { draftId, token, card }) => {
    const draft = await ctx.db.get("valuationDrafts", draftId);
    if (!draft || draft.deleted || draft.prefilledFromCard || draft.businessCardToken !== token) return null;
    const filled = fillFromCard(draft.formData, card);
    if (filled === null) return null;
    await writeDraft(ctx, draft, {
      ...filled,
      prefilledFromCard: true,
      updatedAt: Date.now(),
      revision: draft.revision + 1,
    });
    return null;
  },
});

/**
 * Whether there is a card of `token`, for clients that would not start a draft without one. `UNAVAILABLE` when none can
 * be read.
 */
export const check = action({
  args: { token: v.string() },
  returns: v.boolean(),
  handler: async (ctx, { token }): Promise<boolean> => {
    await ctx.runMutation(internal.valuations.cards.beginCheck, {});
    try {
      await getCard(ctx, cleanText(token));
      return true;
    } catch (error) {
      if (getErrorData(error)?.code === "NOT_FOUND") return false;
      throw error;
    }
  },
});

/** Counts the request. */
export const beginCheck = internalUserMutation({
  args: {},
  returns: v.null(),
  handler: async (act) => {
    await countRequest(act);
    return null;
  },
});

const countRequest = (act: UserAct): Promise<void> =>
  requireToken(act, "businessCards", `user/${act.principal.user._id}`);

/**
 * Reads a draft's card again. Fields that still hold what the card gave follow it, edited ones stay. Returns how many
 * changed. `NOT_FOUND` when the card is gone, `UNAVAILABLE` when it cannot be read.
 */
export const refresh = action({
  args: { reportId: v.string() },
  returns: v.number(),
  handler: async (ctx, { reportId }): Promise<number> => {
    const token = await ctx.runMutation(internal.valuations.cards.beginRefresh, { reportId });
    const { card } = await getCard(ctx, token, { fresh: true });
    return await ctx.runMutation(internal.valuations.cards.applyRefresh, { reportId, card });
  },
});

/** Counts the request and returns the token of the caller's draft. */
export const beginRefresh = internalUserMutation({
  args: { reportId: v.string() },
  returns: v.string(),
  handler: async (act, { reportId }) => {
    await countRequest(act);
    const { draft } = await requireDraft(act, reportId);
    if (draft.businessCardToken === null) throw invalid({ reportId: ["This report has no business card."] });
    return draft.businessCardToken;
  },
});

export const applyRefresh = internalUserMutation({
  args: { reportId: v.string(), card: vCard },
  returns: v.number(),
  handler: async (act, { reportId, card }) => {
    const { draft } = await requireDraft(act, reportId);
    const { patch, prefill } = planRefresh(parseForm(draft.formData), parseForm(draft.prefill), card);
    const formData = mergePatch(draft.formData, JSON.stringify(patch));
    if (!fits("formData", formData)) throw invalid({ formData: ["Would be larger than 64 KiB."] });
    const texts = { formData, prefill: JSON.stringify(prefill) };
    const changed = Object.keys(patch).length;
    if (draft.prefilledFromCard && changed === 0 && texts.prefill === draft.prefill) return 0;
    await writeDraft(act, draft, {
      ...texts,
      prefilledFromCard: true,
      updatedAt: act.now,
      revision: draft.revision + 1,
    });
    return changed;
  },
});
