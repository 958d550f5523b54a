import { useCallback, useState, type FormEvent } from "react";
import { readFailure, type Failure, type FieldErrors } from "../errors";

export type FormState = {
  /** What is wrong with each field; a field not on the form is part of `message`. */
  fields: FieldErrors;
  /** What is wrong with the whole, or null. */
  message: string | null;
  busy: boolean;
  submit: (event?: FormEvent) => void;
  /** Forgets a field's error, as soon as the user changes it. */
  touched: (field: string) => void;
  fail: (fields: FieldErrors) => void;
};

/**
 * Runs a submission once at a time and keeps what the server says about it. `check` finds what is wrong before
 * anything is sent; `save` sends.
 */
export function useForm(options: {
  names: readonly string[];
  check?: () => FieldErrors;
  save: () => Promise<void>;
  /** Another reading of a failure than field errors and its message; true when it has been dealt with. */
  onFailure?: (failure: Failure) => boolean;
}): FormState {
  const [fields, setFields] = useState<FieldErrors>({});
  const [message, setMessage] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    // A dialog's form may sit inside another form's React tree.
    event?.stopPropagation();
    if (busy) return;
    const found = options.check?.() ?? {};
    setFields(found);
    setMessage(null);
    if (Object.keys(found).length > 0) return focusFirst(options.names, found);
    setBusy(true);
    options
      .save()
      .catch((error: unknown) => {
        const failure = readFailure(error);
        if (options.onFailure?.(failure)) return;
        const placed = placeErrors(options.names, failure);
        setFields(placed.fields);
        setMessage(placed.message);
        focusFirst(options.names, placed.fields);
      })
      .finally(() => setBusy(false));
  };
  const touched = useCallback((field: string) => {
    setFields((all) =>
      field in all ? Object.fromEntries(Object.entries(all).filter(([name]) => name !== field)) : all,
    );
  }, []);
  return { fields, message, busy, submit, touched, fail: setFields };
}

/** Splits a failure into errors beside fields the form has and one message for the rest. */
export function placeErrors(
  names: readonly string[],
  failure: Failure,
): { fields: FieldErrors; message: string | null } {
  const entries = Object.entries(failure.fields).filter(([, reasons]) => reasons.length > 0);
  const own = entries.filter(([name]) => names.includes(name));
  const others = entries
    .filter(([name]) => !names.includes(name))
    .map(([name, reasons]) => `${name}: ${reasons.join(" ")}`);
  const message = others.length > 0 ? others.join(" ") : own.length > 0 ? null : failure.message;
  return { fields: Object.fromEntries(own), message };
}

function focusFirst(names: readonly string[], fields: FieldErrors): void {
  const first = names.find((name) => name in fields);
  if (first) document.querySelector<HTMLElement>(`form [name="${first}"]`)?.focus();
}
