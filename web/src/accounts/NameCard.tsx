import { NAME_MAX } from "@convex/accounts/rules";
import { useMutation } from "convex/react";
import { useState } from "react";
import { FormField, FormMessage } from "@/components/FormField";
import { Button } from "@/components/ui/button";
import { Card, CardTitle } from "@/components/ui/card";
import { Input } from "@/components/ui/input";
import { api } from "@/lib/api";
import { useForm } from "@/lib/forms/useForm";
import { toast } from "@/lib/toasts";
import { t } from "@/messages/translate";
import { useMe } from "./MeProvider";

type Names = { firstName: string; lastName: string };

/** The form for the name that others see. Without one they see the user name. */
export function NameCard() {
  const me = useMe();
  const update = useMutation(api.accounts.users.updateProfile);
  const [typed, setTyped] = useState<Partial<Names>>({});
  const names: Names = { firstName: me.firstName, lastName: me.lastName, ...typed };
  const form = useForm({
    names: ["firstName", "lastName"],
    save: async () => {
      await update(names);
      setTyped({});
      toast(t("accounts.nameSaved"));
    },
  });
  const field = (name: keyof Names, label: string, autoComplete: string) => (
    <FormField form={form} name={name} label={label}>
      {(wiring) => (
        <Input
          {...wiring}
          autoComplete={autoComplete}
          maxLength={NAME_MAX}
          value={names[name]}
          onChange={(event) => {
            setTyped({ ...typed, [name]: event.target.value });
            form.touched(name);
          }}
        />
      )}
    </FormField>
  );
  return (
    <Card aria-label={t("accounts.yourName")}>
      <CardTitle>{t("accounts.yourName")}</CardTitle>
      <p className="mt-1 mb-4 text-sm text-muted-foreground">{t("accounts.nameNote")}</p>
      <form noValidate onSubmit={form.submit} className="max-w-sm space-y-4">
        {field("firstName", t("accounts.firstName"), "given-name")}
        {field("lastName", t("accounts.lastName"), "family-name")}
        <FormMessage form={form} />
        <Button type="submit" busy={form.busy}>
          {t("accounts.saveName")}
        </Button>
      </form>
    </Card>
  );
}
