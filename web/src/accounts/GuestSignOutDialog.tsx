import { useAuthActions } from "@convex-dev/auth/react";
import { ConfirmDialog } from "@/components/ConfirmDialog";

/** Guests are asked before they leave, for their work cannot be reached again. */
export function GuestSignOutDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const { signOut } = useAuthActions();
  return (
    <ConfirmDialog open={open} onOpenChange={onOpenChange} title="Leave as guest" confirm="Leave" onConfirm={signOut}>
      A guest has no password, so nobody can come back to this guest's goals and sessions, not even you.
    </ConfirmDialog>
  );
}
