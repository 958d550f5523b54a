import { Download, ScrollText } from "lucide-react";
import { useState } from "react";
import { usePermission } from "@/accounts/MeProvider";
import { DataList } from "@/components/DataList";
import { PageHeader } from "@/components/PageHeader";
import { EmptyState } from "@/components/states";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Segmented } from "@/components/ui/segmented";
import { Select } from "@/components/ui/select";
import { api } from "@/lib/api";
import { usePaginatedState } from "@/lib/live/usePaginatedState";
import { useServerNow } from "@/lib/time/ServerClock";
import { DAY_MS } from "@/lib/time/time";
import { t } from "@/messages/translate";
import { AuditRow } from "./AuditRow";
import { useExport } from "./useExport";
import { ACTION_OPTIONS, type AuditAction } from "./words";

type Outcome = "all" | "success" | "failure";

const OUTCOMES = [
  { value: "all", label: t("common.all") },
  { value: "success", label: t("audit.succeeded") },
  { value: "failure", label: t("common.failed") },
] as const;

const SCOPES = [
  { value: "tenant", label: t("accounts.organization") },
  { value: "mine", label: t("audit.mine") },
] as const;

const PERIODS = [
  { value: "0", label: t("audit.anyTime") },
  { value: "1", label: t("audit.lastDay") },
  { value: "7", label: t("audit.lastWeek") },
  { value: "30", label: t("audit.lastMonth") },
] as const;

/** Audited actions: the organization's for those with the permission, else the user's own. */
export function AuditPage() {
  const mayViewTenant = usePermission("view_audit");
  const serverNow = useServerNow();
  const [scope, setScope] = useState<"tenant" | "mine">(mayViewTenant ? "tenant" : "mine");
  const [action, setAction] = useState("all");
  const [outcome, setOutcome] = useState<Outcome>("all");
  // The period begins when it is chosen. A bound that moved with the clock would make a new query each time.
  const [period, setPeriod] = useState<{ days: string; from?: number }>({ days: "0" });
  const choosePeriod = (days: string) =>
    setPeriod({ days, ...(days !== "0" && { from: serverNow() - Number(days) * DAY_MS }) });
  const filters = {
    ...(period.from !== undefined && { from: period.from }),
    ...(action !== "all" && { action: action as AuditAction }),
    ...(outcome !== "all" && { outcome }),
  };
  const tenant = usePaginatedState(api.audit.entries.tenant, scope === "tenant" ? filters : "skip", 30);
  const mine = usePaginatedState(api.audit.entries.mine, scope === "mine" ? filters : "skip", 30);
  const { download, busy, problem } = useExport({ scope, ...filters });
  return (
    <>
      <PageHeader
        title={t("shell.audit")}
        description={t("audit.note")}
        action={
          <Button variant="secondary" busy={busy} onClick={download}>
            <Download /> {busy ? t("audit.preparing") : t("audit.exportCsv")}
          </Button>
        }
      />
      <div className="mb-4 flex flex-wrap items-center gap-3">
        {mayViewTenant && <Segmented label={t("audit.scope")} value={scope} options={SCOPES} onChange={setScope} />}
        <Segmented label={t("audit.outcome")} value={outcome} options={OUTCOMES} onChange={setOutcome} />
        <Select
          aria-label={t("audit.action")}
          value={action}
          onChange={setAction}
          options={ACTION_OPTIONS}
          className="w-56"
        />
        <Select
          aria-label={t("audit.period")}
          value={period.days}
          onChange={choosePeriod}
          options={PERIODS}
          className="w-40"
        />
      </div>
      {problem && (
        <p role="alert" className="mb-3 text-sm text-danger-text">
          {problem}
        </p>
      )}
      <Card aria-label={t("audit.entries")} className="py-1 sm:py-2">
        <DataList
          state={scope === "tenant" ? tenant : mine}
          label={t("audit.entries")}
          keyOf={({ id }) => id}
          row={(entry) => <AuditRow entry={entry} />}
          empty={<EmptyState icon={<ScrollText />}>{t("audit.noMatches")}</EmptyState>}
        />
      </Card>
    </>
  );
}
