import { useState } from "react";
import { CredentialsForm } from "@/accounts/CredentialsForm";
import { useMe } from "@/accounts/MeProvider";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Dialog, DialogContent, DialogTrigger } from "@/components/ui/dialog";
import { Segmented } from "@/components/ui/segmented";
import { api } from "@/lib/api";
import { usePaginatedState } from "@/lib/usePaginatedState";
import { titleOf } from "./reports";

const SHOWN = 20;
const FLOWS = [
  { value: "signUp", label: "Create account" },
  { value: "signIn", label: "Sign in" },
] as const;

/** For guests with reports: which ones move into an account, before they do. */
export function KeepReports() {
  const me = useMe();
  const reports = usePaginatedState(api.valuations.sessions.list, me.isAnonymous ? { status: "all" } : "skip", SHOWN);
  const [flow, setFlow] = useState<"signUp" | "signIn">("signUp");
  if (!me.isAnonymous || reports.kind !== "ready" || reports.data.length === 0) return null;
  const count = `${reports.data.length}${reports.loadMore ? " or more" : ""}`;
  return (
    <Card aria-label="Keep your reports" className="mb-4 flex flex-wrap items-center justify-between gap-3">
      <p className="text-sm">Your reports are kept for this browser only. An account takes them along.</p>
      <Dialog>
        <DialogTrigger asChild>
          <Button variant="secondary" size="sm">
            Keep my reports
          </Button>
        </DialogTrigger>
        <DialogContent title="Keep your reports" description={`These move into the account: ${count} ${reports.data.length === 1 ? "report" : "reports"}.`}>
          <ul aria-label="Reports that will move" className="mb-4 max-h-40 list-disc overflow-y-auto pl-5 text-sm">
            {reports.data.map((report) => (
              <li key={report.id}>{titleOf(report)}</li>
            ))}
          </ul>
          <Segmented label="What to do" value={flow} options={FLOWS} onChange={setFlow} className="mb-4 flex [&>*]:flex-1" />
          <CredentialsForm key={flow} flow={flow} initialPassword="" />
        </DialogContent>
      </Dialog>
    </Card>
  );
}
