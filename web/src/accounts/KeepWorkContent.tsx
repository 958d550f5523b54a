import { useState } from "react";
import { DialogContent } from "@/components/ui/dialog";
import { Segmented } from "@/components/ui/segmented";
import { MovingReports } from "@/valuations/claims/MovingReports";
import { t } from "@/messages/translate";
import { CredentialsForm } from "./CredentialsForm";

const FLOWS = [
  { value: "signUp", label: t("accounts.createAccount") },
  { value: "signIn", label: t("accounts.signIn") },
] as const;
type Flow = (typeof FLOWS)[number]["value"];

const WHAT_HAPPENS: Record<Flow, string> = {
  signUp: t("accounts.keepsAll"),
  signIn: t("accounts.keepsReports"),
};

/** The content of the dialog that says what a guest takes along into an account. Goes into a `Dialog`. */
export function KeepWorkContent() {
  const [flow, setFlow] = useState<Flow>("signUp");
  return (
    <DialogContent title={t("accounts.keepWork")} description={WHAT_HAPPENS[flow]}>
      <Segmented
        label={t("accounts.signInOrCreate")}
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
