import { Download } from "lucide-react";
import { useId, useState } from "react";
import { usePermission } from "@/accounts/MeProvider";
import { PageHeader } from "@/components/PageHeader";
import { ErrorState } from "@/components/states";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Input } from "@/components/ui/input";
import { Label } from "@/components/ui/label";
import { Segmented } from "@/components/ui/segmented";
import { saveAs, useRest } from "@/lib/server/useRest";
import { useToday } from "@/lib/time/useToday";
import { t } from "@/messages/translate";
import type { Range } from "./api";
import { DailyCard } from "./DailyCard";
import { lastDays } from "./days";
import { FunnelsCard } from "./FunnelsCard";
import { ReturnsCard } from "./ReturnsCard";

const PRESETS = [7, 30, 90].map((count) => ({ value: String(count), label: t("analytics.days", { count }) }));
/** A sentence, as the server's own are. */
const FORBIDDEN = {
  code: "FORBIDDEN",
  message: t("analytics.noAccess"),
  fields: {},
  retryAfterSeconds: null,
  data: {},
};

/** The acts of an organization's people, by day. */
export function AnalyticsPage() {
  const isAllowed = usePermission("view_analytics");
  const { today } = useToday("UTC");
  const [preset, setPreset] = useState("30");
  const [chosen, setChosen] = useState<Range | null>(null);
  const range = chosen ?? lastDays(Number(preset), Date.parse(today));
  const { call, run, busy, problem } = useRest();
  const choose = (days: string) => {
    setPreset(days);
    setChosen(null);
  };
  const change = (changes: Partial<Range>) => {
    setPreset("");
    setChosen({ ...range, ...changes });
  };
  const download = () =>
    run(async () => {
      const path = `/api/v1/analytics/daily/?${new URLSearchParams(range).toString()}`;
      await saveAs(await call(path, { headers: { Accept: "text/csv" } }), `analytics-${range.from}-${range.to}.csv`);
    });
  return (
    <>
      <PageHeader
        title={t("analytics.analytics")}
        description={t("analytics.note")}
        action={
          isAllowed && (
            <Button variant="secondary" busy={busy} onClick={download}>
              <Download />
              {t("analytics.exportCsv")}
            </Button>
          )
        }
      />
      {isAllowed ? (
        <>
          <div className="mb-4 flex flex-wrap items-end gap-3">
            <Segmented label={t("analytics.range")} value={preset} options={PRESETS} onChange={choose} />
            <DayField label={t("analytics.from")} value={range.from} onChange={(from) => change({ from })} />
            <DayField label={t("analytics.to")} value={range.to} onChange={(to) => change({ to })} />
          </div>
          {problem && (
            <p role="alert" className="mb-3 text-sm text-danger-text">
              {problem}
            </p>
          )}
          <div className="space-y-6">
            <DailyCard range={range} />
            <FunnelsCard range={range} />
            <ReturnsCard />
          </div>
        </>
      ) : (
        <Card>
          <ErrorState failure={FORBIDDEN} />
        </Card>
      )}
    </>
  );
}

type FieldProps = { label: string; value: string; onChange: (day: string) => void };

function DayField({ label, value, onChange }: FieldProps) {
  const id = useId();
  return (
    <div className="flex items-center gap-2">
      <Label htmlFor={id} className="max-sm:w-10">
        {label}
      </Label>
      {/* An empty day is one that is being typed. */}
      <Input
        id={id}
        type="date"
        className="w-40"
        value={value}
        onChange={(event) => event.target.value !== "" && onChange(event.target.value)}
      />
    </div>
  );
}
