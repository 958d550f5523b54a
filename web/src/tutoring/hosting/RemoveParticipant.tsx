import { useMutation } from "convex/react";
import { UserMinus } from "lucide-react";
import { useState } from "react";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { Button } from "@/components/ui/button";
import { api } from "@/lib/api";
import { t } from "@/messages/translate";
import { personName } from "../words";
import type { Person } from "../types";

/** Takes a participant's seat, after saying what happens. */
export function RemoveParticipant({ id, user }: { id: number; user: Person }) {
  const remove = useMutation(api.tutoring.sessions.removeParticipant);
  const [open, setOpen] = useState(false);
  const name = personName(user);
  return (
    <>
      <Button
        size="iconSm"
        variant="ghost"
        aria-label={t("tutoring.removeNamed", { title: name })}
        onClick={() => setOpen(true)}
      >
        <UserMinus />
      </Button>
      <ConfirmDialog
        open={open}
        onOpenChange={setOpen}
        title={t("tutoring.removeQuestion", { title: name })}
        confirm={t("tutoring.remove")}
        onConfirm={() => remove({ id, userId: user.id })}
      >
        {t("tutoring.removePersonNote")}
      </ConfirmDialog>
    </>
  );
}
