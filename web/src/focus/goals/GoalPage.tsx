import { History, Play } from "lucide-react";
import { Link, useParams } from "react-router";
import { DataList } from "@/components/DataList";
import { PageFailure } from "@/components/PageFailure";
import { PageHeader } from "@/components/PageHeader";
import { EmptyState } from "@/components/states";
import { Button } from "@/components/ui/button";
import { Card, CardTitle } from "@/components/ui/card";
import { api } from "@/lib/api";
import { useQueryState } from "@/lib/live/useQueryState";
import { PageSkeleton } from "@/shell/ShellSkeleton";
import { t } from "@/messages/translate";
import { GoalDays } from "./GoalsCard";
import { Mark } from "../Mark";
import { HistoryRow } from "../history/HistoryRow";
import { useHistory } from "../history/useHistory";

/** A goal and all its sessions, newest first. */
export function GoalPage() {
  const { goalId = "" } = useParams();
  const goal = useQueryState(api.focus.goals.get, { goalId });
  const history = useHistory(goalId);
  if (goal.kind === "loading") return <PageSkeleton />;
  if (goal.kind === "error")
    return <PageFailure {...goal} kind="goal" back={{ to: "/focus", label: t("focus.allGoals") }} />;
  const { emoji, title, category } = goal.data;
  const start = (
    <Button asChild>
      <Link to={`/focus?goal=${goalId}`}>
        <Play />
        {t("focus.startSession")}
      </Link>
    </Button>
  );
  return (
    <>
      <PageHeader
        mark={<Mark emoji={emoji} name={title} color={category.color} />}
        title={title}
        description={category.name}
        action={start}
      />
      <div className="mb-6">
        <GoalDays goal={goal.data} />
      </div>
      <Card aria-label={t("focus.history")}>
        <CardTitle className="mb-2">{t("focus.history")}</CardTitle>
        <DataList
          state={history}
          label={t("focus.sessions")}
          keyOf={({ id }) => id}
          row={(session) => <HistoryRow goalId={goalId} session={session} />}
          empty={<EmptyState icon={<History />}>{t("focus.historyEmpty")}</EmptyState>}
        />
        {history.archiveFailure && (
          <p role="status" className="mt-3 flex flex-wrap items-center gap-2 text-sm text-muted-foreground">
            {history.archiveFailure.message}
            <Button variant="secondary" size="sm" onClick={history.archiveFailure.retry}>
              {t("common.tryAgain")}
            </Button>
          </p>
        )}
      </Card>
    </>
  );
}
