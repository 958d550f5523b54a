import { useAuthActions } from "@convex-dev/auth/react";
import { useState } from "react";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { KeepWorkContent } from "./KeepWorkContent";

/** Guests are asked before they leave, for their work cannot be reached again, and are offered an account instead. */
export function GuestSignOutDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const { signOut } = useAuthActions();
  const [keeping, setKeeping] = useState(false);
  const keep = () => {
    onOpenChange(false);
    setKeeping(true);
  };
  return (
    <>
      <ConfirmDialog open={open} onOpenChange={onOpenChange} title="Leave as guest" confirm="Leave" onConfirm={signOut}>
        <p>
          A guest has no password, so nobody can come back to this guest's goals, sessions and reports, not even you.
        </p>
        <Button variant="secondary" size="sm" className="mt-3" onClick={keep}>
          Keep my work with an account
        </Button>
      </ConfirmDialog>
      <Dialog open={keeping} onOpenChange={setKeeping}>
        <KeepWorkContent />
      </Dialog>
    </>
  );
}
