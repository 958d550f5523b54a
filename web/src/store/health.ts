import { MINUTE_MS } from "@/lib/time/time";
import type { OutboxStatus } from "./api";

/** Entries leave within seconds when all is well; the cron looks every minute. */
const LATE_MS = 2 * MINUTE_MS;

type Health = { well: boolean; title: string; text: string };

/** The one thing to know about the store, the worst first. */
export function healthOf(status: OutboxStatus, now: number): Health {
  const { configured, outage, failed, oldestAt, depth, lastReconciliation } = status;
  const trouble = (title: string, text: string): Health => ({ well: false, title, text });
  if (!configured)
    return trouble("No permanent store", "PERMANENT_STORE_URL is not set. Entries wait and nothing is lost.");
  if (outage) return trouble("The store cannot be reached", "Entries wait and are sent when it is back.");
  if (failed.length > 0)
    return trouble(
      failed.length === 1 ? "One entry needs you" : `${failed.length} entries need you`,
      "Read the error, mend its cause, replay.",
    );
  if (depth > 0 && oldestAt !== null && now - oldestAt > LATE_MS)
    return trouble("Deliveries are late", "Entries have waited longer than they should.");
  if (lastReconciliation?.error) return trouble("The last comparison stopped early", lastReconciliation.error);
  if (lastReconciliation && lastReconciliation.storeOnly > 0)
    return trouble("The store holds more than the live database", "Compare the days named below by hand.");
  if (lastReconciliation?.totalsDiffering)
    return trouble(
      "Totals differ",
      "Of some users the store has other XP in all than the live database, and no session to send again.",
    );
  return { well: true, title: "All is well", text: "Everything that was to be stored has been, or is on its way." };
}
