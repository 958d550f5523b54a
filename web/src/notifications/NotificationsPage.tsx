import { useMutation } from "convex/react";
import { Bell, CheckCheck } from "lucide-react";
import { useState } from "react";
import { DataList } from "@/components/DataList";
import { PageHeader } from "@/components/PageHeader";
import { EmptyState } from "@/components/states";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { api } from "@/lib/api";
import { readFailure } from "@/lib/errors";
import { usePaginatedState } from "@/lib/live/usePaginatedState";
import { t } from "@/messages/translate";
import { NotificationRow } from "./NotificationRow";
import { useUnreadCount } from "./useUnreadCount";

/** All notifications, newest first, live. */
export function NotificationsPage() {
  const inbox = usePaginatedState(api.notifications.inbox.list, {});
  const unread = useUnreadCount();
  const markAll = useMutation(api.notifications.inbox.markAllRead);
  const [problem, setProblem] = useState<string | null>(null);
  const readAll = () => {
    setProblem(null);
    markAll({}).catch((error: unknown) => setProblem(readFailure(error).message));
  };
  return (
    <>
      <PageHeader
        title={t("shell.notifications")}
        status={unread > 0 ? t("notifications.unreadCount", { count: unread }) : undefined}
        action={
          <Button variant="secondary" disabled={unread === 0} onClick={readAll}>
            <CheckCheck />
            {t("notifications.markAllRead")}
          </Button>
        }
      />
      {problem && (
        <p role="alert" className="mb-3 text-sm text-danger-text">
          {problem}
        </p>
      )}
      <Card aria-label={t("shell.notifications")} className="py-1 sm:py-2">
        <DataList
          state={inbox}
          label={t("shell.notifications")}
          keyOf={({ id }) => id}
          row={(notification) => <NotificationRow notification={notification} />}
          empty={<EmptyState icon={<Bell />}>{t("notifications.empty")}</EmptyState>}
        />
      </Card>
    </>
  );
}
