/** Drafts as the JSON text of README §4, put together from the stored texts without parsing them. */
import { toWireTime, toWireTimeOrNull } from "../../lib/time";
import type { Draft, OwnDraft } from "../drafts/drafts";
import { getShownUserId } from "../guests/owners";

const field = (name: string, value: unknown) => `${JSON.stringify(name)}:${JSON.stringify(value)}`;
const raw = (name: string, text: string | null) => `${JSON.stringify(name)}:${text ?? "null"}`;

export const toSummaryJson = (draft: Draft): string =>
  `{${[
    field("id", draft.uuid),
    field("report_id", draft.reportId),
    field("status", draft.status),
    field("current_view", draft.currentView),
    field("created_at", toWireTime(draft.createdAt)),
    field("updated_at", toWireTime(draft.updatedAt)),
    field("completed_at", toWireTimeOrNull(draft.completedAt)),
    raw("form_data", draft.formData),
    raw("valuation_result", draft.valuationResult),
  ].join(",")}}`;

/** `guest_session_id` is a credential and never told. */
export const toFullJson = ({ draft, parts, owners }: OwnDraft): string =>
  `{${[
    field("id", draft.uuid),
    field("report_id", draft.reportId),
    field("user_id", getShownUserId(draft, owners)),
    field("guest_session_id", null),
    field("status", draft.status),
    field("current_view", draft.currentView),
    field("created_at", toWireTime(draft.createdAt)),
    field("updated_at", toWireTime(draft.updatedAt)),
    field("completed_at", toWireTimeOrNull(draft.completedAt)),
    raw("form_data", draft.formData),
    raw("collected_data", parts.collectedData),
    raw("conversation_history", parts.conversationHistory),
    raw("valuation_result", draft.valuationResult),
    field("business_card_token", draft.businessCardToken),
    field("prefilled_from_card", draft.prefilledFromCard),
    field("revision", draft.revision),
  ].join(",")}}`;

export const listJson = (drafts: Draft[], total: number, hasMore: boolean): string =>
  `{"sessions":[${drafts.map(toSummaryJson).join(",")}],"total":${total},"has_more":${hasMore}}`;
