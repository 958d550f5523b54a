import { Link } from "react-router";
import { RelativeTime } from "@/components/RelativeTime";
import { Badge } from "@/components/ui/badge";
import { rich } from "@/messages/translate";
import type { ReportSummary } from "./api";
import { lookOf, titleOf } from "./reports";

export function ReportRow({ report }: { report: ReportSummary }) {
  const { label, tone } = lookOf(report.status);
  return (
    <Link
      to={`/reports/${encodeURIComponent(report.reportId)}`}
      className="-mx-2 flex items-center gap-3 rounded-control px-2 py-3 hover:bg-surface-muted"
    >
      <span className="min-w-0 flex-1">
        <span className="block truncate text-sm font-medium">{titleOf(report)}</span>
        <span className="block text-xs text-muted-foreground">
          {rich("valuations.updatedAt", { time: () => <RelativeTime at={report.updatedAt} /> })}
        </span>
      </span>
      <Badge tone={tone}>{label}</Badge>
    </Link>
  );
}
