import { useState } from "react";
import { DialogContent } from "@/components/ui/dialog";
import { Segmented } from "@/components/ui/segmented";
import { MovingReports } from "@/valuations/claims/MovingReports";
import { CredentialsForm } from "./CredentialsForm";

const FLOWS = [
  { value: "signUp", label: "Create account" },
  { value: "signIn", label: "Sign in" },
] as const;
type Flow = (typeof FLOWS)[number]["value"];

const WHAT_HAPPENS: Record<Flow, string> = {
  signUp: "All of it stays yours: goals, sessions, XP, streak and reports.",
  signIn:
    "Into an account that you have already, only your reports move. Goals, sessions, XP and streak stay behind, and nobody can come back to them.",
};

/** What a guest takes along into an account, said before it happens. Goes into a `Dialog`. */
export function KeepWorkContent() {
  const [flow, setFlow] = useState<Flow>("signUp");
  return (
    <DialogContent title="Keep your work" description={WHAT_HAPPENS[flow]}>
      <Segmented
        label="What to do"
        value={flow}
        options={FLOWS}
        onChange={setFlow}
        className="mb-4 flex [&>*]:flex-1"
      />
      {flow === "signIn" && <MovingReports />}
      <CredentialsForm key={flow} flow={flow} initialPassword="" />
    </DialogContent>
  );
}
