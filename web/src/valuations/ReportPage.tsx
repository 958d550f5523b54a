import { useMutation } from "convex/react";
import { Archive, ArchiveRestore, Check, RotateCcw, Trash2 } from "lucide-react";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { useMe } from "@/accounts/MeProvider";
import { PageFailure } from "@/components/PageFailure";
import { PageHeader } from "@/components/PageHeader";
import { OfflineNote } from "@/components/states";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card, CardTitle } from "@/components/ui/card";
import { api } from "@/lib/api";
import { readFailure } from "@/lib/errors";
import { useLastShown } from "@/lib/hooks/useLastShown";
import { useQueryState } from "@/lib/live/useQueryState";
import { PageSkeleton } from "@/shell/ShellSkeleton";
import { t } from "@/messages/translate";
import type { Report, ReportStatus } from "./api";
import { DraftAside } from "./drafts/DraftAside";
import { Answers, DraftForm } from "./drafts/DraftForm";
import { LeftEdits } from "./drafts/LeftEdits";
import { lookOf, prefillOf, titleOf } from "./reports";
import { SaveWord } from "./drafts/SaveWord";
import { useDraftEditor } from "./drafts/useDraftEditor";
import { useDeleteReport } from "./useDeleteReport";

/** One report, live: its answers and its status. */
export function ReportPage() {
  const { reportId = "" } = useParams();
  const report = useQueryState(api.valuations.sessions.get, { reportId });
  const shown = useLastShown(reportId, report.kind === "ready" ? titleOf(report.data) : undefined);
  const [leaving, setLeaving] = useState(false);
  if (report.kind === "loading" || (leaving && report.kind === "error")) return <PageSkeleton />;
  if (report.kind === "error")
    return (
      <PageFailure
        {...report}
        kind="report"
        back={{ to: "/reports", label: t("valuations.allReports") }}
        shown={shown}
      />
    );
  return <Shown key={reportId} report={report.data} setLeaving={setLeaving} />;
}

/** @param props.setLeaving called with true while the report is deleted from here, which is then no news to tell */
function Shown({ report, setLeaving }: { report: Report; setLeaving: (leaving: boolean) => void }) {
  const update = useMutation(api.valuations.sessions.update);
  const deleteReport = useDeleteReport();
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const { label, tone } = lookOf(report.status);
  const editor = useDraftEditor(report, useMe().id);
  const inProgress = report.status === "IN_PROGRESS";
  const isEmpty = Object.keys(editor.form).length === 0;
  const run = (act: () => Promise<unknown>) => {
    setBusy(true);
    setProblem(null);
    act()
      .catch((error: unknown) => setProblem(readFailure(error).message))
      .finally(() => setBusy(false));
  };
  const move = (status: ReportStatus) => run(() => update({ reportId: report.reportId, status }));
  const drop = () => {
    setLeaving(true);
    run(async () => {
      try {
        await deleteReport(report.reportId, titleOf(report));
      } catch (error) {
        setLeaving(false);
        throw error;
      }
      await navigate("/reports");
    });
  };
  return (
    <>
      <PageHeader
        title={titleOf(report)}
        status={
          <span className="flex flex-wrap items-center gap-3">
            <Badge tone={tone}>{label}</Badge>
            {inProgress && <SaveWord state={editor.state} />}
          </span>
        }
        description={inProgress && isEmpty ? t("valuations.nothingToComplete") : undefined}
        action={
          inProgress ? (
            <Button
              busy={busy}
              disabled={!editor.ready || editor.state !== "saved" || isEmpty}
              onClick={() => move("COMPLETED")}
            >
              <Check />
              {t("valuations.complete")}
            </Button>
          ) : (
            <Button variant="secondary" busy={busy} onClick={() => move("IN_PROGRESS")}>
              <RotateCcw />
              {t("valuations.continue")}
            </Button>
          )
        }
      />
      <OfflineNote className="mb-2" />
      {(problem ?? editor.problem) && (
        <p role="alert" className="mb-3 text-sm text-danger-text">
          {problem ?? editor.problem}
        </p>
      )}
      {!inProgress && <p className="mb-3 text-sm text-muted-foreground">{t("valuations.continueNote")}</p>}
      {!inProgress && (
        <LeftEdits edits={editor.edits} busy={busy} onContinue={() => move("IN_PROGRESS")} onDiscard={editor.discard} />
      )}
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_18rem]">
        <Card aria-label={t("valuations.answers")}>
          <CardTitle className="mb-4">{t("valuations.answers")}</CardTitle>
          {inProgress ? <DraftForm editor={editor} prefill={prefillOf(report)} /> : <Answers form={editor.server} />}
        </Card>
        <DraftAside report={report} form={inProgress ? editor.form : editor.server}>
          {report.status !== "ARCHIVED" ? (
            <Button variant="ghost" size="sm" busy={busy} onClick={() => move("ARCHIVED")}>
              <Archive />
              {t("valuations.archive")}
            </Button>
          ) : (
            <Button variant="ghost" size="sm" busy={busy} onClick={() => move("COMPLETED")}>
              <ArchiveRestore />
              {t("valuations.markCompleted")}
            </Button>
          )}
          <Button variant="quietDanger" size="sm" busy={busy} onClick={drop}>
            <Trash2 />
            {t("common.delete")}
          </Button>
        </DraftAside>
      </div>
    </>
  );
}
