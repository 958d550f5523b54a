import { useMutation } from "convex/react";
import { ShieldAlert } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { RelativeTime } from "@/components/RelativeTime";
import { Button } from "@/components/ui/button";
import { api } from "@/lib/api";
import { readFailure } from "@/lib/errors";
import { useQueryState } from "@/lib/live/useQueryState";
import { t } from "@/messages/translate";
import type { SignInAlert } from "./api";
import { useMe } from "./MeProvider";

/**
 * New sign-ins on other devices, on every page until they are answered, and the request for a new password after "Not
 * me".
 */
export function SecurityAlerts({ quiet }: { /** Shows only what cannot wait. */ quiet: boolean }) {
  const { needsNewPassword } = useMe();
  const alerts = useQueryState(api.accounts.alerts.list, {});
  const open = alerts.kind === "ready" && !quiet ? alerts.data : [];
  if (open.length === 0 && !needsNewPassword) return null;
  return (
    <section aria-label={t("accounts.securityAlerts")} className="mb-6 space-y-2">
      {needsNewPassword && (
        <div
          role="alert"
          className="flex flex-wrap items-center gap-3 rounded-card bg-danger-soft p-4 text-sm text-danger-text"
        >
          <ShieldAlert className="size-5 shrink-0" />
          <p className="min-w-48 flex-1">{t("accounts.newPasswordNeeded")}</p>
          <Button asChild size="sm" variant="danger">
            <Link to="/settings#password">{t("accounts.changePassword")}</Link>
          </Button>
        </div>
      )}
      {open.map((alert) => (
        <Alert key={alert.id} alert={alert} />
      ))}
    </section>
  );
}

function Alert({ alert: { id, at, session } }: { alert: SignInAlert }) {
  const dismiss = useMutation(api.accounts.alerts.dismiss);
  const notMe = useMutation(api.accounts.alerts.notMe);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [asking, setAsking] = useState(false);
  const itWasMe = () => {
    setBusy(true);
    dismiss({ id })
      .catch((error: unknown) => setProblem(readFailure(error).message))
      .finally(() => setBusy(false));
  };
  return (
    <div
      role="status"
      className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-card bg-warning-soft px-4 py-2 text-sm text-warning"
    >
      <ShieldAlert className="size-5 shrink-0" />
      <p className="min-w-48 flex-1">
        <strong className="font-semibold">{t("accounts.newSignIn", { device: session.deviceName })}</strong>
        {session.location && `, ${session.location}`} · <RelativeTime at={at} />
        {!session.isActive && t("accounts.alertSignedOut")}
        {problem && <span className="block">{problem}</span>}
      </p>
      <div className="flex gap-2">
        <Button size="sm" variant="secondary" busy={busy} onClick={itWasMe}>
          {t("accounts.itWasMe")}
        </Button>
        <Button size="sm" variant="quietDanger" onClick={() => setAsking(true)}>
          {t("accounts.notMe")}
        </Button>
      </div>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={t("accounts.notMeQuestion", { device: session.deviceName })}
        confirm={t("accounts.signOut")}
        onConfirm={() => notMe({ id })}
      >
        {t("accounts.notMeNote")}
      </ConfirmDialog>
    </div>
  );
}
