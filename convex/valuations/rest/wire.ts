/** The REST shapes of README §4. Rows become them in json.ts. */
import { text } from "../../lib/schemas/fields";
import { z } from "../../rest/schemas/zod";
import { isObject, REPORT_ID_PATTERN, REPORT_ID_RULE, TOKEN_MAX, type Json, type JsonObject } from "../rules";

export const ErrorBody = z
  .object({ error: z.string(), fields: z.record(z.string(), z.array(z.string())).optional() })
  .openapi("ValuationError");

const View = z.enum(["MANUAL", "CONVERSATIONAL"]);
const SettableStatus = z.enum(["IN_PROGRESS", "COMPLETED", "ARCHIVED"]);

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
  status: SettableStatus,
  current_view: View,
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

export const CreateSession = z
  .strictObject({
    report_id: z.string().regex(REPORT_ID_PATTERN, `Must be ${REPORT_ID_RULE}`).optional(),
    current_view: View.optional(),
    form_data: freeObject().optional(),
    collected_data: freeObject().optional(),
    conversation_history: freeArray().optional(),
    business_card_token: text({ max: TOKEN_MAX }).nullish(),
  })
  .openapi("CreateValuationSession");

export const UpdateSession = z
  .strictObject({
    current_view: View.optional(),
    form_data: freeObject().optional().describe("JSON merge patch"),
    collected_data: freeObject().optional().describe("JSON merge patch"),
    conversation_history: freeArray().optional(),
    valuation_result: freeValue().optional(),
    status: SettableStatus.optional(),
  })
  .openapi("UpdateValuationSession");

const FILTERS = ["all", "in_progress", "completed", "archived", "deleted"] as const;
export const StatusFilter = z
  .string()
  .transform((value) => value.toLowerCase())
  .pipe(z.enum(FILTERS))
  .default("all")
  .openapi({ type: "string", enum: [...FILTERS], description: "In any case" });

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
