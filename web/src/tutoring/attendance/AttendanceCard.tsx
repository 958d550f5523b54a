import { Download } from "lucide-react";
import { useEffect, useState } from "react";
import { EmptyState, ListSkeleton } from "@/components/states";
import { Button } from "@/components/ui/button";
import { Card, CardTitle } from "@/components/ui/card";
import { formatDuration, formatExact } from "@/lib/time/time";
import { saveAs, useRest } from "@/lib/server/useRest";
import { t } from "@/messages/translate";

type Attendant = {
  user: { id: number; username: string; first_name: string; last_name: string };
  first_joined_at: string;
  last_left_at: string | null;
  seconds: number;
};

/** For a session's creator: who was in the room, and for how long. */
export function AttendanceCard({ id }: { id: number }) {
  const { call, run, busy, problem } = useRest();
  const [rows, setRows] = useState<Attendant[] | null>(null);
  const path = `/api/sessions/${id}/attendance/`;
  const load = () => run(async () => setRows((await (await call(path)).json()) as Attendant[]));
  const save = () =>
    run(async () => saveAs(await call(path, { headers: { Accept: "text/csv" } }), `attendance-${id}.csv`));
  useEffect(
    load,
    // Once; "Refresh" asks again.
    // oxlint-disable-next-line react/exhaustive-deps
    [id],
  );
  return (
    <Card aria-label={t("tutoring.attendance")}>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <CardTitle>{t("tutoring.attendance")}</CardTitle>
        <span className="flex gap-2">
          <Button variant="ghost" size="sm" busy={busy} onClick={load}>
            {t("tutoring.refresh")}
          </Button>
          <Button variant="secondary" size="sm" busy={busy} onClick={save}>
            <Download />
            {t("tutoring.downloadCsv")}
          </Button>
        </span>
      </div>
      {problem && (
        <p role="alert" className="mt-2 text-sm text-danger-text">
          {problem}
        </p>
      )}
      {!rows && !problem && <ListSkeleton rows={2} />}
      {rows?.length === 0 && <EmptyState className="py-4">{t("tutoring.noAttendance")}</EmptyState>}
      {rows && rows.length > 0 && (
        <ul aria-label={t("tutoring.attendance")} className="mt-2 divide-y">
          {rows.map(({ user, first_joined_at, last_left_at, seconds }) => (
            <li key={user.id} className="flex flex-wrap items-baseline gap-x-3 py-2 text-sm">
              <span className="min-w-32 flex-1 font-medium">
                {[user.first_name, user.last_name].filter(Boolean).join(" ") || user.username}
              </span>
              <span className="figures" title={formatExact(Date.parse(first_joined_at))}>
                {formatDuration(seconds)}
              </span>
              {last_left_at === null && <span className="text-xs text-success">{t("tutoring.insideNow")}</span>}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
