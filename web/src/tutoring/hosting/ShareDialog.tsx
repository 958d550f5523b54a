import { useMutation } from "convex/react";
import { CopyField } from "@/components/CopyField";
import { Loaded } from "@/components/states";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Skeleton } from "@/components/ui/skeleton";
import { api } from "@/lib/api";
import { useQueryState } from "@/lib/live/useQueryState";
import { t } from "@/messages/translate";
import { useAct } from "@/lib/hooks/useAct";
import { toSharedPath } from "./sharedPath";
import type { TutoringStatus } from "../types";

type Props = { id: number; status: TutoringStatus; open: boolean; onOpenChange: (open: boolean) => void };

/** Makes, shows and ends the link by which anybody can look at the session. */
export function ShareDialog({ id, status, open, onOpenChange }: Props) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent title={t("tutoring.shareByLink")} description={t("tutoring.shareNote")}>
        {status === "pending_approval" && <p className="mb-3 text-sm">{t("tutoring.shareAwaiting")}</p>}
        <Share id={id} />
      </DialogContent>
    </Dialog>
  );
}

function Share({ id }: { id: number }) {
  const link = useQueryState(api.tutoring.sessions.shareLink, { id });
  const share = useMutation(api.tutoring.sessions.share);
  const endShare = useMutation(api.tutoring.sessions.endShare);
  const { run, busy, problem } = useAct();
  return (
    <div className="space-y-3">
      <Loaded state={link} skeleton={<Skeleton className="h-10" />}>
        {(present) =>
          present === null ? (
            <Button busy={busy} onClick={() => run(() => share({ id }))}>
              {t("tutoring.makeLink")}
            </Button>
          ) : (
            <>
              <CopyField
                aria-label={t("tutoring.link")}
                value={present.url ?? `${window.location.origin}${toSharedPath(present.token)}`}
                copied={t("tutoring.linkCopied")}
              />
              <Button variant="quietDanger" size="sm" busy={busy} onClick={() => run(() => endShare({ id }))}>
                {t("tutoring.endLink")}
              </Button>
            </>
          )
        }
      </Loaded>
      {problem && (
        <p role="alert" className="text-sm text-danger-text">
          {problem}
        </p>
      )}
    </div>
  );
}
