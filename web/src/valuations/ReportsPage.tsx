import { FileText, Plus } from "lucide-react";
import { useState } from "react";
import { KeepWork } from "@/accounts/KeepWork";
import { DataList } from "@/components/DataList";
import { PageHeader } from "@/components/PageHeader";
import { EmptyState } from "@/components/states";
import { Button, type ButtonProps } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { api } from "@/lib/api";
import { usePaginatedState } from "@/lib/live/usePaginatedState";
import { t } from "@/messages/translate";
import { ClaimReceipts } from "./claims/ClaimReceipts";
import { KeptEdits } from "./drafts/KeptEdits";
import { ReportRow } from "./ReportRow";
import { StartFromCard } from "./cards/StartFromCard";
import { StatusFilter, type Filter } from "./StatusFilter";
import { useNewReport } from "./useNewReport";

/** All reports of the user, live. */
export function ReportsPage() {
  const [status, setStatus] = useState<Filter>("all");
  const reports = usePaginatedState(api.valuations.sessions.list, { status });
  const { create, busy, problem } = useNewReport();
  const newReport = (variant: ButtonProps["variant"]) => (
    <Button variant={variant} busy={busy} onClick={create}>
      <Plus />
      {t("valuations.newReport")}
    </Button>
  );
  return (
    <>
      <PageHeader
        title={t("shell.reports")}
        action={
          <>
            <StartFromCard />
            {newReport("primary")}
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
      <Card aria-label={t("shell.reports")} className="py-1 sm:py-2">
        <DataList
          state={reports}
          label={t("shell.reports")}
          keyOf={({ id }) => id}
          row={(report) => <ReportRow wide report={report} />}
          empty={
            <EmptyState icon={<FileText />} action={status === "all" ? newReport("secondary") : undefined}>
              {status === "all" ? t("valuations.noReportsNote") : t("valuations.noneWithStatus")}
            </EmptyState>
          }
        />
      </Card>
    </>
  );
}
