import { useId, useRef, useState } from "react";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Input, Textarea } from "@/components/ui/input";
import { Label } from "@/components/ui/label";
import { cn } from "@/lib/cn";
import { t } from "@/messages/translate";
import { sameJson, wrongText, type Form } from "./edits";
import { answerText, FIELDS, labelOf, readAnswer, textOf, type FormFieldSpec } from "./fields";
import { NumberNote } from "./NumberNote";
import type { DraftEditor } from "./useDraftEditor";

/** The form of a draft. `prefill` holds the answers from its business card. */
export function DraftForm({ editor, prefill }: { editor: DraftEditor; prefill: Form }) {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      {FIELDS.map((field) => (
        <Field
          key={field.name}
          field={field}
          value={editor.form[field.name]}
          wrong={wrongText(editor.edits, field.name)}
          fromCard={Object.hasOwn(prefill, field.name) && sameJson(prefill[field.name], editor.form[field.name])}
          disabled={!editor.ready}
          onChange={(value) => editor.change(field.name, value)}
          onMistype={(text) => editor.mistype(field.name, text)}
        >
          {editor.conflicts.includes(field.name) && <Conflict editor={editor} name={field.name} />}
        </Field>
      ))}
      <OtherAnswers form={editor.form} className="border-t pt-4 sm:col-span-2" />
    </div>
  );
}

/** The answers of a report that is not in progress, read-only. */
export function Answers({ form }: { form: Form }) {
  return (
    <>
      <dl className="grid gap-x-6 gap-y-4 text-sm sm:grid-cols-2">
        {FIELDS.map(({ name, label, kind }) => (
          <div key={name} className={kind === "long" ? "sm:col-span-2" : undefined}>
            <dt className="text-muted-foreground">{label}</dt>
            <dd className="figures mt-0.5 wrap-anywhere whitespace-pre-wrap">
              {textOf(form[name], kind) || <span className="text-muted-foreground">{t("valuations.notAnswered")}</span>}
            </dd>
          </div>
        ))}
      </dl>
      <OtherAnswers form={form} className="mt-4 border-t pt-4" />
    </>
  );
}

/** The answers from other systems, which have no field here. */
function OtherAnswers({ form, className }: { form: Form; className: string }) {
  const others = Object.keys(form).filter((name) => !FIELDS.some((field) => field.name === name));
  if (others.length === 0) return null;
  return (
    <dl className={cn("grid gap-x-6 gap-y-2 text-sm sm:grid-cols-[12rem_1fr]", className)}>
      {others.map((name) => (
        <div key={name} className="contents">
          <dt className="text-muted-foreground">{labelOf(name)}</dt>
          <dd className="min-w-0 wrap-anywhere">{answerText(name, form[name])}</dd>
        </div>
      ))}
    </dl>
  );
}

type FieldProps = {
  field: FormFieldSpec;
  value: unknown;
  /** The typed text if it is not a valid value, else null. */
  wrong: string | null;
  fromCard: boolean;
  disabled: boolean;
  onChange: (value: string | number | null) => void;
  onMistype: (text: string) => void;
  children: React.ReactNode;
};

/** The text of a field. As it was typed, until the value changes from elsewhere to something it does not mean. */
function useTypedText({
  field,
  value,
  wrong,
  onChange,
  onMistype,
}: Pick<FieldProps, "field" | "value" | "wrong" | "onChange" | "onMistype">) {
  const [typed, setTyped] = useState<string | null>(null);
  const [wasTyped, setWasTyped] = useState(false);
  const typedText = wrong ?? typed;
  const reading = typedText === null ? null : readAnswer(field, typedText);
  const stands = wrong !== null || (reading?.kind === "one" && sameJson(reading.value, value ?? null));
  return {
    text: stands && typedText !== null ? typedText : textOf(value, field.kind),
    unsaved: wrong === null ? null : reading,
    readBack: wasTyped && typeof value === "number" ? textOf(value, field.kind) : null,
    leave: () => setTyped(null),
    type: (text: string) => {
      setTyped(text);
      setWasTyped(isNumeric(field));
      const next = readAnswer(field, text);
      if (next.kind === "one") onChange(next.value);
      else onMistype(text);
    },
    choose: (number: number) => {
      setTyped(null);
      setWasTyped(true);
      onChange(number);
    },
  };
}

const isNumeric = ({ kind }: FormFieldSpec) => kind === "number" || kind === "year";

function Field({ fromCard, disabled, children, ...answer }: FieldProps) {
  const { field, wrong } = answer;
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const { text, unsaved, readBack, leave, type, choose } = useTypedText(answer);
  const isNumber = isNumeric(field);
  const hint = "hint" in field ? field.hint : undefined;
  const hasNote = unsaved !== null || readBack !== null || hint !== undefined;
  const control = {
    id,
    name: field.name,
    value: text,
    disabled,
    "aria-invalid": wrong !== null || undefined,
    "aria-describedby": hasNote ? `${id}-note` : undefined,
    onBlur: leave,
    onChange: (event: { target: { value: string } }) => type(event.target.value),
  };
  const chooseAndFocus = (number: number) => {
    choose(number);
    input.current?.focus();
  };
  return (
    <div className={field.kind === "long" ? "space-y-1.5 sm:col-span-2" : "space-y-1.5"}>
      <div className="flex items-center justify-between gap-2">
        <Label htmlFor={id}>{field.label}</Label>
        {fromCard && <Badge tone="neutral">{t("valuations.fromTheCard")}</Badge>}
      </div>
      {field.kind === "long" ? (
        <Textarea {...control} rows={3} />
      ) : (
        <Input {...control} ref={input} inputMode={isNumber ? "decimal" : undefined} />
      )}
      {isNumber ? (
        <NumberNote id={`${id}-note`} field={field} unsaved={unsaved} readBack={readBack} onChoose={chooseAndFocus} />
      ) : (
        hint && (
          <p id={`${id}-note`} className="text-xs text-muted-foreground">
            {hint}
          </p>
        )
      )}
      {children}
    </div>
  );
}

/** Both values of a field that was changed on two sides. The user chooses. */
function Conflict({ editor, name }: { editor: DraftEditor; name: string }) {
  const choices = [
    {
      label: t("valuations.yourVersion"),
      value: editor.edits[name]?.value,
      action: t("valuations.keepMine"),
      choose: () => editor.keepMine(name),
    },
    {
      label: t("valuations.otherVersion"),
      value: editor.server[name],
      action: t("valuations.useTheirs"),
      choose: () => editor.takeTheirs(name),
    },
  ];
  return (
    <div
      role="group"
      aria-label={t("valuations.twoVersions", { field: labelOf(name) })}
      className="grid grid-cols-2 gap-2"
    >
      {choices.map(({ label, value, action, choose }) => (
        <div key={label} className="min-w-0 rounded-control border bg-surface-muted p-2 text-sm">
          <p className="text-xs text-muted-foreground">{label}</p>
          <p className="my-1 wrap-anywhere">{answerText(name, value) || t("valuations.empty")}</p>
          <Button variant="secondary" size="sm" onClick={choose}>
            {action}
          </Button>
        </div>
      ))}
    </div>
  );
}
