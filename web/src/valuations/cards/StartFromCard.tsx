import { TOKEN_MAX } from "@convex/valuations/rules";
import { useAction, useMutation } from "convex/react";
import { IdCard } from "lucide-react";
import { useState } from "react";
import { useNavigate } from "react-router";
import { FormField } from "@/components/FormField";
import { FormFooter } from "@/components/FormFooter";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent, DialogTrigger } from "@/components/ui/dialog";
import { Input } from "@/components/ui/input";
import { api } from "@/lib/api";
import type { FieldErrors } from "@/lib/errors";
import { useForm } from "@/lib/forms/useForm";
import { t } from "@/messages/translate";
import { useNewReport } from "../useNewReport";

/** Starts a report that is filled in from a business card. Nothing is created for an unknown card. */
export function StartFromCard() {
  const check = useAction(api.valuations.cards.check);
  const create = useMutation(api.valuations.sessions.create);
  const navigate = useNavigate();
  const [open, setOpen] = useState(false);
  const [token, setToken] = useState("");
  const [unreadable, setUnreadable] = useState(false);
  const empty = useNewReport();
  const form = useForm({
    names: ["businessCardToken"],
    check: (): FieldErrors => (token.trim() === "" ? { businessCardToken: [t("valuations.enterCode")] } : {}),
    save: async () => {
      const isKnown = await check({ token: token.trim() });
      setUnreadable(false);
      if (!isKnown) return form.fail({ businessCardToken: [t("valuations.cardNotFound")] });
      const { reportId } = await create({ businessCardToken: token.trim() });
      await navigate(`/reports/${encodeURIComponent(reportId)}`);
    },
    onFailure: ({ code }) => {
      setUnreadable(code === "UNAVAILABLE");
      return code === "UNAVAILABLE";
    },
  });
  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger asChild>
        <Button variant="secondary">
          <IdCard />
          {t("valuations.fromACard")}
        </Button>
      </DialogTrigger>
      <DialogContent title={t("valuations.startFromCard")} description={t("valuations.startFromCardNote")}>
        <form noValidate onSubmit={form.submit} className="space-y-4">
          <FormField form={form} name="businessCardToken" label={t("valuations.cardCodeLabel")}>
            {(wiring) => (
              <Input
                {...wiring}
                autoComplete="off"
                maxLength={TOKEN_MAX}
                value={token}
                onChange={(event) => {
                  setToken(event.target.value);
                  form.touched("businessCardToken");
                }}
              />
            )}
          </FormField>
          {unreadable && (
            <div className="rounded-control bg-warning-soft px-3 py-2 text-sm text-warning">
              <p role="alert">{t("valuations.cardsUnreadable")}</p>
              <Button variant="secondary" size="sm" className="mt-2" busy={empty.busy} onClick={empty.create}>
                {t("valuations.startWithoutCard")}
              </Button>
            </div>
          )}
          {empty.problem && (
            <p role="alert" className="text-sm text-danger-text">
              {empty.problem}
            </p>
          )}
          <FormFooter
            form={form}
            submit={unreadable ? t("common.tryAgain") : t("valuations.start")}
            onCancel={() => setOpen(false)}
          />
        </form>
      </DialogContent>
    </Dialog>
  );
}
