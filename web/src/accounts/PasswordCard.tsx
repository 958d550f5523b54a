import { PASSWORD_MIN, passwordProblems, problemsOf } from "@convex/accounts/rules";
import { useAction } from "convex/react";
import { useState } from "react";
import { FormField, FormMessage } from "@/components/FormField";
import { Button } from "@/components/ui/button";
import { Card, CardTitle } from "@/components/ui/card";
import { api } from "@/lib/api";
import { useForm } from "@/lib/forms/useForm";
import { toast } from "@/lib/toasts";
import { t } from "@/messages/translate";
import { PasswordInput } from "./CredentialsForm";
import { useMe } from "./MeProvider";

/** The form that changes the password. It says that this signs out all other devices. */
export function PasswordCard() {
  const { hasPassword, email } = useMe();
  const change = useAction(api.accounts.password.change);
  const [currentPassword, setCurrent] = useState("");
  const [newPassword, setNew] = useState("");
  const form = useForm({
    names: ["currentPassword", "newPassword"],
    check: () =>
      problemsOf({
        currentPassword: hasPassword && currentPassword === "" ? [t("accounts.enterCurrentPassword")] : [],
        newPassword: passwordProblems(newPassword),
      }) ?? {},
    save: async () => {
      const { endedCount } = await change({ newPassword, ...(hasPassword && { currentPassword }) });
      setCurrent("");
      setNew("");
      toast(
        endedCount === 0
          ? t("accounts.passwordChanged")
          : t("accounts.passwordChangedElsewhere", { count: endedCount }),
      );
    },
  });
  return (
    <Card id="password" aria-label={t("accounts.password")}>
      <CardTitle>{hasPassword ? t("accounts.changePassword") : t("accounts.setPassword")}</CardTitle>
      <p className="mt-1 mb-4 text-sm text-muted-foreground">{t("accounts.passwordNote")}</p>
      <form noValidate onSubmit={form.submit} className="max-w-sm space-y-4">
        <input type="email" autoComplete="username" value={email ?? ""} readOnly hidden />
        {hasPassword && (
          <FormField form={form} name="currentPassword" label={t("accounts.currentPassword")}>
            {(wiring) => (
              <PasswordInput
                {...wiring}
                autoComplete="current-password"
                value={currentPassword}
                onChange={(event) => {
                  setCurrent(event.target.value);
                  form.touched("currentPassword");
                }}
              />
            )}
          </FormField>
        )}
        <FormField
          form={form}
          name="newPassword"
          label={t("accounts.newPassword")}
          hint={t("accounts.passwordMinimum", { count: PASSWORD_MIN })}
        >
          {(wiring) => (
            <PasswordInput
              {...wiring}
              autoComplete="new-password"
              value={newPassword}
              onChange={(event) => {
                setNew(event.target.value);
                form.touched("newPassword");
              }}
            />
          )}
        </FormField>
        <FormMessage form={form} />
        <Button type="submit" busy={form.busy}>
          {hasPassword ? t("accounts.changePassword") : t("accounts.setPassword")}
        </Button>
      </form>
    </Card>
  );
}
