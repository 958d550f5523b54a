import { useMutation } from "convex/react";
import { useState } from "react";
import { FormField, FormMessage } from "@/components/FormField";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent, DialogFooter } from "@/components/ui/dialog";
import { Textarea } from "@/components/ui/input";
import { api } from "@/lib/api";
import { useForm } from "@/lib/useForm";
import type { TutoringSession } from "./api";
import { personName } from "./words";

type Props = { session: TutoringSession; open: boolean; onOpenChange: (open: boolean) => void };

export function JoinDialog({ session, open, onOpenChange }: Props) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent title="Ask to join" description={`${personName(session.creator)} approves or rejects your request.`}>
        <JoinForm session={session} close={() => onOpenChange(false)} />
      </DialogContent>
    </Dialog>
  );
}

function JoinForm({ session, close }: { session: TutoringSession; close: () => void }) {
  const join = useMutation(api.tutoring.sessions.join);
  const [message, setMessage] = useState("");
  const form = useForm({
    names: ["message"],
    save: async () => {
      await join({ id: session.id, ...(message.trim() !== "" && { message }) });
      close();
    },
  });
  return (
    <form noValidate onSubmit={form.submit} className="space-y-4">
      <FormField form={form} name="message" label="Message (optional)">
        {(wiring) => (
          <Textarea {...wiring} autoFocus maxLength={2_000} value={message} onChange={(event) => setMessage(event.target.value)} />
        )}
      </FormField>
      <FormMessage form={form} />
      <DialogFooter>
        <Button variant="secondary" onClick={close}>
          Not now
        </Button>
        <Button type="submit" busy={form.busy}>
          Send request
        </Button>
      </DialogFooter>
    </form>
  );
}
