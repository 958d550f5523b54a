/** Shapes of convex/valuations/README.md §4 and guests that keep no cookies. */
import { call } from "./api";

export const SUMMARY_KEYS = [
  "id",
  "report_id",
  "status",
  "current_view",
  "created_at",
  "updated_at",
  "completed_at",
  "form_data",
  "valuation_result",
];
export const FULL_KEYS = [
  ...SUMMARY_KEYS,
  "user_id",
  "guest_session_id",
  "collected_data",
  "conversation_history",
  "business_card_token",
  "prefilled_from_card",
  "revision",
];
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** RFC 3339, UTC. */
export const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;

/** The header of a guest who asked for an id. */
export async function newGuestHeaders(siteUrl?: string): Promise<{ "X-Guest-Session-Id": string }> {
  const answer = await call("GET", "/api/sessions", { headers: { "X-Guest-Session-Id": "new" }, siteUrl });
  const id = answer.headers.get("x-guest-session-id");
  if (id === null) throw new Error(`no guest id was issued: ${answer.status} ${answer.text}`);
  return { "X-Guest-Session-Id": id };
}
