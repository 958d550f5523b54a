import { useMutation } from "convex/react";
import { useMe } from "@/accounts/MeProvider";
import { FormField } from "@/components/FormField";
import { FormFooter } from "@/components/FormFooter";
import { ResumedNote } from "@/components/ResumedNote";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Input } from "@/components/ui/input";
import { api } from "@/lib/api";
import { useForm } from "@/lib/forms/useForm";
import { useFormDraft } from "@/lib/forms/useFormDraft";
import { t } from "@/messages/translate";
import { UNDECIDED } from "../goals/categories";
import { LookFields, lookOf, type Look } from "../goals/LookFields";

type Props = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  initialName: string;
  onCreated: (activityId: string) => void;
};

export function CreateActivityDialog({ open, onOpenChange, ...props }: Props) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent title={t("focus.newActivity")} description={t("focus.newActivityNote")}>
        <ActivityForm {...props} close={() => onOpenChange(false)} />
      </DialogContent>
    </Dialog>
  );
}

type Entries = Look & { name: string };
const BLANK: Entries = { name: "", category: UNDECIDED, emoji: null };

function ActivityForm({ initialName, onCreated, close }: Omit<Props, "open" | "onOpenChange"> & { close: () => void }) {
  const create = useMutation(api.focus.activities.create);
  const draft = useFormDraft(`activity:${useMe().id}`, BLANK, initialName === "" ? {} : { name: initialName });
  const { name } = draft.entries;

  const form = useForm({
    names: ["name", "emoji", "category"],
    check: () => ({ ...(name.trim() === "" && { name: [t("common.enterName")] }) }),
    save: async () => {
      const activityId = await create({ name, ...lookOf(draft.entries) });
      draft.forget();
      close();
      onCreated(activityId);
    },
  });
  const cancel = () => {
    draft.forget();
    close();
  };

  return (
    <form noValidate onSubmit={form.submit} className="space-y-4">
      {draft.resumed && <ResumedNote startOver={draft.startOver} />}
      <FormField form={form} name="name" label={t("focus.activityName")}>
        {(wiring) => (
          <Input
            {...wiring}
            autoFocus
            maxLength={100}
            placeholder={t("focus.activityExample")}
            value={name}
            onChange={(event) => {
              draft.edit({ name: event.target.value });
              form.touched("name");
            }}
          />
        )}
      </FormField>
      <LookFields form={form} look={draft.entries} onChange={draft.edit} />
      <FormFooter form={form} submit={t("focus.createActivity")} onCancel={cancel} />
    </form>
  );
}
