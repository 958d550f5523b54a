import { Plus, Target } from "lucide-react";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { DataList } from "@/components/DataList";
import { EmptyState } from "@/components/states";
import { Button } from "@/components/ui/button";
import { Card, CardTitle } from "@/components/ui/card";
import type { QueryState } from "@/lib/live/useQueryState";
import { t } from "@/messages/translate";
import type { Goal } from "../types";
import { Mark } from "../Mark";
import { CreateGoalDialog } from "./CreateGoalDialog";

/** The user's goals with their progress. */
export function GoalsCard({ goals }: { goals: QueryState<Goal[]> }) {
  const navigate = useNavigate();
  const [creating, setCreating] = useState(false);
  const newGoal = (
    <Button variant="secondary" size="sm" onClick={() => setCreating(true)}>
      <Plus />
      {t("focus.newGoal")}
    </Button>
  );
  const some = goals.kind === "ready" && goals.data.length > 0;
  return (
    <Card aria-label={t("focus.goals")}>
      <div className="mb-2 flex h-8 items-center justify-between">
        <CardTitle>{t("focus.goals")}</CardTitle>
        {some && newGoal}
      </div>
      <DataList
        state={goals}
        label={t("focus.goals")}
        keyOf={({ id }) => id}
        row={(goal) => <GoalRow goal={goal} />}
        empty={
          <EmptyState icon={<Target />} action={newGoal}>
            {t("focus.goalsEmpty")}
          </EmptyState>
        }
      />
      <CreateGoalDialog
        open={creating}
        onOpenChange={setCreating}
        initialTitle=""
        onCreated={(goalId) => void navigate(`/focus/goals/${goalId}`)}
      />
    </Card>
  );
}

function GoalRow({ goal }: { goal: Goal }) {
  return (
    <Link
      to={`/focus/goals/${goal.id}`}
      className="-mx-2 flex items-center gap-3 rounded-control px-2 py-3 hover:bg-surface-muted"
    >
      <Mark emoji={goal.emoji} name={goal.title} color={goal.category.color} />
      <span className="min-w-0 flex-1">
        <span className="block truncate text-sm font-medium">{goal.title}</span>
        <span className="block text-xs text-muted-foreground">{goal.category.name}</span>
      </span>
      <GoalDays goal={goal} />
    </Link>
  );
}

export function GoalDays({ goal: { daysCompleted, daysTotal, category } }: { goal: Goal }) {
  const share = Math.min(1, daysCompleted / Math.max(1, daysTotal));
  return (
    <span className="w-24 shrink-0 sm:w-32">
      <span aria-hidden className="block h-1.5 overflow-hidden track rounded-full bg-surface-muted">
        <span
          className="signal block h-full rounded-full"
          style={{ width: `${share * 100}%`, background: category.color }}
        />
      </span>
      <span className="figures mt-1 block text-right text-xs text-muted-foreground">
        {t("focus.daysDone", { done: daysCompleted, total: daysTotal })}
      </span>
    </span>
  );
}
