import { useAuthActions } from "@convex-dev/auth/react";
import { useState } from "react";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { t } from "@/messages/translate";
import { KeepWorkContent } from "./KeepWorkContent";

/** Asks guests before they sign out, because their work cannot be reached again, and offers them an account. */
export function GuestSignOutDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const { signOut } = useAuthActions();
  const [keeping, setKeeping] = useState(false);
  const keep = () => {
    onOpenChange(false);
    setKeeping(true);
  };
  return (
    <>
      <ConfirmDialog
        open={open}
        onOpenChange={onOpenChange}
        title={t("accounts.guestSignOutQuestion")}
        confirm={t("accounts.signOut")}
        onConfirm={signOut}
      >
        <p>{t("accounts.guestSignOutNote")}</p>
        <Button variant="secondary" size="sm" className="mt-3" onClick={keep}>
          {t("accounts.keepWithAccount")}
        </Button>
      </ConfirmDialog>
      <Dialog open={keeping} onOpenChange={setKeeping}>
        <KeepWorkContent />
      </Dialog>
    </>
  );
}
