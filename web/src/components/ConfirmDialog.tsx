import { AlertDialog } from "radix-ui";
import { useState, type ReactNode } from "react";
import { readFailure } from "@/lib/errors";
import { useExclusive } from "@/lib/hooks/useExclusive";
import { t } from "@/messages/translate";
import { Button } from "./ui/button";
import { DialogFooter, dialogPanel, onCloseAutoFocus } from "./ui/dialog";

type Props = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  /** The consequences, and whom they touch. */
  children: ReactNode;
  /** The label of the action. */
  confirm: string;
  /** The label of the button that closes the dialog, for actions that are themselves called "Cancel …". */
  cancel?: string;
  danger?: boolean;
  /** The dialog closes when it succeeds; a failure is shown in place. */
  onConfirm: () => Promise<unknown>;
};

/** Asks before an action that cannot be undone. Prefer to act at once and offer undo. */
export function ConfirmDialog(props: Props) {
  const { open, onOpenChange, title, children, danger = true, onConfirm } = props;
  const { busy, run } = useExclusive();
  const [problem, setProblem] = useState<string | null>(null);
  const change = (next: boolean) => {
    setProblem(null);
    onOpenChange(next);
  };
  const act = () =>
    onConfirm().then(
      () => change(false),
      (error: unknown) => setProblem(readFailure(error).message),
    );
  return (
    <AlertDialog.Root open={open} onOpenChange={change}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="fixed inset-0 z-50 bg-black/45" />
        <AlertDialog.Content className={dialogPanel} onCloseAutoFocus={onCloseAutoFocus}>
          <AlertDialog.Title className="text-lg font-semibold">{title}</AlertDialog.Title>
          <AlertDialog.Description asChild>
            <div className="mt-2 text-sm text-muted-foreground">{children}</div>
          </AlertDialog.Description>
          {problem && (
            <p role="alert" className="mt-3 text-sm text-danger-text">
              {problem}
            </p>
          )}
          <DialogFooter>
            <AlertDialog.Cancel asChild>
              <Button variant="secondary">{props.cancel ?? t("common.cancel")}</Button>
            </AlertDialog.Cancel>
            <Button variant={danger ? "danger" : "primary"} busy={busy} onClick={() => run(act)}>
              {props.confirm}
            </Button>
          </DialogFooter>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
