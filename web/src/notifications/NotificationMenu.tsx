import { Bell } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
import { DataList } from "@/components/DataList";
import { EmptyState, ListSkeleton } from "@/components/states";
import { Button } from "@/components/ui/button";
import { Popover, PopoverContent, PopoverTrigger } from "@/components/ui/popover";
import { api } from "@/lib/api";
import { usePaginatedState, type PageState } from "@/lib/live/usePaginatedState";
import { CountBadge } from "@/shell/PlaceLink";
import { t } from "@/messages/translate";
import type { Notification } from "./api";
import { NotificationRow } from "./NotificationRow";
import { useUnreadCount } from "./useUnreadCount";

/** The latest notifications, reachable from any page. */
export function NotificationMenu() {
  const [open, setOpen] = useState(false);
  const unread = useUnreadCount();
  return (
    <Popover open={open} onOpenChange={setOpen}>
      <PopoverTrigger asChild>
        <Button
          variant="ghost"
          size="iconSm"
          className="relative"
          aria-label={t("notifications.menu", { count: unread })}
        >
          <Bell />
          {unread > 0 && (
            <CountBadge count={unread} className="absolute -top-1 -right-1 h-4 min-w-4 px-1 text-[0.625rem]" />
          )}
        </Button>
      </PopoverTrigger>
      <PopoverContent aria-label={t("notifications.latest")} align="start" className="w-88 px-4 py-2">
        {open && <Latest close={() => setOpen(false)} />}
      </PopoverContent>
    </Popover>
  );
}

const SHOWN = 6;

function Latest({ close }: { close: () => void }) {
  const inbox = usePaginatedState(api.notifications.inbox.list, {}, SHOWN);
  // The menu shows the first page only; the page behind it has the rest.
  const first: PageState<Notification> = { ...inbox, loadMore: null, loadingMore: false };
  return (
    <>
      <DataList
        state={first}
        label={t("notifications.latest")}
        keyOf={({ id }) => id}
        row={(notification) => <NotificationRow notification={notification} onOpen={close} />}
        skeleton={<ListSkeleton rows={3} />}
        empty={<EmptyState>{t("notifications.nothingNew")}</EmptyState>}
      />
      <Link
        to="/notifications"
        onClick={close}
        className="block border-t py-2 text-center text-sm text-accent-text hover:underline"
      >
        {t("notifications.all")}
      </Link>
    </>
  );
}
