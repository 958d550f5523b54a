/** The input of drafts. JSON fields are JSON text: how a request or a live call brings it, its edge knows. */
import { text } from "../../lib/schemas/fields";
import { z } from "../../lib/schemas/zod";
import { REPORT_ID_PATTERN, REPORT_ID_RULE, TOKEN_MAX, type Status } from "../rules";

export const view = z.enum(["MANUAL", "CONVERSATIONAL"]);
export const settableStatus = z.enum(["IN_PROGRESS", "COMPLETED", "ARCHIVED"]);

const JSON_TEXTS = {
  formData: z.string().optional(),
  collectedData: z.string().optional(),
  conversationHistory: z.string().optional(),
};

export const newDraft = z.strictObject({
  reportId: z.string().regex(REPORT_ID_PATTERN, `Must be ${REPORT_ID_RULE}`).optional(),
  currentView: view.optional(),
  ...JSON_TEXTS,
  businessCardToken: text({ max: TOKEN_MAX }).nullish(),
});
export type NewDraft = z.output<typeof newDraft>;

/** The form and the collected data are merge patches, the others replace. */
export const draftChange = z.strictObject({
  currentView: view.optional(),
  ...JSON_TEXTS,
  valuationResult: z.string().optional(),
  status: settableStatus.optional(),
});
export type DraftChange = z.output<typeof draftChange>;

/** The filters of lists, each with the status it means; null for all but the deleted ones. */
export const STATUS_FILTERS = {
  all: null,
  in_progress: "IN_PROGRESS",
  completed: "COMPLETED",
  archived: "ARCHIVED",
  deleted: "DELETED",
} as const satisfies Record<string, Status | null>;

/** A filter in any case. */
export const statusFilter = z
  .string()
  .transform((value) => value.toLowerCase())
  .pipe(z.enum(Object.keys(STATUS_FILTERS) as (keyof typeof STATUS_FILTERS)[]))
  .default("all");
