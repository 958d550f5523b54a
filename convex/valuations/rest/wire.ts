/** Drafts as the JSON text of valuations/README §4, put together from the stored texts without parsing them. */
import type { z } from "../../rest/schemas/zod";
import { toWireTime, toWireTimeOrNull } from "../../lib/time";
import type { Draft, OwnDraft } from "../drafts/drafts";
import { getShownUserId } from "../guests/owners";
import type { Full, Summary } from "./schemas";

/** The fields of an answer by name, each as JSON text; the compiler misses one that `schemas.ts` declares. */
type Texts<Shape extends z.ZodType> = Record<keyof z.infer<Shape>, string>;

const formatObject = (texts: Record<string, string>): string =>
  `{${Object.entries(texts)
    .map(([name, text]) => `"${name}":${text}`)
    .join(",")}}`;
const format = (value: unknown): string => JSON.stringify(value);

export const toSummaryJson = (draft: Draft): string =>
  formatObject({
    id: format(draft.uuid),
    report_id: format(draft.reportId),
    status: format(draft.status),
    current_view: format(draft.currentView),
    created_at: format(toWireTime(draft.createdAt)),
    updated_at: format(toWireTime(draft.updatedAt)),
    completed_at: format(toWireTimeOrNull(draft.completedAt)),
    form_data: draft.formData ?? "null",
    valuation_result: draft.valuationResult ?? "null",
  } satisfies Texts<typeof Summary>);

/** Its keys stand in the order of valuations/README §4. `guest_session_id` is a credential and never told. */
export const toFullJson = ({ draft, parts, owners }: OwnDraft): string =>
  formatObject({
    id: format(draft.uuid),
    report_id: format(draft.reportId),
    user_id: format(getShownUserId(draft, owners)),
    guest_session_id: format(null),
    status: format(draft.status),
    current_view: format(draft.currentView),
    created_at: format(toWireTime(draft.createdAt)),
    updated_at: format(toWireTime(draft.updatedAt)),
    completed_at: format(toWireTimeOrNull(draft.completedAt)),
    form_data: draft.formData ?? "null",
    collected_data: parts.collectedData ?? "null",
    conversation_history: parts.conversationHistory ?? "null",
    valuation_result: draft.valuationResult ?? "null",
    business_card_token: format(draft.businessCardToken),
    prefilled_from_card: format(draft.prefilledFromCard),
    revision: format(draft.revision),
  } satisfies Texts<typeof Full>);

export const listJson = (drafts: Draft[], total: number, hasMore: boolean): string =>
  `{"sessions":[${drafts.map(toSummaryJson).join(",")}],"total":${total},"has_more":${hasMore}}`;
