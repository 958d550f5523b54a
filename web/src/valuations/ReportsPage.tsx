import { FileText, Plus } from "lucide-react";
import { useState } from "react";
import { DataList } from "@/components/DataList";
import { PageHeader } from "@/components/PageHeader";
import { EmptyState } from "@/components/states";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Segmented } from "@/components/ui/segmented";
import { api } from "@/lib/api";
import { usePaginatedState } from "@/lib/usePaginatedState";
import { ClaimReceipts } from "./ClaimReceipts";
import { KeepReports } from "./KeepReports";
import { ReportRow } from "./ReportRow";
import { StartFromCard } from "./StartFromCard";
import { useNewReport } from "./useNewReport";

const FILTERS = [
  { value: "all", label: "All" },
  { value: "in_progress", label: "In progress" },
  { value: "completed", label: "Completed" },
  { value: "archived", label: "Archived" },
] as const;

/** All of one's reports, live. */
export function ReportsPage() {
  const [status, setStatus] = useState<(typeof FILTERS)[number]["value"]>("all");
  const reports = usePaginatedState(api.valuations.sessions.list, { status });
  const { create, busy, problem } = useNewReport();
  const newReport = (
    <Button busy={busy} onClick={create}>
      <Plus /> New report
    </Button>
  );
  return (
    <>
      <PageHeader title="Reports" action={<><StartFromCard />{newReport}</>} />
      <ClaimReceipts />
      <KeepReports />
      <Segmented label="Status" value={status} options={FILTERS} onChange={setStatus} className="mb-4" />
      {problem && (
        <p role="alert" className="mb-3 text-sm text-danger-text">
          {problem}
        </p>
      )}
      <Card aria-label="Reports" className="py-1 sm:py-2">
        <DataList
          state={reports}
          label="Reports"
          keyOf={({ id }) => id}
          row={(report) => <ReportRow report={report} />}
          empty={
            <EmptyState icon={<FileText />} action={status === "all" ? newReport : undefined}>
              {status === "all" ? "A report values a company; drafts are saved as you type." : "No report has this status."}
            </EmptyState>
          }
        />
      </Card>
    </>
  );
}
