import { MINUTE_MS } from "@/lib/time/time";
import { t } from "@/messages/translate";
import type { OutboxStatus } from "./api";

/** The age at which a waiting entry is late. Entries usually leave within seconds, and the cron looks every minute. */
const LATE_MS = 2 * MINUTE_MS;

type Health = { well: boolean; title: string; text: string };

/** The most serious fact about the store. */
export function healthOf(status: OutboxStatus, now: number): Health {
  const { configured, outage, failed, retrying, oldestAt, depth, lastReconciliation } = status;
  const trouble = (title: string, text: string): Health => ({ well: false, title, text });
  if (!configured) return trouble(t("store.notConfigured"), t("store.notConfiguredNote"));
  if (outage) return trouble(t("store.unreachable"), t("store.unreachableNote"));
  if (failed.length > 0)
    return trouble(t("store.needAttention", { count: failed.length }), t("store.needAttentionNote"));
  if (retrying.length > 0)
    return trouble(t("store.beingRetried", { count: retrying.length }), t("store.beingRetriedNote"));
  if (depth > 0 && oldestAt !== null && now - oldestAt > LATE_MS) return trouble(t("store.late"), t("store.lateNote"));
  if (lastReconciliation?.error) return trouble(t("store.comparisonStopped"), lastReconciliation.error);
  if (lastReconciliation && lastReconciliation.storeOnly > 0)
    return trouble(t("store.storeHasMore"), t("store.storeHasMoreNote"));
  if (lastReconciliation?.totalsDiffering) return trouble(t("store.totalsDiffer"), t("store.totalsDifferNote"));
  return { well: true, title: t("store.healthy"), text: t("store.healthyNote") };
}
