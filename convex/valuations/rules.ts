/** Rules of valuation drafts (contracts §4) that need no database; the browser uses them too. */
import { DAY_MS, MINUTE_MS } from "../lib/time";

export type Status = "IN_PROGRESS" | "COMPLETED" | "ARCHIVED" | "DELETED";
export type View = "MANUAL" | "CONVERSATIONAL";
export type Json = null | boolean | number | string | Json[] | JsonObject;
export type JsonObject = { [key: string]: Json };

export const REPORT_ID_PATTERN = /^[A-Za-z0-9._~-]{1,128}$/;
export const TOKEN_MAX = 256;
export const LIST_DEFAULT = 20;
export const LIST_MAX = 100;
export const GUEST_LIFETIME_MS = 90 * DAY_MS;
export const CARD_LIFETIME_MS = 5 * MINUTE_MS;

/** UTF-8 bytes of a field's JSON text (contracts §4.4). */
export const MAX_BYTES = {
  form_data: 64 * 1024,
  collected_data: 64 * 1024,
  valuation_result: 64 * 1024,
  conversation_history: 512 * 1024,
} as const;
export type JsonField = keyof typeof MAX_BYTES;

export function fits(field: JsonField, text: string): boolean {
  const max = MAX_BYTES[field];
  // Three bytes a UTF-16 unit is the most UTF-8 takes.
  return text.length * 3 <= max || (text.length <= max && new TextEncoder().encode(text).byteLength <= max);
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * JSON merge patch (RFC 7396, section 2): objects merge key by key, null removes, anything else replaces. Neither argument is
 * changed. Keys such as `__proto__` are keys like any other.
 */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const merged = new Map(isObject(target) ? Object.entries(target) : []);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key);
    else merged.set(key, mergePatch(merged.get(key), value));
  }
  return Object.fromEntries(merged);
}

/**
 * `completed_at` after a change of status (contracts §4.4): set on completing, cleared on going on, kept in the archive and by
 * what comes back from there completed.
 */
export function completedAt(before: { status: Status; completedAt: number | null }, status: Status, now: number): number | null {
  if (status === "IN_PROGRESS") return null;
  if (status !== "COMPLETED") return before.completedAt;
  return before.status === "IN_PROGRESS" ? now : (before.completedAt ?? now);
}

/** A business card by the wire names of contracts §4.6, which are also the names of the form fields it fills. */
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

/** Fills the keys that are absent from the form; `prefill` is what the card gave. */
export function prefilled(form: JsonObject | null, card: CardFields): { form: JsonObject; prefill: JsonObject } {
  const own = form ?? {};
  const given = Object.entries(card).filter(([name, value]) => value !== null && !Object.hasOwn(own, name));
  const prefill = Object.fromEntries(given);
  return { form: { ...prefill, ...own }, prefill };
}

/**
 * The form after its card was read again: a field that still holds what the card gave follows the card; a field that was
 * edited, emptied or removed stays as it is.
 */
export function refreshed(
  form: JsonObject,
  prefill: JsonObject,
  card: CardFields,
): { form: JsonObject; prefill: JsonObject } {
  const nextForm = new Map(Object.entries(form));
  const nextPrefill = new Map(Object.entries(prefill));
  for (const [name, value] of Object.entries(card)) {
    const untouched = Object.hasOwn(prefill, name) ? form[name] === prefill[name] : !Object.hasOwn(form, name);
    if (!untouched) continue;
    if (value === null) {
      nextForm.delete(name);
      nextPrefill.delete(name);
    } else {
      nextForm.set(name, value);
      nextPrefill.set(name, value);
    }
  }
  return { form: Object.fromEntries(nextForm), prefill: Object.fromEntries(nextPrefill) };
}
