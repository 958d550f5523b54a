import { Play } from "lucide-react";
import { useRef, useState } from "react";
import { FormMessage } from "@/components/FormField";
import { Button, type ButtonProps } from "@/components/ui/button";
import { Card, CardTitle } from "@/components/ui/card";
import { api } from "@/lib/api";
import { cn } from "@/lib/cn";
import { recall, remember } from "@/lib/storage";
import { useQueryState, type QueryState } from "@/lib/live/useQueryState";
import { t } from "@/messages/translate";
import type { Goal } from "../types";
import { CreateActivityDialog } from "./CreateActivityDialog";
import { CreateGoalDialog } from "../goals/CreateGoalDialog";
import { plannedSecondsOf } from "../format";
import { LAST_ACTIVITY, LAST_GOAL, LAST_LENGTH } from "./lastChoice";
import { Picker } from "./Picker";
import { PlannedLength } from "./PlannedLength";
import { RatesPreview } from "../rates/RatesPreview";
import { useRates } from "../rates/useRates";
import { useQuickCreate } from "./useQuickCreate";
import { useStartForm } from "./useStartForm";
import { useSubmitOnceReady } from "./useSubmitOnceReady";

/** The dialog that is open, and the text that it starts with. */
type Creating = { what: "goal" | "activity"; text: string };

/** The form that starts a session: goal, activity with its rates, optional length. The last choice is offered again. */
export function StartPanel({ goals, initialGoalId }: { goals: QueryState<Goal[]>; initialGoalId: string | null }) {
  const activities = useQueryState(api.focus.activities.list, {});
  const [goalId, setGoalId] = useState(() => initialGoalId ?? recall(LAST_GOAL));
  const [activityId, setActivityId] = useState(() => recall(LAST_ACTIVITY));
  const [minutes, setMinutes] = useState(() => recall(LAST_LENGTH) ?? "");
  const [creating, setCreating] = useState<Creating | null>(null);
  const quickly = useQuickCreate();
  const goalButton = useRef<HTMLButtonElement>(null);
  const activityButton = useRef<HTMLButtonElement>(null);
  const [asked, setAsked] = useState(false);

  // A remembered choice may be deleted, or belong to another user of this browser.
  const goal = findById(goals, goalId);
  const activity = findById(activities, activityId);
  const rates = useRates(goal?.id ?? null, activity?.id ?? null);
  const plannedSeconds = plannedSecondsOf(minutes);

  const next = !goal ? goalButton : !activity ? activityButton : null;
  /** Says what is still to be chosen, and opens its list. */
  const askForMissing = () => {
    setAsked(true);
    next?.current?.click();
  };
  const isLoading = goals.kind === "loading" || activities.kind === "loading" || quickly.busy;
  const form = useStartForm(() => {
    if (!goal || !activity) {
      askForMissing();
      return null;
    }
    remember(LAST_GOAL, goal.id);
    remember(LAST_ACTIVITY, activity.id);
    remember(LAST_LENGTH, minutes);
    return { goalId: goal.id, activityId: activity.id, plannedSeconds };
  });
  const { submit, waits } = useSubmitOnceReady(form.submit, !isLoading);

  return (
    <Card aria-label={t("focus.startSession")}>
      <form onSubmit={submit} className="space-y-5">
        <div className="space-y-1.5">
          <CardTitle>{t("focus.goal")}</CardTitle>
          <Picker
            label={t("focus.goal")}
            placeholder={t("focus.chooseGoal")}
            choices={asChoices(goals, ({ id, emoji, title, daysCompleted, daysTotal }) => ({
              id,
              emoji,
              label: title,
              note: t("focus.daysDone", { done: daysCompleted, total: daysTotal }),
            }))}
            value={goal?.id ?? null}
            onChange={setGoalId}
            describeLabel={t("focus.newGoal")}
            onCreate={(title) => quickly.goal(title, setGoalId)}
            onDescribe={(text) => setCreating({ what: "goal", text })}
            buttonRef={goalButton}
          />
        </div>
        <div className="space-y-1.5">
          <CardTitle>{t("focus.activity")}</CardTitle>
          <Picker
            label={t("focus.activity")}
            placeholder={t("focus.chooseActivity")}
            choices={asChoices(activities, ({ id, emoji, name, category }) => ({
              id,
              emoji,
              label: name,
              note: category,
            }))}
            value={activity?.id ?? null}
            onChange={setActivityId}
            describeLabel={t("focus.newActivity")}
            onCreate={(name) => quickly.activity(name, setActivityId)}
            onDescribe={(text) => setCreating({ what: "activity", text })}
            buttonRef={activityButton}
          />
        </div>
        {goal && activity && <RatesPreview state={rates} />}
        <div className="space-y-1.5">
          <CardTitle>{t("focus.length")}</CardTitle>
          <PlannedLength text={minutes} onChange={setMinutes} />
        </div>
        <FormMessage form={form} />
        <Problem text={quickly.problem} />
        <StartButton
          isBusy={form.busy}
          waits={waits}
          variant={next ? "secondary" : "primary"}
          disabled={Number.isNaN(plannedSeconds)}
        />
        {next && !waits && <MissingNote missing={goal ? "activity" : "goal"} asked={asked} />}
      </form>
      <CreateDialogs
        creating={creating}
        close={() => setCreating(null)}
        onGoalCreated={setGoalId}
        onActivityCreated={setActivityId}
      />
    </Card>
  );
}

type StartProps = { isBusy: boolean; waits: boolean } & Pick<ButtonProps, "variant" | "disabled">;

function StartButton({ isBusy, waits, ...look }: StartProps) {
  const doing = waits ? t("focus.loadingChoices") : isBusy ? t("focus.starting") : null;
  return (
    <Button type="submit" size="lg" className="w-full" busy={doing !== null} {...look}>
      <Play /> {doing ?? t("focus.startFocusing")}
    </Button>
  );
}

function Problem({ text }: { text: string | null }) {
  if (text === null) return null;
  return (
    <p role="alert" className="text-sm text-danger-text">
      {text}
    </p>
  );
}

function MissingNote({ missing, asked }: { missing: "goal" | "activity"; asked: boolean }) {
  const text = missing === "goal" ? t("focus.chooseGoalFirst") : t("focus.chooseActivityFirst");
  return (
    <p role="status" className={cn("text-center text-xs", asked ? "text-warning" : "text-muted-foreground")}>
      {asked ? text : t("focus.chooseBoth")}
    </p>
  );
}

type DialogsProps = {
  creating: Creating | null;
  close: () => void;
  onGoalCreated: (id: string) => void;
  onActivityCreated: (id: string) => void;
};

function CreateDialogs({ creating, close, onGoalCreated, onActivityCreated }: DialogsProps) {
  const text = creating?.text ?? "";
  return (
    <>
      <CreateGoalDialog
        open={creating?.what === "goal"}
        onOpenChange={close}
        initialTitle={text}
        onCreated={onGoalCreated}
      />
      <CreateActivityDialog
        open={creating?.what === "activity"}
        onOpenChange={close}
        initialName={text}
        onCreated={onActivityCreated}
      />
    </>
  );
}

const findById = <Item extends { id: string }>(state: QueryState<Item[]>, wanted: string | null): Item | null =>
  state.kind === "ready" ? (state.data.find(({ id }) => id === wanted) ?? null) : null;

const asChoices = <Item, Choice>(state: QueryState<Item[]>, choice: (item: Item) => Choice): QueryState<Choice[]> =>
  state.kind === "ready" ? { kind: "ready", data: state.data.map(choice) } : state;
