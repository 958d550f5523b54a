import type { BadgeTone } from "@/components/ui/badge";
import type { ReportStatus, ReportSummary } from "./api";

export const STATUS_LOOK: Record<ReportStatus, { label: string; tone: BadgeTone }> = {
  IN_PROGRESS: { label: "In progress", tone: "accent" },
  COMPLETED: { label: "Completed", tone: "success" },
  ARCHIVED: { label: "Archived", tone: "neutral" },
};

/** What to call a report: the company it is about, else the start of its id. */
export function titleOf({ formData, reportId }: Pick<ReportSummary, "formData" | "reportId">): string {
  const company = formData?.company_name;
  return typeof company === "string" && company.trim() !== "" ? company : `Report ${reportId.slice(0, 8)}`;
}
