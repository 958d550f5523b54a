import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Dialog, DialogTrigger } from "@/components/ui/dialog";
import { t } from "@/messages/translate";
import { KeepWorkContent } from "./KeepWorkContent";
import { useMe } from "./MeProvider";

/** Tells guests that their work is in this browser only, and offers them an account. */
export function KeepWork({ className }: { className?: string }) {
  if (!useMe().isAnonymous) return null;
  return (
    <div className={className}>
      <Card aria-label={t("accounts.keepWork")} className="flex flex-wrap items-center justify-between gap-3">
        <p className="text-sm">{t("accounts.keepWorkNote")}</p>
        <Dialog>
          <DialogTrigger asChild>
            <Button variant="secondary" size="sm">
              {t("accounts.keepMyWork")}
            </Button>
          </DialogTrigger>
          <KeepWorkContent />
        </Dialog>
      </Card>
    </div>
  );
}
