import { useEffect, useState } from "react";
import { Link } from "react-router";
import { useMe } from "@/accounts/MeProvider";
import { api } from "@/lib/api";
import { useOnline } from "@/lib/live/useOnline";
import { useQueryState } from "@/lib/live/useQueryState";
import { t } from "@/messages/translate";
import type { Report } from "../api";
import { titleOf } from "../reports";
import { reportsWithKeptEdits } from "./storedEdits";
import { useDraftEditor } from "./useDraftEditor";

/** Sends edits that earlier visits left on this device, and names the reports that need the user's choice. */
export function KeptEdits() {
  const { id } = useMe();
  const online = useOnline();
  const [reportIds, setReportIds] = useState<string[]>([]);
  useEffect(() => {
    if (!online) return;
    let current = true;
    reportsWithKeptEdits(id).then(
      (found) => current && setReportIds(found),
      // Without storage nothing was kept.
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [id, online]);
  return reportIds.map((reportId) => <Kept key={reportId} reportId={reportId} />);
}

function Kept({ reportId }: { reportId: string }) {
  const report = useQueryState(api.valuations.sessions.get, { reportId });
  return report.kind === "ready" && report.data.status === "IN_PROGRESS" ? <Sent report={report.data} /> : null;
}

function Sent({ report }: { report: Report }) {
  const { state, problem } = useDraftEditor(report, useMe().id);
  if (state !== "conflict" && state !== "failed" && state !== "wrong") return null;
  const reason = state === "wrong" ? t("valuations.keptWrong") : t("valuations.keptConflict");
  return (
    <p role="status" className="mb-4 rounded-card bg-warning-soft px-4 py-3 text-sm text-warning">
      {problem ?? reason}{" "}
      <Link className="font-medium underline" to={`/reports/${encodeURIComponent(report.reportId)}`}>
        {t(problem || state === "wrong" ? "valuations.openReport" : "valuations.chooseIn", { title: titleOf(report) })}
      </Link>
    </p>
  );
}
