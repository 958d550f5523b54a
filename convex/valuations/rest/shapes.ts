/** The card as an argument and as stored, and a header between transactions and routes. */
import { v } from "convex/values";

const text = v.union(v.string(), v.null());
const number = v.union(v.number(), v.null());

/** A business card by its wire names: rules.CardFields. */
export const vCard = v.object({
  company_name: v.string(),
  industry: text,
  business_type_id: text,
  revenue: number,
  employee_count: number,
  country_code: text,
  founding_year: number,
  description: text,
  city: text,
  business_highlights: text,
  reason_for_selling: text,
});

/**
 * The header by which a transaction tells its route that a guest id was `issued` or `renewed`; never leaves the
 * deployment.
 */
export const GUEST_NOTICE = "x-guest-notice";
