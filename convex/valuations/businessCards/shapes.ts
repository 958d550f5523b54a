/** A business card as an argument and as stored. */
import { v } from "convex/values";

const text = v.union(v.string(), v.null());
const number = v.union(v.number(), v.null());

/** `CardFields` of rules.ts, by the names that the wire and stored rows have. */
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
