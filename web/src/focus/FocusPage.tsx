import { ArrowRight } from "lucide-react";
import { Link, useSearchParams } from "react-router";
import { KeepWork } from "@/accounts/KeepWork";
import { PageHeader } from "@/components/PageHeader";
import { ErrorState, Loading } from "@/components/states";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";
import { api } from "@/lib/api";
import { useQueryState } from "@/lib/live/useQueryState";
import { t } from "@/messages/translate";
import { useFocus } from "./FocusProvider";
import { GoalsCard } from "./goals/GoalsCard";
import { Mark } from "./Mark";
import { LastChange } from "./live/LastChange";
import { LiveClock } from "./live/LiveClock";
import { LostSessionNote } from "./history/LostSessionNote";
import { ProgressCard } from "./progress/ProgressCard";
import { StartPanel } from "./start/StartPanel";
import { WeeksCard } from "./progress/WeeksCard";

/** Starts a session or returns to the running one, with progress, the last weeks and the goals beside it. */
export function FocusPage() {
  const goals = useQueryState(api.focus.goals.list, {});
  return (
    <>
      <PageHeader title={t("shell.focus")} />
      <LostSessionNote />
      <KeepWork className="mb-6" />
      <div className="grid items-start gap-6 *:min-w-0 lg:grid-cols-[1.1fr_1fr]">
        <div className="space-y-6">
          <SessionPart goals={goals} />
          <GoalsCard goals={goals} />
        </div>
        <div className="space-y-6">
          <ProgressCard />
          <WeeksCard />
        </div>
      </div>
    </>
  );
}

function SessionPart({ goals }: Pick<Parameters<typeof StartPanel>[0], "goals">) {
  const { session } = useFocus();
  const [search] = useSearchParams();
  const goalId = search.get("goal");
  if (session.kind === "loading")
    return (
      <Loading>
        <Skeleton className="h-96 rounded-card" />
      </Loading>
    );
  if (session.kind === "error")
    return (
      <Card>
        <ErrorState failure={session.failure} retry={session.retry} />
      </Card>
    );
  if (session.data) return <RunningCard />;
  return <StartPanel key={goalId} goals={goals} initialGoalId={goalId} />;
}

/** The running session in brief, on pages that are about more. */
function RunningCard() {
  const { session } = useFocus();
  if (session.kind !== "ready" || !session.data) return null;
  const { activity, goal } = session.data;
  return (
    <Card aria-label={t("focus.runningSession")} className="space-y-3">
      <p className="text-sm font-medium">
        <Mark inline {...activity} /> {activity.name}
        <span className="font-normal text-muted-foreground"> · {goal.title}</span>
      </p>
      <LiveClock session={session.data} className="block text-5xl font-semibold tracking-tighter" />
      <LastChange change={session.data.lastChange} />
      <Button asChild className="w-full">
        <Link to="/focus/live">
          {t("focus.openSession")} <ArrowRight />
        </Link>
      </Button>
    </Card>
  );
}
