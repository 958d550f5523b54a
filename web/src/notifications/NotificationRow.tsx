import { useMutation } from "convex/react";
import { Bell, CalendarClock, Inbox, UserPlus, type LucideIcon } from "lucide-react";
import { useNavigate } from "react-router";
import { RelativeTime } from "@/components/RelativeTime";
import { api } from "@/lib/api";
import { cn } from "@/lib/cn";
import { t } from "@/messages/translate";
import { ReminderRoom } from "@/tutoring/room/ReminderRoom";
import type { Notification } from "./api";

const ICONS: Record<Notification["type"], LucideIcon> = {
  reminder: CalendarClock,
  booking_request: UserPlus,
  session_update: Inbox,
  general: Bell,
};

/** One notification; opening it marks it read and leads to the session it is about. */
export function NotificationRow({ notification, onOpen }: { notification: Notification; onOpen?: () => void }) {
  const { id, title, message, type, session, read, createdAt } = notification;
  const markRead = useMutation(api.notifications.inbox.markRead);
  const navigate = useNavigate();
  const Icon = ICONS[type];
  const open = () => {
    // If this fails, the row stays unread, and its dot says so.
    if (!read) markRead({ id }).catch(() => undefined);
    if (session !== null) void navigate(`/tutoring/${session}`);
    onOpen?.();
  };
  return (
    <>
      <button
        type="button"
        onClick={open}
        className="-mx-2 flex w-[calc(100%+1rem)] items-start gap-3 rounded-control px-2 py-3 text-left hover:bg-surface-muted"
      >
        <Icon className="mt-0.5 size-4.5 shrink-0 text-muted-foreground" />
        <span className="min-w-0 flex-1">
          <span className={cn("block text-sm", !read && "font-semibold")}>{title}</span>
          <span className="block text-sm text-muted-foreground">{message}</span>
          <span className="mt-0.5 block text-xs text-muted-foreground">
            <RelativeTime at={createdAt} />
          </span>
        </span>
        {!read && (
          <span className="signal mt-1.5 size-2 shrink-0 rounded-full bg-accent">
            <span className="sr-only">{t("notifications.unread")}</span>
          </span>
        )}
      </button>
      {type === "reminder" && session !== null && <ReminderRoom id={session} {...(onOpen && { onOpen })} />}
    </>
  );
}
