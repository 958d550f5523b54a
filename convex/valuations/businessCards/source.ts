/** Where cards come from when they are not cached. */
import { v } from "convex/values";
import { internalAction } from "../../_generated/server";
import { notFound } from "../../lib/errors";
import { getBusinessCard } from "../../store/reads";
import { vCard } from "./shapes";

export { experimental_reuseContext } from "../../lib/contexts";

/** Reads a card from the permanent store. `NOT_FOUND` is thrown, so that the cache around this keeps no misses. */
export const fetchCard = internalAction({
  args: { token: v.string() },
  returns: v.object({ card: vCard, readAt: v.number() }),
  handler: async (ctx, { token }) => {
    const card = await getBusinessCard(ctx, token);
    if (card === null) throw notFound("Business card not found");
    return {
      card: {
        company_name: card.companyName,
        industry: card.industry,
        business_type_id: card.businessTypeId,
        revenue: card.revenue,
        employee_count: card.employeeCount,
        country_code: card.countryCode,
        founding_year: card.foundingYear,
        description: card.description,
        city: card.city,
        business_highlights: card.businessHighlights,
        reason_for_selling: card.reasonForSelling,
      },
      readAt: Date.now(),
    };
  },
});
