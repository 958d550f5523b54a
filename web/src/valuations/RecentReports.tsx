import { Link } from "react-router";
import { DataList } from "@/components/DataList";
import { EmptyState, ListSkeleton } from "@/components/states";
import { Button } from "@/components/ui/button";
import { Card, CardTitle } from "@/components/ui/card";
import { api } from "@/lib/api";
import { usePaginatedState } from "@/lib/usePaginatedState";
import { ReportRow } from "./ReportRow";
import { useNewReport } from "./useNewReport";

/** The few reports that changed last, for the home page. */
export function RecentReports() {
  const reports = usePaginatedState(api.valuations.sessions.list, { status: "all" }, 4);
  const { create, busy, problem } = useNewReport();
  return (
    <Card aria-label="Recent reports">
      <div className="mb-2 flex items-center justify-between">
        <CardTitle>Recent reports</CardTitle>
        <Button asChild variant="link" size="sm">
          <Link to="/reports">All reports</Link>
        </Button>
      </div>
      <DataList
        state={{ ...reports, loadMore: null, loadingMore: false }}
        label="Recent reports"
        keyOf={({ id }) => id}
        row={(report) => <ReportRow report={report} />}
        skeleton={<ListSkeleton rows={2} />}
        empty={
          <EmptyState
            className="py-4"
            action={
              <Button variant="secondary" size="sm" busy={busy} onClick={create}>
                New report
              </Button>
            }
          >
            {problem ?? "You have no reports yet."}
          </EmptyState>
        }
      />
    </Card>
  );
}
