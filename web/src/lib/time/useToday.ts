import { dateIn } from "@convex/lib/zones";
import { MINUTE_MS, ownTimeZone } from "./time";
import { useNow } from "./useNow";

/**
 * Today's date (YYYY-MM-DD) in a zone, this device's unless another is given, for queries by day. A page that stays
 * open past midnight asks again.
 */
export function useToday(timeZone = ownTimeZone()): { timeZone: string; today: string } {
  return { timeZone, today: dateIn(timeZone, useNow(MINUTE_MS / 4)) };
}
