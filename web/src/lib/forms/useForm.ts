import { useCallback, useState, type FormEvent } from "react";
import { readFailure, type Failure, type FieldErrors } from "../errors";
import { useExclusive } from "../hooks/useExclusive";

export type FormState = {
  /** Errors by field. Errors of fields that the form lacks are in `message`. */
  fields: FieldErrors;
  /** The error of the whole form, or null. */
  message: string | null;
  busy: boolean;
  submit: (event?: FormEvent) => void;
  /** Forgets a field's error. Called when the user changes it. */
  touched: (field: string) => void;
  fail: (fields: FieldErrors) => void;
};

/**
 * Runs one submission at a time and keeps the server's errors. `check` finds errors before anything is sent; `save`
 * sends.
 */
export function useForm(options: {
  names: readonly string[];
  check?: () => FieldErrors;
  save: () => Promise<void>;
  /** Handles a failure in another way than by errors and message. Returns true when it did. */
  onFailure?: (failure: Failure) => boolean;
}): FormState {
  const [fields, setFields] = useState<FieldErrors>({});
  const [message, setMessage] = useState<string | null>(null);
  const { busy, run } = useExclusive();

  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    // A dialog's form may sit inside another form's React tree.
    event?.stopPropagation();
    if (busy) return;
    const found = options.check?.() ?? {};
    setFields(found);
    setMessage(null);
    if (Object.keys(found).length > 0) return focusFirst(options.names, found);
    run(() =>
      options.save().catch((error: unknown) => {
        const failure = readFailure(error);
        if (options.onFailure?.(failure)) return;
        const placed = placeErrors(options.names, failure);
        setFields(placed.fields);
        setMessage(placed.message);
        focusFirst(options.names, placed.fields);
      }),
    );
  };
  const touched = useCallback((field: string) => {
    setFields((all) =>
      field in all ? Object.fromEntries(Object.entries(all).filter(([name]) => name !== field)) : all,
    );
  }, []);
  return { fields, message, busy, submit, touched, fail: setFields };
}

/** Splits a failure into errors of the form's fields and one message for the rest. */
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
