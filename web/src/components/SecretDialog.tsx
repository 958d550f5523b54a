import { useId } from "react";
import { t } from "@/messages/translate";
import { CopyField } from "./CopyField";
import { Button } from "./ui/button";
import { Dialog, DialogContent, DialogFooter } from "./ui/dialog";
import { Label } from "./ui/label";

type Props = {
  title: string;
  label: string;
  /** The secret, or null while there is none to show. */
  secret: string | null;
  copied: string;
  onClose: () => void;
};

/** Shows a secret once. A press beside the dialog does not close it, because the secret would be lost. */
export function SecretDialog({ title, label, secret, copied, onClose }: Props) {
  const id = useId();
  return (
    <Dialog open={secret !== null} onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        title={title}
        description={t("common.shownOnce")}
        onInteractOutside={(event) => event.preventDefault()}
      >
        <div className="space-y-1.5">
          <Label htmlFor={id}>{label}</Label>
          <CopyField id={id} value={secret ?? ""} copied={copied} />
        </div>
        <DialogFooter>
          <Button onClick={onClose}>{t("common.done")}</Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  );
}
