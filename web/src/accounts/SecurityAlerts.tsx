import { useMutation } from "convex/react";
import { ShieldAlert } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
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
export function SecurityAlerts() {
  const { needsNewPassword } = useMe();
  const alerts = useQueryState(api.accounts.alerts.list, {});
  const open = alerts.kind === "ready" ? alerts.data : [];
  if (open.length === 0 && !needsNewPassword) return null;
  return (
    <div className="mb-6 space-y-2">
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
    </div>
  );
}

function Alert({ alert: { id, at, session } }: { alert: SignInAlert }) {
  const dismiss = useMutation(api.accounts.alerts.dismiss);
  const notMe = useMutation(api.accounts.alerts.notMe);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const answer = (act: typeof dismiss) => {
    setBusy(true);
    act({ id })
      .catch((error: unknown) => setProblem(readFailure(error).message))
      .finally(() => setBusy(false));
  };
  return (
    <div
      role="alert"
      className="flex flex-wrap items-center gap-3 rounded-card bg-warning-soft p-4 text-sm text-warning"
    >
      <ShieldAlert className="size-5 shrink-0" />
      <p className="min-w-48 flex-1">
        <strong className="font-semibold">{t("accounts.newSignIn", { device: session.deviceName })}</strong>
        {session.location && `, ${session.location}`} · <RelativeTime at={at} />
        {!session.isActive && t("accounts.alertSignedOut")}
        {problem && <span className="block">{problem}</span>}
      </p>
      <div className="flex gap-2">
        <Button size="sm" variant="secondary" busy={busy} onClick={() => answer(dismiss)}>
          {t("accounts.itWasMe")}
        </Button>
        <Button size="sm" variant="danger" busy={busy} onClick={() => answer(notMe)}>
          {t("accounts.notMe")}
        </Button>
      </div>
    </div>
  );
}
