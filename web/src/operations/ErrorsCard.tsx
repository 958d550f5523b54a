import { useMutation } from "convex/react";
import { ChevronRight, X } from "lucide-react";
import { DataList } from "@/components/DataList";
import { RelativeTime } from "@/components/RelativeTime";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card, CardTitle } from "@/components/ui/card";
import { api } from "@/lib/api";
import { toast } from "@/lib/toasts";
import { useAct } from "@/lib/hooks/useAct";
import { rich, t } from "@/messages/translate";
import type { ErrorKind } from "./api";

/** Failures, by kind. */
export function ErrorsCard({ errors }: { errors: ErrorKind[] }) {
  return (
    <Card id="errors" aria-label={t("operations.errors")}>
      <CardTitle>{t("operations.errors")}</CardTitle>
      <p className="mt-1 mb-2 text-sm text-muted-foreground">{t("operations.errorsNote")}</p>
      <DataList
        state={{ kind: "ready", data: errors }}
        label={t("operations.errors")}
        keyOf={({ id }) => id}
        row={(error) => <ErrorRow error={error} />}
        empty={<p className="text-sm text-muted-foreground">{t("operations.noErrorsNote")}</p>}
      />
    </Card>
  );
}

function ErrorRow({ error }: { error: ErrorKind }) {
  const dismiss = useMutation(api.operations.errors.dismiss);
  const { run, busy, problem } = useAct();
  const remove = () =>
    run(async () => {
      await dismiss({ id: error.id });
      toast(t("operations.dismissed"));
    });
  return (
    <details className="group">
      <summary className="-mx-2 flex cursor-pointer list-none items-start gap-3 rounded-control px-2 py-3 hover:bg-surface-muted [&::-webkit-details-marker]:hidden">
        <ChevronRight className="mt-0.5 size-4 shrink-0 text-muted-foreground group-open:rotate-90" />
        <span className="min-w-0 flex-1">
          <span className="block text-sm font-medium break-words">
            {error.name}: {error.message}
          </span>
          <span className="figures block text-xs text-muted-foreground">
            {t("operations.times", { count: error.count })}
            {" · "}
            {rich("operations.lastSeen", { time: () => <RelativeTime at={error.lastAt} /> })}
          </span>
        </span>
        <Badge tone={error.source === "server" ? "danger" : "warning"}>
          {error.source === "server" ? t("operations.server") : t("operations.browser")}
        </Badge>
      </summary>
      <div className="space-y-3 pb-4 pl-7 text-sm">
        <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-xs">
          <dt className="text-muted-foreground">{t("operations.place")}</dt>
          <dd className="break-all">{error.place}</dd>
          <dt className="text-muted-foreground">{t("operations.firstSeen")}</dt>
          <dd>
            <RelativeTime at={error.firstAt} />
          </dd>
        </dl>
        <div>
          <p className="text-xs text-muted-foreground">
            {t("operations.sample")} · {t("operations.version", { version: error.version })}
          </p>
          <pre
            tabIndex={0}
            aria-label={t("operations.sample")}
            className="mt-1 max-h-48 overflow-auto rounded-control bg-surface-muted p-2 text-xs break-all whitespace-pre-wrap"
          >
            {error.sample}
          </pre>
        </div>
        {problem && (
          <p role="alert" className="text-xs text-danger-text">
            {problem}
          </p>
        )}
        <Button variant="secondary" size="sm" busy={busy} onClick={remove}>
          <X />
          {t("operations.dismiss")}
        </Button>
      </div>
    </details>
  );
}
