import { Check } from "lucide-react";
import { Link } from "react-router";
import { Button } from "@/components/ui/button";
import { Card, CardTitle } from "@/components/ui/card";
import { api } from "@/lib/api";
import { cn } from "@/lib/cn";
import { useQueryState } from "@/lib/live/useQueryState";
import { recall } from "@/lib/storage";
import { t } from "@/messages/translate";
import { LAST_ACTIVITY } from "./lastChoice";

/** The way to the first session: goal, activity, start. For people who have earned nothing yet. */
export function FirstSteps() {
  const goals = useQueryState(api.focus.goals.list, {});
  if (goals.kind !== "ready") return null;
  const steps = [
    { name: t("focus.stepGoal"), isDone: goals.data.length > 0 },
    { name: t("focus.stepActivity"), isDone: goals.data.length > 0 && recall(LAST_ACTIVITY) !== null },
    { name: t("focus.stepStart"), isDone: false },
  ];
  return (
    <Card
      aria-label={t("focus.firstSteps")}
      className="mb-6 flex flex-wrap items-center justify-between gap-x-4 gap-y-2.5"
    >
      <div className="min-w-0">
        <CardTitle>{t("focus.firstSteps")}</CardTitle>
        <ol className="mt-1 flex flex-wrap gap-x-6 gap-y-1 text-sm max-sm:mt-2">
          {steps.map(({ name, isDone }, index) => (
            <li key={name} className={cn("flex items-center gap-2", isDone && "text-muted-foreground")}>
              <span
                aria-hidden
                className="figures grid size-6 place-items-center rounded-full bg-accent-soft text-xs font-semibold text-accent-text"
              >
                {isDone ? <Check className="size-3.5" /> : index + 1}
              </span>
              {name}
              {isDone && <span className="sr-only">{t("focus.stepDone")}</span>}
            </li>
          ))}
        </ol>
      </div>
      <Button asChild>
        <Link to="/focus">{t("focus.firstSession")}</Link>
      </Button>
    </Card>
  );
}
