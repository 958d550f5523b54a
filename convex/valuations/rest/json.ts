/** Drafts as the JSON text of README §4, put together from the stored texts without parsing them. */
import { toWireTime, toWireTimeOrNull } from "../../lib/time";
import type { Draft, OwnDraft } from "../drafts/drafts";
import { getShownUserId } from "../guests/owners";

const formatField = (name: string, value: unknown) => `${JSON.stringify(name)}:${JSON.stringify(value)}`;
const formatRaw = (name: string, text: string | null) => `${JSON.stringify(name)}:${text ?? "null"}`;

export const toSummaryJson = (draft: Draft): string =>
  `{${[
    formatField("id", draft.uuid),
    formatField("report_id", draft.reportId),
    formatField("status", draft.status),
    formatField("current_view", draft.currentView),
    formatField("created_at", toWireTime(draft.createdAt)),
    formatField("updated_at", toWireTime(draft.updatedAt)),
    formatField("completed_at", toWireTimeOrNull(draft.completedAt)),
    formatRaw("form_data", draft.formData),
    formatRaw("valuation_result", draft.valuationResult),
  ].join(",")}}`;

/** `guest_session_id` is a credential and never told. */
export const toFullJson = ({ draft, parts, owners }: OwnDraft): string =>
  `{${[
    formatField("id", draft.uuid),
    formatField("report_id", draft.reportId),
    formatField("user_id", getShownUserId(draft, owners)),
    formatField("guest_session_id", null),
    formatField("status", draft.status),
    formatField("current_view", draft.currentView),
    formatField("created_at", toWireTime(draft.createdAt)),
    formatField("updated_at", toWireTime(draft.updatedAt)),
    formatField("completed_at", toWireTimeOrNull(draft.completedAt)),
    formatRaw("form_data", draft.formData),
    formatRaw("collected_data", parts.collectedData),
    formatRaw("conversation_history", parts.conversationHistory),
    formatRaw("valuation_result", draft.valuationResult),
    formatField("business_card_token", draft.businessCardToken),
    formatField("prefilled_from_card", draft.prefilledFromCard),
    formatField("revision", draft.revision),
  ].join(",")}}`;

export const listJson = (drafts: Draft[], total: number, hasMore: boolean): string =>
  `{"sessions":[${drafts.map(toSummaryJson).join(",")}],"total":${total},"has_more":${hasMore}}`;
