import { MESSAGE_MAX } from "@convex/tutoring/rules";
import { useMutation } from "convex/react";
import { useMe } from "@/accounts/MeProvider";
import { FormField } from "@/components/FormField";
import { FormFooter } from "@/components/FormFooter";
import { ResumedNote } from "@/components/ResumedNote";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Textarea } from "@/components/ui/input";
import { api } from "@/lib/api";
import type { FieldErrors } from "@/lib/errors";
import { useForm } from "@/lib/forms/useForm";
import { useFormDraft } from "@/lib/forms/useFormDraft";
import { toast } from "@/lib/toasts";
import { t } from "@/messages/translate";

type Props = { id: number; participantCount: number; open: boolean; onOpenChange: (open: boolean) => void };

/** Sends a message to all participants. */
export function MessageDialog({ id, participantCount, open, onOpenChange }: Props) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent
        title={t("tutoring.messageParticipants")}
        description={t("tutoring.messageNote", { count: participantCount })}
      >
        <MessageForm id={id} close={() => onOpenChange(false)} />
      </DialogContent>
    </Dialog>
  );
}

function MessageForm({ id, close }: { id: number; close: () => void }) {
  const send = useMutation(api.tutoring.sessions.messageParticipants);
  const draft = useFormDraft(`message:${useMe().id}:${id}`, { message: "" });
  const { message } = draft.entries;
  const form = useForm({
    names: ["message"],
    check: (): FieldErrors => (message.trim() === "" ? { message: [t("tutoring.enterMessage")] } : {}),
    save: async () => {
      const count = await send({ id, message });
      draft.forget();
      close();
      toast(t("tutoring.messageSent", { count }));
    },
  });
  return (
    <form noValidate onSubmit={form.submit} className="space-y-4">
      {draft.resumed && <ResumedNote startOver={draft.startOver} />}
      <FormField form={form} name="message" label={t("tutoring.message")}>
        {(wiring) => (
          <Textarea
            {...wiring}
            autoFocus
            maxLength={MESSAGE_MAX}
            value={message}
            onChange={(event) => {
              draft.edit({ message: event.target.value });
              form.touched("message");
            }}
          />
        )}
      </FormField>
      <FormFooter form={form} submit={t("tutoring.sendMessage")} onCancel={close} />
    </form>
  );
}
