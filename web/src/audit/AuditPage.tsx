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
import { AuditRow } from "./AuditRow";
import { useExport } from "./useExport";
import { ACTION_OPTIONS, type AuditAction } from "./words";

type Outcome = "all" | "success" | "failure";

const OUTCOMES = [
  { value: "all", label: "All" },
  { value: "success", label: "Succeeded" },
  { value: "failure", label: "Failed" },
] as const;

const SCOPES = [
  { value: "tenant", label: "Organisation" },
  { value: "mine", label: "Mine" },
] as const;

const DAY_MS = 86_400_000;
const PERIODS = [
  { value: "0", label: "Any time" },
  { value: "1", label: "Last 24 hours" },
  { value: "7", label: "Last 7 days" },
  { value: "30", label: "Last 30 days" },
] as const;

/** Who did what, when, from where: the organisation's for those who may see it, else one's own. */
export function AuditPage() {
  const mayViewTenant = usePermission("view_audit");
  const [scope, setScope] = useState<"tenant" | "mine">(mayViewTenant ? "tenant" : "mine");
  const [action, setAction] = useState("all");
  const [outcome, setOutcome] = useState<Outcome>("all");
  // Begins when it is chosen: a bound that moved with the clock would be a new query every time.
  const [period, setPeriod] = useState<{ days: string; from?: number }>({ days: "0" });
  const choosePeriod = (days: string) =>
    setPeriod({ days, ...(days !== "0" && { from: Date.now() - Number(days) * DAY_MS }) });
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
        title="Audit"
        description="Nobody can change or remove an entry."
        action={
          <Button variant="secondary" busy={busy} onClick={download}>
            <Download /> {busy ? "Preparing" : "Export CSV"}
          </Button>
        }
      />
      <div className="mb-4 flex flex-wrap items-center gap-3">
        {mayViewTenant && <Segmented label="Whose" value={scope} options={SCOPES} onChange={setScope} />}
        <Segmented label="Outcome" value={outcome} options={OUTCOMES} onChange={setOutcome} />
        <Select aria-label="Act" value={action} onChange={setAction} options={ACTION_OPTIONS} className="w-56" />
        <Select aria-label="When" value={period.days} onChange={choosePeriod} options={PERIODS} className="w-40" />
      </div>
      {problem && (
        <p role="alert" className="mb-3 text-sm text-danger-text">
          {problem}
        </p>
      )}
      <Card aria-label="Entries" className="py-1 sm:py-2">
        <DataList
          state={scope === "tenant" ? tenant : mine}
          label="Audit entries"
          keyOf={({ id }) => id}
          row={(entry) => <AuditRow entry={entry} />}
          empty={<EmptyState icon={<ScrollText />}>No entry matches these filters.</EmptyState>}
        />
      </Card>
    </>
  );
}
