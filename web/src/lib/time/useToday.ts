import { dateIn } from "@convex/lib/zones";
import { useEffect, useState } from "react";
import { useServerNow } from "./ServerClock";
import { MINUTE_MS, ownTimeZone } from "./time";

/**
 * Today's date (YYYY-MM-DD) and zone of this device, for queries by day. A page that stays open past midnight asks
 * again.
 */
export function useToday(): { timeZone: string; today: string } {
  const serverNow = useServerNow();
  const timeZone = ownTimeZone();
  const [today, setToday] = useState(() => dateIn(timeZone, serverNow()));
  useEffect(() => {
    const look = () => setToday(dateIn(timeZone, serverNow()));
    const timer = setInterval(look, MINUTE_MS / 4);
    return () => clearInterval(timer);
  }, [serverNow, timeZone]);
  return { timeZone, today };
}
