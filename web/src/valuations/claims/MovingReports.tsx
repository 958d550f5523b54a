import { api } from "@/lib/api";
import { usePaginatedState } from "@/lib/live/usePaginatedState";
import { t } from "@/messages/translate";
import { titleOf } from "../reports";

const SHOWN = 20;

/** The reports that will move into the account that a guest signs in to. */
export function MovingReports() {
  const reports = usePaginatedState(api.valuations.sessions.list, { status: "all" }, SHOWN);
  if (reports.kind !== "ready" || reports.data.length === 0) return null;
  const count = reports.data.length;
  return (
    <div className="mb-4 text-sm">
      <p>{t(reports.loadMore ? "valuations.movingAtLeast" : "valuations.moving", { count })}</p>
      <ul aria-label={t("valuations.movingList")} className="mt-2 max-h-40 list-disc overflow-y-auto pl-5">
        {reports.data.map((report) => (
          <li key={report.id}>{titleOf(report)}</li>
        ))}
      </ul>
    </div>
  );
}
