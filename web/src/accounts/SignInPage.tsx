import { useAuthActions } from "@convex-dev/auth/react";
import { Timer } from "lucide-react";
import { useState } from "react";
import { Segmented } from "@/components/ui/segmented";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { readFailure } from "@/lib/errors";
import { useConnection } from "@/lib/live/useOnline";
import { useDraft } from "@/lib/forms/useDraft";
import { readPageSettings } from "@/lib/pageSettings";
import { useTitle } from "@/lib/useTitle";
import { SignedInApp } from "@/lazySignedInApp";
import { t } from "@/messages/translate";
import { CredentialsForm } from "./CredentialsForm";
import { readNotice } from "./signedOutNotice";
import { takeInterruptedSignUp } from "./signingIn";

type Flow = "signIn" | "signUp";

const FLOWS = [
  { value: "signIn", label: t("accounts.signIn") },
  { value: "signUp", label: t("accounts.createAccount") },
] as const;

// Read once, as the page loads: whatever comes later is no reload.
const isInterrupted = takeInterruptedSignUp();

const { offersGoogle, demoLogins } = readPageSettings();

export function SignInPage() {
  const [flowText, setFlow] = useDraft("sign-in:flow", "signIn");
  const flow: Flow = flowText === "signUp" ? "signUp" : "signIn";
  const [notice] = useState(() => (isInterrupted ? t("accounts.interruptedSignUp") : readNotice()));
  const [prefill, setPrefill] = useState({ round: 0, password: "" });
  const [, setEmail] = useDraft("sign-in:email");
  const offline = useConnection() === "offline";
  useTitle(flow === "signUp" ? t("accounts.createAccount") : t("accounts.signIn"));

  const fill = (email: string, password: string) => {
    setEmail(email);
    setFlow("signIn");
    setPrefill(({ round }) => ({ round: round + 1, password }));
  };

  return (
    <main
      className="mx-auto flex min-h-dvh w-full max-w-sm flex-col justify-center px-4 py-10"
      // Who begins to fill in the form will need it next.
      onFocusCapture={SignedInApp.prefetch}
      onPointerDownCapture={SignedInApp.prefetch}
    >
      <div className="mb-8 flex items-center gap-3">
        <span className="grid size-10 shrink-0 place-items-center rounded-control bg-accent text-accent-foreground">
          <Timer className="size-5" />
        </span>
        <div>
          <span className="block text-lg leading-tight font-semibold tracking-tight">{t("common.appName")}</span>
          <p className="text-sm text-muted-foreground">{t("accounts.tagline")}</p>
        </div>
      </div>
      {notice && (
        <p role="status" className="mb-4 rounded-control bg-warning-soft px-3 py-2 text-sm text-warning">
          {notice}
        </p>
      )}
      {offline && (
        <p role="status" className="mb-4 rounded-control bg-surface-muted px-3 py-2 text-sm">
          {t("accounts.signInOffline")}
        </p>
      )}
      <Card>
        <h1 className="sr-only">{flow === "signUp" ? t("accounts.createAccount") : t("accounts.signIn")}</h1>
        <Segmented
          label={t("accounts.signInOrCreate")}
          value={flow}
          options={FLOWS}
          onChange={setFlow}
          className="mb-5 flex [&>*]:flex-1"
        />
        <CredentialsForm key={`${flow}:${prefill.round}`} flow={flow} initialPassword={prefill.password} />
        <Others />
      </Card>
      {demoLogins.length > 0 && (
        <section aria-label={t("accounts.demoAccounts")} className="mt-6">
          <h2 className="text-xs font-medium text-muted-foreground">{t("accounts.demoAccounts")}</h2>
          <ul className="mt-2 space-y-2">
            {demoLogins.map(({ email, password, note }) => (
              <li key={email}>
                <button
                  type="button"
                  onClick={() => fill(email, password)}
                  className="w-full rounded-control border bg-surface px-3 py-2 text-left hover:bg-surface-muted"
                >
                  <span className="block text-sm font-medium">{email}</span>
                  <span className="block text-xs text-muted-foreground">{note}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </main>
  );
}

/** The sign-ins without a password. */
function Others() {
  const { signIn } = useAuthActions();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const enter = (provider: "anonymous" | "google") => {
    setBusy(true);
    setProblem(null);
    signIn(provider)
      .catch((error: unknown) => setProblem(readFailure(error).message))
      .finally(() => setBusy(false));
  };
  return (
    <div className="mt-5 space-y-2 border-t pt-5">
      {offersGoogle && (
        <Button variant="secondary" className="w-full" busy={busy} onClick={() => enter("google")}>
          {t("accounts.continueWithGoogle")}
        </Button>
      )}
      <Button variant="secondary" className="w-full" busy={busy} onClick={() => enter("anonymous")}>
        {t("accounts.continueAsGuest")}
      </Button>
      <p className="text-center text-xs text-muted-foreground">{t("accounts.guestNote")}</p>
      {problem && (
        <p role="alert" className="text-sm text-danger-text">
          {problem}
        </p>
      )}
    </div>
  );
}
