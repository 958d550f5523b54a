import { useMutation } from "convex/react";
import { useState } from "react";
import { FormFooter } from "@/components/FormFooter";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { api } from "@/lib/api";
import { useForm } from "@/lib/forms/useForm";
import { useServerNow } from "@/lib/time/ServerClock";
import { instant, ownTimeZone } from "@/lib/time/time";
import { toast } from "@/lib/toasts";
import { t } from "@/messages/translate";
import type { TutoringSession } from "../types";
import { readStart, startAt } from "../terms/start";
import { StartField } from "../terms/StartField";
import { personName } from "../words";

type Props = { session: TutoringSession; open: boolean; onOpenChange: (open: boolean) => void };

/** Proposes another start to the tutor. */
export function ProposeDialog({ session, open, onOpenChange }: Props) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent
        title={t("tutoring.proposeTime")}
        description={t("tutoring.proposeNote", { tutor: personName(session.creator) })}
        className="sm:max-w-lg"
      >
        <ProposeForm session={session} close={() => onOpenChange(false)} />
      </DialogContent>
    </Dialog>
  );
}

function ProposeForm({ session, close }: { session: TutoringSession; close: () => void }) {
  const propose = useMutation(api.tutoring.sessions.proposeTime);
  const serverNow = useServerNow();
  const [start, setStart] = useState(() => startAt(instant(session.date), ownTimeZone()));
  const { at, problems } = readStart(start);
  const form = useForm({
    names: ["date", "zone"],
    check: () => ({
      ...problems,
      ...(at !== null && at <= serverNow() && { date: [t("tutoring.futureRule")] }),
    }),
    save: async () => {
      await propose({ id: session.id, date: new Date(at ?? 0).toISOString() });
      close();
      toast(t("tutoring.timeProposed"));
    },
  });
  return (
    <form noValidate onSubmit={form.submit} className="space-y-4">
      <StartField form={form} start={start} onChange={setStart} />
      <FormFooter form={form} submit={t("tutoring.sendProposal")} onCancel={close} />
    </form>
  );
}
