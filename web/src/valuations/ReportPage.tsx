import { useMutation } from "convex/react";
import { Archive, ArchiveRestore, Check, RotateCcw, Trash2 } from "lucide-react";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { PageHeader } from "@/components/PageHeader";
import { RelativeTime } from "@/components/RelativeTime";
import { ErrorState, OfflineNote } from "@/components/states";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card, CardTitle } from "@/components/ui/card";
import { api } from "@/lib/api";
import { readFailure } from "@/lib/errors";
import { useQueryState } from "@/lib/useQueryState";
import { PageSkeleton } from "@/shell/ShellSkeleton";
import type { Report, ReportStatus } from "./api";
import { formOf, lookOf, titleOf } from "./reports";
import { useDeleteReport } from "./useDeleteReport";

/** One report, live: what it holds and where it stands. */
export function ReportPage() {
  const { reportId = "" } = useParams();
  const report = useQueryState(api.valuations.sessions.get, { reportId });
  if (report.kind === "loading") return <PageSkeleton />;
  if (report.kind === "error") return <ErrorState failure={report.failure} retry={report.retry} />;
  return <Shown report={report.data} />;
}

function Shown({ report }: { report: Report }) {
  const update = useMutation(api.valuations.sessions.update);
  const deleteReport = useDeleteReport();
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const { label, tone } = lookOf(report.status);
  const run = (act: () => Promise<unknown>) => {
    setBusy(true);
    setProblem(null);
    act()
      .catch((error: unknown) => setProblem(readFailure(error).message))
      .finally(() => setBusy(false));
  };
  const move = (status: ReportStatus) => run(() => update({ reportId: report.reportId, status }));
  const drop = () => run(() => deleteReport(report.reportId, titleOf(report)).then(() => navigate("/reports")));
  return (
    <>
      <PageHeader
        title={titleOf(report)}
        status={<Badge tone={tone}>{label}</Badge>}
        description={
          <>
            Changed <RelativeTime at={report.updatedAt} />
            {report.prefilledFromCard && " · prefilled from a business card"}
          </>
        }
        action={
          report.status === "IN_PROGRESS" ? (
            <Button busy={busy} onClick={() => move("COMPLETED")}>
              <Check /> Complete
            </Button>
          ) : (
            <Button variant="secondary" busy={busy} onClick={() => move("IN_PROGRESS")}>
              <RotateCcw /> Continue
            </Button>
          )
        }
      />
      <OfflineNote className="mb-2" />
      {problem && (
        <p role="alert" className="mb-3 text-sm text-danger-text">
          {problem}
        </p>
      )}
      <Card aria-label="Answers">
        <CardTitle className="mb-4">Answers</CardTitle>
        <Answers form={formOf(report)} />
      </Card>
      <div className="mt-4 flex gap-2">
        {report.status !== "ARCHIVED" ? (
          <Button variant="ghost" size="sm" busy={busy} onClick={() => move("ARCHIVED")}>
            <Archive /> Archive
          </Button>
        ) : (
          <Button variant="ghost" size="sm" busy={busy} onClick={() => move("COMPLETED")}>
            <ArchiveRestore /> Mark completed
          </Button>
        )}
        <Button variant="quietDanger" size="sm" busy={busy} onClick={drop}>
          <Trash2 /> Delete
        </Button>
      </div>
    </>
  );
}

function Answers({ form }: { form: Record<string, unknown> }) {
  const entries = Object.entries(form).filter(([, value]) => value !== null && value !== "");
  if (entries.length === 0) return <p className="text-sm text-muted-foreground">Nothing has been answered yet.</p>;
  return (
    <dl className="grid gap-x-6 gap-y-3 text-sm sm:grid-cols-[12rem_1fr]">
      {entries.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-muted-foreground">{name.replaceAll("_", " ")}</dt>
          <dd className="break-words">{typeof value === "string" || typeof value === "number" ? value : JSON.stringify(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
