import { RelativeTime } from "@/components/RelativeTime";
import { Badge } from "@/components/ui/badge";
import { t } from "@/messages/translate";
import { ACTION_WORDS, formatActor, type AuditEntry } from "./words";

export function AuditRow({ entry }: { entry: AuditEntry }) {
  return (
    <div className="flex flex-wrap items-baseline gap-x-4 gap-y-1 py-3 text-sm">
      <span className="min-w-40 flex-1">
        <span className="font-medium">{ACTION_WORDS[entry.action]}</span>{" "}
        {entry.outcome === "failure" && <Badge tone="danger">{t("common.failed")}</Badge>}
        <span className="block text-xs break-all text-muted-foreground">
          {entry.target}
          {entry.about !== null && `, ${entry.aboutName ?? entry.about}`}
        </span>
      </span>
      <span className="min-w-32 text-muted-foreground">{formatActor(entry)}</span>
      <span className="w-36 truncate text-xs text-muted-foreground" title={entry.userAgent}>
        {entry.ip ?? t("audit.noAddress")}
      </span>
      <RelativeTime at={entry.at} className="ml-auto w-28 text-right text-xs text-muted-foreground" />
    </div>
  );
}
