import { DAYS_TOTAL_MAX } from "@convex/focus/rules";
import { useMutation } from "convex/react";
import { useMe } from "@/accounts/MeProvider";
import { FormField } from "@/components/FormField";
import { FormFooter } from "@/components/FormFooter";
import { ResumedNote } from "@/components/ResumedNote";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Input } from "@/components/ui/input";
import { api } from "@/lib/api";
import { readBack, readWhole } from "@/lib/locale/numbers";
import { useForm } from "@/lib/forms/useForm";
import { useFormDraft } from "@/lib/forms/useFormDraft";
import { t } from "@/messages/translate";
import { DEFAULT_DAYS, UNDECIDED } from "./categories";
import { LookFields, lookOf, type Look } from "./LookFields";

type Props = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  initialTitle: string;
  onCreated: (goalId: string) => void;
};

export function CreateGoalDialog({ open, onOpenChange, ...props }: Props) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent title={t("focus.newGoal")} description={t("focus.newGoalNote")}>
        <GoalForm {...props} close={() => onOpenChange(false)} />
      </DialogContent>
    </Dialog>
  );
}

type Entries = Look & { title: string; days: string };
const BLANK: Entries = { title: "", days: String(DEFAULT_DAYS), category: UNDECIDED, emoji: null };

function GoalForm({ initialTitle, onCreated, close }: Omit<Props, "open" | "onOpenChange"> & { close: () => void }) {
  const create = useMutation(api.focus.goals.create);
  const draft = useFormDraft(`goal:${useMe().id}`, BLANK, initialTitle === "" ? {} : { title: initialTitle });
  const { title, days } = draft.entries;
  const daysTotal = readWhole(days, 1, DAYS_TOTAL_MAX);

  const form = useForm({
    names: ["title", "emoji", "category", "daysTotal"],
    check: () => ({
      ...(title.trim() === "" && { title: [t("common.enterTitle")] }),
      ...(daysTotal === null && { daysTotal: [t("focus.daysRule", { max: DAYS_TOTAL_MAX })] }),
    }),
    save: async () => {
      const { category: name, color, emoji } = lookOf(draft.entries);
      const goalId = await create({ title, emoji, category: { name, color }, daysTotal: daysTotal ?? 0 });
      draft.forget();
      close();
      onCreated(goalId);
    },
  });
  const cancel = () => {
    draft.forget();
    close();
  };

  return (
    <form noValidate onSubmit={form.submit} className="space-y-4">
      {draft.resumed && <ResumedNote startOver={draft.startOver} />}
      <FormField form={form} name="title" label={t("common.title")}>
        {(wiring) => (
          <Input
            {...wiring}
            autoFocus
            maxLength={200}
            placeholder={t("focus.goalExample")}
            value={title}
            onChange={(event) => {
              draft.edit({ title: event.target.value });
              form.touched("title");
            }}
          />
        )}
      </FormField>
      <LookFields form={form} look={draft.entries} onChange={draft.edit} />
      <FormField form={form} name="daysTotal" label={t("focus.days")} hint={readBack(days) ?? t("focus.daysNote")}>
        {(wiring) => (
          <Input
            {...wiring}
            inputMode="numeric"
            className="figures w-28"
            value={days}
            onChange={(event) => {
              draft.edit({ days: event.target.value });
              form.touched("daysTotal");
            }}
          />
        )}
      </FormField>
      <FormFooter form={form} submit={t("focus.createGoal")} onCancel={cancel} />
    </form>
  );
}
