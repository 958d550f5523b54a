import { useId, useState } from "react";
import { FormField } from "@/components/FormField";
import { FormFooter } from "@/components/FormFooter";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Input } from "@/components/ui/input";
import { useForm } from "@/lib/forms/useForm";
import { t } from "@/messages/translate";
import { SCOPE_LABELS } from "./scopes";

type Props = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  make: (key: { name: string; scopes: string[] }) => Promise<void>;
};

/** Names a key and what it opens. */
export function KeyDialog({ open, onOpenChange, make }: Props) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent title={t("operations.makeKey")} description={t("operations.serviceKeysNote")}>
        <KeyForm make={make} close={() => onOpenChange(false)} />
      </DialogContent>
    </Dialog>
  );
}

function KeyForm({ make, close }: Pick<Props, "make"> & { close: () => void }) {
  const id = useId();
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<string[]>([]);
  const form = useForm({
    names: ["name", "scopes"],
    check: () => ({
      ...(name.trim() === "" && { name: [t("operations.enterKeyName")] }),
      ...(scopes.length === 0 && { scopes: [t("operations.chooseScope")] }),
    }),
    save: async () => {
      await make({ name: name.trim(), scopes });
      close();
    },
  });
  const errors = form.fields.scopes;
  return (
    <form noValidate onSubmit={form.submit} className="space-y-4">
      <FormField form={form} name="name" label={t("operations.keyName")} hint={t("operations.keyNameNote")}>
        {(wiring) => (
          <Input
            {...wiring}
            autoFocus
            maxLength={100}
            value={name}
            onChange={(event) => {
              setName(event.target.value);
              form.touched("name");
            }}
          />
        )}
      </FormField>
      <fieldset aria-describedby={errors ? `${id}-error` : undefined}>
        <legend className="text-sm font-medium">{t("operations.scopes")}</legend>
        {Object.entries(SCOPE_LABELS).map(([scope, label]) => (
          <label key={scope} className="flex min-h-9 items-center gap-2 text-sm">
            <input
              type="checkbox"
              name="scopes"
              className="size-4 accent-accent"
              checked={scopes.includes(scope)}
              onChange={({ target }) => {
                setScopes((all) => (target.checked ? [...all, scope] : all.filter((each) => each !== scope)));
                form.touched("scopes");
              }}
            />
            {label}
          </label>
        ))}
        {errors && (
          <p id={`${id}-error`} role="alert" className="mt-1 text-xs text-danger-text">
            {errors.join(" ")}
          </p>
        )}
      </fieldset>
      <FormFooter form={form} submit={t("operations.makeKey")} onCancel={close} />
    </form>
  );
}
