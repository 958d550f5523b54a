import { Play } from "lucide-react";
import { Link } from "react-router";
import { FormMessage } from "@/components/FormField";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { api } from "@/lib/api";
import { useQueryState } from "@/lib/live/useQueryState";
import { recall } from "@/lib/storage";
import { t } from "@/messages/translate";
import type { Goal } from "../types";
import { plannedSecondsOf } from "../format";
import { GoalDays } from "../goals/GoalsCard";
import { Mark } from "../Mark";
import { LAST_ACTIVITY, LAST_GOAL, LAST_LENGTH } from "./lastChoice";
import { useStartForm } from "./useStartForm";

/** The next session in one press: what this browser started last, else the first goal. Shows nothing without a goal. */
export function StartAgain() {
  const goals = useQueryState(api.focus.goals.list, {});
  if (goals.kind !== "ready") return null;
  const last = recall(LAST_GOAL);
  const goal = goals.data.find(({ id }) => id === last) ?? goals.data[0];
  return goal ? <Next goal={goal} /> : null;
}

function Next({ goal }: { goal: Goal }) {
  const activities = useQueryState(api.focus.activities.list, {});
  const last = recall(LAST_ACTIVITY);
  const activity = activities.kind === "ready" ? (activities.data.find(({ id }) => id === last) ?? null) : null;
  const plannedSeconds = plannedSecondsOf(recall(LAST_LENGTH) ?? "");
  const form = useStartForm(
    () =>
      activity && {
        goalId: goal.id,
        activityId: activity.id,
        plannedSeconds: Number.isNaN(plannedSeconds) ? null : plannedSeconds,
      },
  );
  return (
    <Card aria-label={t("focus.nextSession")} className="mb-6 border-accent/25 bg-accent-soft">
      <div className="flex flex-wrap items-center gap-x-6 gap-y-4">
        <Mark
          emoji={goal.emoji}
          name={goal.title}
          color={goal.category.color}
          className="size-12 bg-surface text-xl [&_svg]:size-6"
        />
        <div className="min-w-0 flex-1 basis-48">
          <p className="text-lg font-semibold tracking-tight wrap-anywhere sm:text-xl">{goal.title}</p>
          <p className="text-sm text-muted-foreground">{activity?.name ?? goal.category.name}</p>
        </div>
        <GoalDays goal={goal} />
        {activity ? (
          <Button size="lg" busy={form.busy} onClick={() => form.submit()}>
            <Play /> {t("focus.startAgain")}
          </Button>
        ) : (
          <Button size="lg" asChild>
            <Link to={`/focus?goal=${goal.id}`}>
              <Play /> {t("focus.startSession")}
            </Link>
          </Button>
        )}
      </div>
      <FormMessage form={form} />
    </Card>
  );
}
