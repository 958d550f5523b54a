/** The REST shapes of valuations/README §4. Rows become them in wire.ts. */
import { wireBody } from "../../rest/schemas/wire";
import { z } from "../../rest/schemas/zod";
import { draftChange, newDraft, settableStatus, STATUS_FILTERS, statusFilter, view } from "../drafts/input";
import { isObject, type Json, type JsonObject } from "../rules";

export const ErrorBody = z
  .object({ error: z.string(), fields: z.record(z.string(), z.array(z.string())).optional() })
  .openapi("ValuationError");

// Checked but never rebuilt, so that every key and value comes through as it was sent.
const freeObject = () =>
  z
    .custom<JsonObject | null>((value) => value === null || isObject(value), "Must be an object.")
    .openapi({ type: ["object", "null"] });
const freeArray = () =>
  z
    .custom<Json[] | null>((value) => value === null || Array.isArray(value), "Must be an array.")
    .openapi({ type: ["array", "null"], items: {} });
const freeValue = () =>
  z
    .custom<Json>((value) => value !== undefined)
    .openapi({
      type: ["object", "array", "string", "number", "boolean", "null"],
      items: {},
      description: "Any JSON value",
    });

const SUMMARY = {
  id: z.uuid(),
  report_id: z.string(),
  status: settableStatus,
  current_view: view,
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
  completed_at: z.iso.datetime().nullable(),
  form_data: freeObject(),
  valuation_result: freeValue(),
};
export const Summary = z.object(SUMMARY).openapi("ValuationSummary");
export const Full = z
  .object({
    ...SUMMARY,
    user_id: z.uuid().nullable(),
    guest_session_id: z.null().describe("A credential, never told"),
    collected_data: freeObject(),
    conversation_history: freeArray(),
    business_card_token: z.string().nullable(),
    prefilled_from_card: z.boolean(),
    revision: z.int().min(1),
  })
  .openapi("ValuationSession");

export const Listing = z
  .object({ sessions: z.array(Summary), total: z.int(), has_more: z.boolean() })
  .openapi("ValuationList");
export const Stale = z
  .object({ error: z.literal("Version conflict"), revision: z.int(), session: Full })
  .openapi("ValuationVersionConflict");
export const Deleted = z
  .object({ success: z.literal(true), deleted_report_id: z.string() })
  .openapi("ValuationDeleted");
export const Claimed = z.object({ success: z.literal(true), migrated_count: z.int() }).openapi("ValuationsClaimed");

export const CreateSession = wireBody(
  "CreateValuationSession",
  newDraft.extend({
    formData: freeObject().optional(),
    collectedData: freeObject().optional(),
    conversationHistory: freeArray().optional(),
  }),
);

export const UpdateSession = wireBody(
  "UpdateValuationSession",
  draftChange.extend({
    formData: freeObject().optional().describe("JSON merge patch"),
    collectedData: freeObject().optional().describe("JSON merge patch"),
    conversationHistory: freeArray().optional(),
    valuationResult: freeValue().optional(),
  }),
);

export const StatusFilter = statusFilter.meta({
  type: "string",
  enum: Object.keys(STATUS_FILTERS),
  description: "In any case",
});

export const Card = z
  .object({
    company_name: z.string(),
    industry: z.string().nullable(),
    business_type_id: z.string().nullable(),
    revenue: z.number().nullable(),
    employee_count: z.int().nullable(),
    country_code: z.string().nullable(),
    founding_year: z.int().nullable(),
    description: z.string().nullable(),
    city: z.string().nullable(),
    business_highlights: z.string().nullable(),
    reason_for_selling: z.string().nullable(),
  })
  .openapi("BusinessCard");
