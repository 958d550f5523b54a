/** Drafts as live functions return them. JSON fields are as liveJson.ts says. */
import { v, type Infer } from "convex/values";
import { getShownUserId } from "../guests/owners";
import type { Draft, OwnDraft } from "./drafts";
import { vStatus, vView } from "../tables";
import { toLive } from "./liveJson";

const summaryFields = {
  id: v.string(),
  reportId: v.string(),
  status: vStatus,
  currentView: vView,
  createdAt: v.number(),
  updatedAt: v.number(),
  completedAt: v.union(v.number(), v.null()),
  formData: v.any(),
  valuationResult: v.any(),
};
export const vSummary = v.object(summaryFields);
export type LiveSummary = Infer<typeof vSummary>;

export const vFull = v.object({
  ...summaryFields,
  userId: v.union(v.string(), v.null()),
  collectedData: v.any(),
  conversationHistory: v.any(),
  businessCardToken: v.union(v.string(), v.null()),
  prefilledFromCard: v.boolean(),
  /** The form fields that came from the card, with the values it gave. */
  prefill: v.any(),
  revision: v.number(),
});
export type LiveDraft = Infer<typeof vFull>;

export const showSummary = (draft: Draft): LiveSummary => ({
  id: draft.uuid,
  reportId: draft.reportId,
  status: draft.status,
  currentView: draft.currentView,
  createdAt: draft.createdAt,
  updatedAt: draft.updatedAt,
  completedAt: draft.completedAt,
  formData: toLive(draft.formData),
  valuationResult: toLive(draft.valuationResult),
});

export const showDraft = ({ draft, parts, owners }: OwnDraft): LiveDraft => ({
  ...showSummary(draft),
  userId: getShownUserId(draft, owners),
  collectedData: toLive(parts.collectedData),
  conversationHistory: toLive(parts.conversationHistory),
  businessCardToken: draft.businessCardToken,
  prefilledFromCard: draft.prefilledFromCard,
  prefill: toLive(draft.prefill),
  revision: draft.revision,
});
