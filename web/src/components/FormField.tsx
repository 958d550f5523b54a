import { useId, type ReactNode } from "react";
import type { FormState } from "@/lib/forms/useForm";
import { Label } from "./ui/label";

type Wiring = { id: string; name: string; "aria-invalid": boolean | undefined; "aria-describedby": string | undefined };

type Props = {
  form: FormState;
  name: string;
  label: string;
  hint?: ReactNode;
  /** Spread the wiring on the control. */
  children: (wiring: Wiring) => ReactNode;
};

/** A labeled control with its hint and its errors. */
export function FormField({ form, name, label, hint, children }: Props) {
  const id = useId();
  const errors = form.fields[name];
  const describedBy = [hint && `${id}-hint`, errors && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div className="space-y-1.5">
      <Label htmlFor={id}>{label}</Label>
      {children({ id, name, "aria-invalid": errors ? true : undefined, "aria-describedby": describedBy || undefined })}
      {hint && !errors && (
        <p id={`${id}-hint`} className="text-xs text-muted-foreground">
          {hint}
        </p>
      )}
      {errors && (
        <p id={`${id}-error`} role="alert" className="text-xs text-danger-text">
          {errors.join(" ")}
        </p>
      )}
    </div>
  );
}

/** The error of the form as a whole. */
export function FormMessage({ form }: { form: FormState }) {
  if (!form.message) return null;
  return (
    <p role="alert" className="rounded-control bg-danger-soft px-3 py-2 text-sm text-danger-text">
      {form.message}
    </p>
  );
}
