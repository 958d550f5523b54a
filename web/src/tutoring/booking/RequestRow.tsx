import { useMutation } from "convex/react";
import { Check, X } from "lucide-react";
import { useState, type ReactNode } from "react";
import { RelativeTime } from "@/components/RelativeTime";
import { Button } from "@/components/ui/button";
import { api } from "@/lib/api";
import { readFailure } from "@/lib/errors";
import { rich, t } from "@/messages/translate";
import type { WaitingRequest } from "../types";
import { personName } from "../words";

type Props = {
  request: WaitingRequest;
  isFull?: boolean;
  /** The session that was requested, where the list does not make that clear. */ children?: ReactNode;
};

/** A request with its two answers. It leaves the list when it is answered. */
export function RequestRow({ request, isFull = false, children }: Props) {
  const { session: id, user, message, requestedAt } = request;
  const approve = useMutation(api.tutoring.sessions.approveRequest);
  const reject = useMutation(api.tutoring.sessions.rejectRequest);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const answer = (act: typeof approve) => {
    setBusy(true);
    setProblem(null);
    act({ id, userId: user.id })
      .catch((error: unknown) => setProblem(readFailure(error).message))
      .finally(() => setBusy(false));
  };
  return (
    <div className="flex flex-wrap items-center gap-3 py-3">
      <div className="min-w-40 flex-1">
        <p className="text-sm font-medium">{personName(user)}</p>
        {user.email && (
          <a
            href={`mailto:${user.email}`}
            className="block max-w-full truncate text-xs text-muted-foreground hover:underline"
          >
            {user.email}
          </a>
        )}
        {children}
        {message && <p className="text-sm whitespace-pre-line text-muted-foreground">{message}</p>}
        <p className="text-xs text-muted-foreground">
          {rich("tutoring.requested", { time: () => <RelativeTime at={requestedAt} /> })}
        </p>
        {problem && (
          <p role="alert" className="text-xs text-danger-text">
            {problem}
          </p>
        )}
      </div>
      <Button
        size="sm"
        busy={busy}
        disabled={isFull}
        aria-label={t("tutoring.approvePerson", { name: personName(user) })}
        onClick={() => answer(approve)}
      >
        <Check />
        {t("tutoring.approve")}
      </Button>
      <Button
        size="sm"
        variant="secondary"
        busy={busy}
        aria-label={t("tutoring.rejectPerson", { name: personName(user) })}
        onClick={() => answer(reject)}
      >
        <X />
        {t("tutoring.reject")}
      </Button>
    </div>
  );
}
