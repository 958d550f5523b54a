import { MESSAGE_MAX } from "@convex/tutoring/rules";
import { useMutation } from "convex/react";
import { useMe } from "@/accounts/MeProvider";
import { FormField } from "@/components/FormField";
import { FormFooter } from "@/components/FormFooter";
import { ResumedNote } from "@/components/ResumedNote";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Textarea } from "@/components/ui/input";
import { api } from "@/lib/api";
import { useForm } from "@/lib/forms/useForm";
import { useFormDraft } from "@/lib/forms/useFormDraft";
import { t } from "@/messages/translate";
import type { TutoringSession } from "../types";
import { personName } from "../words";

type Props = { session: TutoringSession; open: boolean; onOpenChange: (open: boolean) => void };

export function JoinDialog({ session, open, onOpenChange }: Props) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent
        title={t("tutoring.askToJoin")}
        description={t("tutoring.askToJoinNote", { tutor: personName(session.creator) })}
      >
        <JoinForm session={session} close={() => onOpenChange(false)} />
      </DialogContent>
    </Dialog>
  );
}

function JoinForm({ session, close }: { session: TutoringSession; close: () => void }) {
  const join = useMutation(api.tutoring.sessions.join);
  const draft = useFormDraft(`join:${useMe().id}:${session.id}`, { message: "" });
  const { message } = draft.entries;
  const form = useForm({
    names: ["message"],
    save: async () => {
      await join({ id: session.id, ...(message.trim() !== "" && { message }) });
      draft.forget();
      close();
    },
  });
  return (
    <form noValidate onSubmit={form.submit} className="space-y-4">
      {draft.resumed && <ResumedNote startOver={draft.startOver} />}
      <FormField form={form} name="message" label={t("tutoring.messageOptional")}>
        {(wiring) => (
          <Textarea
            {...wiring}
            autoFocus
            maxLength={MESSAGE_MAX}
            value={message}
            onChange={(event) => draft.edit({ message: event.target.value })}
          />
        )}
      </FormField>
      <FormFooter form={form} submit={t("tutoring.sendRequest")} onCancel={close} />
    </form>
  );
}
