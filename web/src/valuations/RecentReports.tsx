import { useState } from "react";
import { Link } from "react-router";
import { DataList } from "@/components/DataList";
import { EmptyState, ListSkeleton } from "@/components/states";
import { Button } from "@/components/ui/button";
import { Card, CardTitle } from "@/components/ui/card";
import { api } from "@/lib/api";
import { usePaginatedState } from "@/lib/live/usePaginatedState";
import { t } from "@/messages/translate";
import { ReportRow } from "./ReportRow";
import { StatusFilter, type Filter } from "./StatusFilter";
import { useNewReport } from "./useNewReport";

const SHOWN = 4;

/** The most recently changed reports, for the home page. */
export function RecentReports() {
  const [status, setStatus] = useState<Filter>("all");
  const reports = usePaginatedState(api.valuations.sessions.list, { status }, SHOWN);
  const { create, busy, problem } = useNewReport();
  const hasNone = status === "all" && reports.kind === "ready" && reports.data.length === 0;
  const newReport = (
    <Button variant="secondary" size="sm" busy={busy} onClick={create}>
      {t("valuations.newReport")}
    </Button>
  );
  return (
    <Card aria-label={t("valuations.recentReports")}>
      <div className="mb-2 flex items-center justify-between">
        <CardTitle>{t("valuations.recentReports")}</CardTitle>
        <Button asChild variant="link" size="sm">
          <Link to="/reports">{t("valuations.allReports")}</Link>
        </Button>
      </div>
      {!hasNone && <StatusFilter value={status} onChange={setStatus} />}
      <DataList
        state={reports}
        label={t("valuations.recentReports")}
        keyOf={({ id }) => id}
        row={(report) => <ReportRow report={report} />}
        skeleton={<ListSkeleton rows={2} />}
        empty={
          <EmptyState className="py-4" action={status === "all" ? newReport : undefined}>
            {problem ?? (status === "all" ? t("valuations.noReports") : t("valuations.noneWithStatus"))}
          </EmptyState>
        }
      />
    </Card>
  );
}
