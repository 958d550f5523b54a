import type { BadgeTone } from "@/components/ui/badge";
import { t } from "@/messages/translate";
import type { Report, ReportSummary } from "./api";

const STATUS_LOOK: Record<ReportSummary["status"], { label: string; tone: BadgeTone }> = {
  IN_PROGRESS: { label: t("common.inProgress"), tone: "accent" },
  COMPLETED: { label: t("common.completed"), tone: "success" },
  ARCHIVED: { label: t("valuations.archived"), tone: "neutral" },
  DELETED: { label: t("common.deleted"), tone: "danger" },
};

export const lookOf = (status: ReportSummary["status"]) => STATUS_LOOK[status];

/**
 * The value of a JSON field of a report. The live protocol carries plain values where it can, and others, such as keys
 * in other scripts, as JSON text. A string is always JSON text (convex/valuations/drafts/liveJson.ts).
 */
export const jsonOf = (live: unknown): unknown => (typeof live === "string" ? (JSON.parse(live) as unknown) : live);

function objectOf(live: unknown): Record<string, unknown> {
  const value = jsonOf(live);
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** The answers of a report's form; empty when there are none yet. */
export const formOf = ({ formData }: Pick<ReportSummary, "formData">): Record<string, unknown> => objectOf(formData);

/** The answers from the report's business card, by field. */
export const prefillOf = ({ prefill }: Pick<Report, "prefill">): Record<string, unknown> => objectOf(prefill);

/** The title of a report: its company's name, else the start of its id. */
export function titleOf(report: Pick<ReportSummary, "formData" | "reportId">): string {
  const company = formOf(report).company_name;
  return typeof company === "string" && company.trim() !== ""
    ? company
    : t("valuations.reportNamed", { id: report.reportId.slice(0, 8) });
}
