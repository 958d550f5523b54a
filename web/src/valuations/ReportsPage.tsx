import { FileText, Plus } from "lucide-react";
import { useState } from "react";
import { KeepWork } from "@/accounts/KeepWork";
import { DataList } from "@/components/DataList";
import { PageHeader } from "@/components/PageHeader";
import { EmptyState } from "@/components/states";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { api } from "@/lib/api";
import { usePaginatedState } from "@/lib/live/usePaginatedState";
import { ClaimReceipts } from "./claims/ClaimReceipts";
import { KeptEdits } from "./drafts/KeptEdits";
import { ReportRow } from "./ReportRow";
import { StartFromCard } from "./cards/StartFromCard";
import { StatusFilter, type Filter } from "./StatusFilter";
import { useNewReport } from "./useNewReport";

/** All of one's reports, live. */
export function ReportsPage() {
  const [status, setStatus] = useState<Filter>("all");
  const reports = usePaginatedState(api.valuations.sessions.list, { status });
  const { create, busy, problem } = useNewReport();
  const newReport = (
    <Button busy={busy} onClick={create}>
      <Plus /> New report
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Reports"
        action={
          <>
            <StartFromCard />
            {newReport}
          </>
        }
      />
      <KeptEdits />
      <ClaimReceipts />
      <KeepWork className="mb-4" />
      <StatusFilter value={status} onChange={setStatus} />
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
              {status === "all"
                ? "A report values a company; drafts are saved as you type."
                : "No report has this status."}
            </EmptyState>
          }
        />
      </Card>
    </>
  );
}
