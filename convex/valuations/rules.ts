/** Rules of valuation drafts (valuations/README §4) that need no database; the browser uses them too. */
import { DAY_MS, MINUTE_MS, SECOND_MS } from "../lib/time";

export type Status = "IN_PROGRESS" | "COMPLETED" | "ARCHIVED" | "DELETED";
export type View = "MANUAL" | "CONVERSATIONAL";
export type Json = null | boolean | number | string | Json[] | JsonObject;
export type JsonObject = { [key: string]: Json };

// "." and ".." are taken out of URLs before anybody sees them.
export const REPORT_ID_PATTERN = /^(?!\.{1,2}$)[A-Za-z0-9._~-]{1,128}$/;
/** `REPORT_ID_PATTERN` in words. */
export const REPORT_ID_RULE = "1 to 128 of A-Z a-z 0-9 . _ ~ - and not . or ..";
export const TOKEN_MAX = 256;
export const LIST_DEFAULT = 20;
export const LIST_MAX = 100;
export const GUEST_LIFETIME_MS = 90 * DAY_MS;
export const CARD_LIFETIME_MS = 5 * MINUTE_MS;
/**
 * When the card of a new draft that could not be read is read again: after 15 s, 1 min, 4 min, 16 min and about an
 * hour.
 */
export const PREFILL_AGAIN_MS: readonly number[] = Array.from(
  { length: 5 },
  (_, attempt) => 15 * SECOND_MS * 4 ** attempt,
);

/** UTF-8 bytes of a field's JSON text (valuations/README §4.4). */
export const MAX_BYTES = {
  formData: 64 * 1024,
  collectedData: 64 * 1024,
  valuationResult: 64 * 1024,
  conversationHistory: 512 * 1024,
} as const;
export type JsonField = keyof typeof MAX_BYTES;
export const JSON_FIELDS = Object.keys(MAX_BYTES) as readonly JsonField[];

export function fits(field: JsonField, text: string): boolean {
  const max = MAX_BYTES[field];
  // Three bytes a UTF-16 unit is the most UTF-8 takes.
  return text.length * 3 <= max || (text.length <= max && new TextEncoder().encode(text).byteLength <= max);
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * `completed_at` after a change of status (valuations/README §4.4): set on completing, cleared on going on, kept in the
 * archive and by what comes back from there completed.
 */
export function computeCompletedAt(
  before: { status: Status; completedAt: number | null },
  status: Status,
  now: number,
): number | null {
  if (status === "IN_PROGRESS") return null;
  if (status !== "COMPLETED") return before.completedAt;
  return before.status === "IN_PROGRESS" ? now : (before.completedAt ?? now);
}

/**
 * A business card by the wire names of valuations/README §4.6, which are also the names of the form fields it fills.
 */
export type CardFields = {
  company_name: string;
  industry: string | null;
  business_type_id: string | null;
  revenue: number | null;
  employee_count: number | null;
  country_code: string | null;
  founding_year: number | null;
  description: string | null;
  city: string | null;
  business_highlights: string | null;
  reason_for_selling: string | null;
};

/** The fields of a card that the form does not have. */
export const selectPrefill = (form: JsonObject, card: CardFields): JsonObject =>
  Object.fromEntries(Object.entries(card).filter(([name, value]) => value !== null && !Object.hasOwn(form, name)));

/**
 * The changes of a form when its card is read again, as a merge patch, and the values that then come from the card. A
 * field that still holds what the card gave follows it; a field that was edited, emptied or removed stays as it is.
 */
export function planRefresh(
  form: JsonObject,
  prefill: JsonObject,
  card: CardFields,
): { patch: JsonObject; prefill: JsonObject } {
  const patch: JsonObject = {};
  const nextPrefill = { ...prefill };
  for (const [name, value] of Object.entries(card)) {
    const untouched = Object.hasOwn(prefill, name) ? form[name] === prefill[name] : !Object.hasOwn(form, name);
    if (!untouched) continue;
    if ((form[name] ?? null) !== value) patch[name] = value;
    if (value === null) delete nextPrefill[name];
    else nextPrefill[name] = value;
  }
  return { patch, prefill: nextPrefill };
}
