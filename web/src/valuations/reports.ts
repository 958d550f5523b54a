import type { BadgeTone } from "@/components/ui/badge";
import type { Report, ReportSummary } from "./api";

const STATUS_LOOK: Record<ReportSummary["status"], { label: string; tone: BadgeTone }> = {
  IN_PROGRESS: { label: "In progress", tone: "accent" },
  COMPLETED: { label: "Completed", tone: "success" },
  ARCHIVED: { label: "Archived", tone: "neutral" },
  DELETED: { label: "Deleted", tone: "danger" },
};

export const lookOf = (status: ReportSummary["status"]) => STATUS_LOOK[status];

/**
 * A JSON field of a report. The live protocol carries what it can as plain values and the rest, such as keys in other
 * scripts, as JSON text; a string is always JSON text (convex/valuations/drafts/liveJson.ts).
 */
export const jsonOf = (live: unknown): unknown => (typeof live === "string" ? (JSON.parse(live) as unknown) : live);

function objectOf(live: unknown): Record<string, unknown> {
  const value = jsonOf(live);
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** The answers of a report's form; empty when there are none yet. */
export const formOf = ({ formData }: Pick<ReportSummary, "formData">): Record<string, unknown> => objectOf(formData);

/** What the report's business card gave, by field. */
export const prefillOf = ({ prefill }: Pick<Report, "prefill">): Record<string, unknown> => objectOf(prefill);

/** What to call a report: the company it is about, else the start of its id. */
export function titleOf(report: Pick<ReportSummary, "formData" | "reportId">): string {
  const company = formOf(report).company_name;
  return typeof company === "string" && company.trim() !== "" ? company : `Report ${report.reportId.slice(0, 8)}`;
}
