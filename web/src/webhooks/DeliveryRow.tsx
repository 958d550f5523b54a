import { ChevronRight, RotateCw } from "lucide-react";
import { RelativeTime } from "@/components/RelativeTime";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { MINUTE_MS } from "@/lib/time/time";
import { useNow } from "@/lib/time/useNow";
import { toast } from "@/lib/toasts";
import { useAct } from "@/lib/hooks/useAct";
import { rich, t } from "@/messages/translate";
import { useWebhooks, type Attempt, type Delivery, type Endpoint } from "./api";
import { DELIVERY_LOOK } from "./words";

/** A delivery: what became of it, and on demand each attempt with its answer. */
export function DeliveryRow({ delivery, endpoint }: { delivery: Delivery; endpoint: Endpoint }) {
  const { replay } = useWebhooks();
  const { run, busy, problem } = useAct();
  const { label, tone } = DELIVERY_LOOK[delivery.status];
  const sendAgain = () =>
    run(async () => {
      await replay(endpoint.id, delivery.id);
      toast(t("webhooks.replayed"));
    });
  return (
    <details className="group">
      <summary className="-mx-2 flex cursor-pointer list-none items-center gap-3 rounded-control px-2 py-3 hover:bg-surface-muted [&::-webkit-details-marker]:hidden">
        <ChevronRight className="size-4 shrink-0 text-muted-foreground group-open:rotate-90" />
        <span className="min-w-0 flex-1">
          <span className="block truncate text-sm font-medium">{delivery.type}</span>
          <span className="block text-xs text-muted-foreground">
            <RelativeTime at={delivery.createdAt} />
            {" · "}
            {t("webhooks.attempts", { count: delivery.attempts.length })}
            <Next delivery={delivery} />
          </span>
        </span>
        <Badge tone={tone}>{label}</Badge>
      </summary>
      <div className="space-y-3 pb-4 pl-7">
        <p className="text-xs text-muted-foreground">
          {t("webhooks.eventId")}: <code className="break-all">{delivery.eventId}</code>
        </p>
        {delivery.attempts.length === 0 ? (
          <p className="text-sm text-muted-foreground">{t("webhooks.noAttempts")}</p>
        ) : (
          <ol className="space-y-3">
            {delivery.attempts.map((attempt, index) => (
              <li key={`${attempt.at} ${index}`}>
                <AttemptNote attempt={attempt} number={index + 1} />
              </li>
            ))}
          </ol>
        )}
        {problem && (
          <p role="alert" className="text-xs text-danger-text">
            {problem}
          </p>
        )}
        {endpoint.enabled && delivery.status !== "pending" && (
          <Button variant="secondary" size="sm" busy={busy} onClick={sendAgain}>
            <RotateCw />
            {t("webhooks.replay")}
          </Button>
        )}
      </div>
    </details>
  );
}

/** When a pending delivery is tried next. */
function Next({ delivery: { status, nextAttemptAt } }: { delivery: Delivery }) {
  const now = useNow();
  if (status !== "pending") return null;
  return (
    <>
      {" · "}
      {nextAttemptAt === null || nextAttemptAt <= now
        ? t("webhooks.sendingNow")
        : nextAttemptAt - now < MINUTE_MS
          ? t("webhooks.nextSoon")
          : rich("webhooks.nextAttempt", { time: () => <RelativeTime at={nextAttemptAt} /> })}
    </>
  );
}

function AttemptNote({ attempt: { at, code, answer, error }, number }: { attempt: Attempt; number: number }) {
  const said = code === null ? t("webhooks.noAnswer") : t("webhooks.answered", { code: String(code) });
  return (
    <>
      <p className="text-sm">
        {t("webhooks.attempt", { number })} · {said} · <RelativeTime at={at} className="text-muted-foreground" />
      </p>
      {error && <p className="mt-0.5 text-xs text-danger-text">{error}</p>}
      {code !== null && (
        <pre
          tabIndex={0}
          aria-label={said}
          className="mt-1 max-h-32 overflow-auto rounded-control bg-surface-muted p-2 text-xs break-all whitespace-pre-wrap"
        >
          {answer || t("webhooks.emptyAnswer")}
        </pre>
      )}
    </>
  );
}
