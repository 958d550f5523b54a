/** A report for the demo, begun from a business card. */
import { CardLine } from "../../import-cards";
import type { AdminClient } from "../admin";
import type { DemoUser, Rest } from "./people";

const CARD = {
  company_name: "Harbour Bakery",
  industry: "Food and drink",
  business_type_id: "bakery",
  country_code: "BE",
  city: "Ostend",
  description: "Bread and pastry for the town and eleven hotels, baked on the spot every night.",
  business_highlights: null,
  reason_for_selling: null,
  revenue: 840_000,
  employee_count: 9,
  founding_year: 1998,
};
const TOKEN = "demo-harbour-bakery";

/** A report of `user` in progress. Where no PostgreSQL store answers there is no card, and its form says the same. */
export async function seedReport(admin: AdminClient, rest: Rest, user: DemoUser): Promise<void> {
  const hasCard = await admin
    .run("store/reads:importBusinessCards", { cards: [CardLine.parse({ token: TOKEN, ...CARD })] })
    .then(
      () => true,
      () => false,
    );
  await rest("POST", "/api/sessions", user.auth, {
    ...(hasCard && { business_card_token: TOKEN }),
    form_data: { ...(!hasCard && CARD), business_highlights: "Two of the hotels signed for five years." },
  });
}
