import { api } from "@/lib/api";
import { useQueryState } from "@/lib/live/useQueryState";

/** Unread notifications, live; 0 while unknown. */
export function useUnreadCount(): number {
  const count = useQueryState(api.notifications.inbox.unreadCount, {});
  return count.kind === "ready" ? count.data : 0;
}
