import { useMutation } from "convex/react";
import { Link } from "react-router";
import { RelativeTime } from "@/components/RelativeTime";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { api } from "@/lib/api";
import { useQueryState } from "@/lib/live/useQueryState";
import { rich, t } from "@/messages/translate";
import { titleOf } from "../reports";

const NAMED = 3;

/** The reports that moved into the account from guest work, until the note is dismissed. */
export function ClaimReceipts() {
  const receipts = useQueryState(api.valuations.claims.receipts, {});
  const dismiss = useMutation(api.valuations.claims.dismiss);
  if (receipts.kind !== "ready") return null;
  return receipts.data.map(({ id, at, count, reportIds }) => (
    <Card
      key={id}
      role="status"
      aria-label={t("valuations.reportsMoved")}
      className="mb-4 flex flex-wrap items-center justify-between gap-3 text-sm"
    >
      <p>
        {rich("valuations.claimed", {
          count,
          time: () => <RelativeTime at={at} />,
          names: () =>
            reportIds.slice(0, NAMED).map((reportId, index) => (
              <span key={reportId}>
                {index > 0 && ", "}
                <ReportName reportId={reportId} />
              </span>
            )),
        })}
        {count > NAMED && `, ${t("valuations.more", { count: count - NAMED })}`}
      </p>
      <Button variant="ghost" size="sm" onClick={() => void dismiss({ id })}>
        {t("valuations.gotIt")}
      </Button>
    </Card>
  ));
}

/** The report by its company's name. A deleted report is named without a link. */
function ReportName({ reportId }: { reportId: string }) {
  const report = useQueryState(api.valuations.sessions.get, { reportId });
  if (report.kind === "error") return t("valuations.deletedReport", { title: titleOf({ reportId, formData: {} }) });
  return (
    <Link className="underline" to={`/reports/${encodeURIComponent(reportId)}`}>
      {titleOf(report.kind === "ready" ? report.data : { reportId, formData: {} })}
    </Link>
  );
}
