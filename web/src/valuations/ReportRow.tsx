import { Link } from "react-router";
import { RelativeTime } from "@/components/RelativeTime";
import { Badge } from "@/components/ui/badge";
import { numbersLocale } from "@/lib/locale/locale";
import { rich } from "@/messages/translate";
import type { ReportSummary } from "./api";
import { revenueText } from "./drafts/money";
import { formOf, lookOf, titleOf } from "./reports";

/** @param wide with what the company does and earns, in columns where there is room */
export function ReportRow({ report, wide = false }: { report: ReportSummary; wide?: boolean }) {
  const { label, tone } = lookOf(report.status);
  const form = formOf(report);
  const updated = rich("valuations.updatedAt", { time: () => <RelativeTime at={report.updatedAt} /> });
  if (wide)
    return (
      <Link
        to={`/reports/${encodeURIComponent(report.reportId)}`}
        className="-mx-2 grid grid-cols-[1fr_auto] items-center gap-x-6 gap-y-0.5 rounded-control px-2 py-3 text-sm hover:bg-surface-muted md:grid-cols-[minmax(0,1fr)_8rem_9rem_7rem] lg:grid-cols-[minmax(0,2fr)_minmax(0,1.5fr)_8rem_9rem_7rem]"
      >
        <span className="truncate font-medium">{titleOf(report)}</span>
        <span className="hidden truncate text-muted-foreground lg:block">{describe(form)}</span>
        <span className="figures hidden text-right wrap-anywhere md:block">{revenueText(form, numbersLocale())}</span>
        <span className="order-last text-xs text-muted-foreground md:order-none md:text-right">{updated}</span>
        <span className="text-right">
          <Badge tone={tone}>{label}</Badge>
        </span>
      </Link>
    );
  return (
    <Link
      to={`/reports/${encodeURIComponent(report.reportId)}`}
      className="-mx-2 flex items-center gap-3 rounded-control px-2 py-3 hover:bg-surface-muted"
    >
      <span className="min-w-0 flex-1">
        <span className="block truncate text-sm font-medium">{titleOf(report)}</span>
        <span className="block text-xs text-muted-foreground">{updated}</span>
      </span>
      <Badge tone={tone}>{label}</Badge>
    </Link>
  );
}

/** The industry and the city, as far as they are known. */
const describe = ({ industry, city }: Record<string, unknown>): string =>
  [industry, city].filter((part) => typeof part === "string" && part !== "").join(" · ");
