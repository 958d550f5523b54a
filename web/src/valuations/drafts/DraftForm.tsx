import { useId, useRef, useState, type ComponentProps } from "react";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Input, Textarea } from "@/components/ui/input";
import { Label } from "@/components/ui/label";
import { Select } from "@/components/ui/select";
import { cn } from "@/lib/cn";
import { numbersLocale } from "@/lib/locale/locale";
import { useServerNow } from "@/lib/time/ServerClock";
import { t } from "@/messages/translate";
import { countryCodeOf, countryOptions, currencyOptions } from "./countries";
import { sameJson, wrongText, type Form } from "./edits";
import { AnswerNote } from "./AnswerNote";
import {
  answerText,
  CURRENCY,
  FIELDS,
  labelOf,
  readAnswer,
  textOf,
  type AnswerReading,
  type FormFieldSpec,
} from "./fields";
import { currencyAfter, findCurrencyProblem, revenueText, shownCurrency } from "./money";
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
          refused={refusalOf(editor, field.name)}
          fromCard={Object.hasOwn(prefill, field.name) && sameJson(prefill[field.name], editor.form[field.name])}
          disabled={!editor.ready}
          onChange={(value, typed) => answer(editor, field.name, value, typed)}
          onMistype={(text) => editor.mistype(field.name, text)}
          findProblem={(text) => (field.name === "revenue" ? findCurrencyProblem(editor.form, text) : null)}
          beside={field.name === "revenue" && <CurrencyChoice editor={editor} />}
        >
          {namesIn(field.name).map(
            (name) => editor.conflicts.includes(name) && <Conflict key={name} editor={editor} name={name} />,
          )}
        </Field>
      ))}
      <OtherAnswers form={editor.form} className="border-t pt-4 sm:col-span-2" />
    </div>
  );
}

/** The answers in a field's line. */
const namesIn = (name: string): string[] => (name === "revenue" ? [name, CURRENCY] : [name]);

const refusalOf = ({ refused }: DraftEditor, name: string): string | null =>
  namesIn(name)
    .map((each) => refused[each])
    .find((reason) => reason !== undefined) ?? null;

/** Gives a field its value, and the figures beside it the currency that follows from that. */
function answer(editor: DraftEditor, name: string, value: string | number | null, typed: string): void {
  const currency = currencyAfter(editor.form, name, value, typed);
  editor.change(name, value);
  if (currency !== undefined) editor.change(CURRENCY, currency);
}

function CurrencyChoice({ editor }: { editor: DraftEditor }) {
  const currency = shownCurrency(editor.form);
  const options = currencyOptions();
  const known = options.some(({ value }) => value === currency);
  return (
    <Select
      aria-label={t("valuations.currency")}
      value={currency}
      disabled={!editor.ready}
      options={known ? options : [{ value: currency, label: currency }, ...options]}
      onChange={(next) => editor.change(CURRENCY, next)}
      className="w-36 grow"
    />
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
              {(name === "revenue" ? revenueText(form, numbersLocale()) : textOf(form[name], kind)) || (
                <span className="text-muted-foreground">{t("valuations.notAnswered")}</span>
              )}
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
  const others = Object.keys(form).filter((name) => name !== CURRENCY && !FIELDS.some((field) => field.name === name));
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
  /** The reason why the server refused the value, or null. */
  refused: string | null;
  fromCard: boolean;
  disabled: boolean;
  /** `typed` is the text that was read as the value. */
  onChange: (value: string | number | null, typed: string) => void;
  onMistype: (text: string) => void;
  /** Why an answer with this text cannot be stored although it can be read, or null. */
  findProblem: (text: string) => string | null;
  /** A further control in the field's line. */
  beside: React.ReactNode;
  children: React.ReactNode;
};

/** The text of a field. As it was typed, until the value changes from elsewhere to something it does not mean. */
function useTypedText({
  field,
  value,
  wrong,
  onChange,
  onMistype,
  findProblem,
}: Pick<FieldProps, "field" | "value" | "wrong" | "onChange" | "onMistype" | "findProblem">) {
  const serverNow = useServerNow();
  const read = (text: string): AnswerReading => {
    const reading = readAnswer(field, text, numbersLocale(), new Date(serverNow()));
    const reason = reading.kind === "none" ? null : findProblem(text);
    return reason === null ? reading : { kind: "none", reason };
  };
  const [typed, setTyped] = useState<string | null>(null);
  const [wasTyped, setWasTyped] = useState(false);
  const typedText = wrong ?? typed;
  const reading = typedText === null ? null : read(typedText);
  const stands = wrong !== null || (reading?.kind === "one" && sameJson(reading.value, value ?? null));
  return {
    text: stands && typedText !== null ? typedText : textOf(value, field.kind),
    unsaved: wrong === null ? null : reading,
    readBack: wasTyped && typeof value === "number" ? textOf(value, field.kind) : null,
    leave: () => setTyped(null),
    type: (text: string) => {
      setTyped(text);
      setWasTyped(isNumeric(field));
      const next = read(text);
      if (next.kind === "one") onChange(next.value, text);
      else onMistype(text);
    },
    choose: (number: number) => {
      setTyped(null);
      setWasTyped(true);
      onChange(number, typedText ?? "");
    },
  };
}

const isNumeric = ({ kind }: FormFieldSpec) => kind === "number" || kind === "year";

function Field({ fromCard, disabled, beside, children, ...given }: FieldProps) {
  const { field, wrong, refused } = given;
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const { text, unsaved, readBack, leave, type, choose } = useTypedText(given);
  const isNumber = isNumeric(field);
  const reason = unsaved?.kind === "none" ? unsaved.reason : refused;
  const hasNote = unsaved !== null || reason !== null || readBack !== null;
  const control = {
    id,
    name: field.name,
    value: text,
    disabled,
    "aria-invalid": wrong !== null || refused !== null || undefined,
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
      <div className="flex min-h-6 items-center justify-between gap-2">
        <Label htmlFor={id} className="min-w-0 truncate">
          {field.label}
        </Label>
        {fromCard && (
          <Badge tone="neutral" className="shrink-0">
            {t("valuations.fromTheCard")}
          </Badge>
        )}
      </div>
      {field.kind === "long" && <Textarea {...control} rows={3} />}
      {field.kind === "country" && <CountryChoice {...control} value={given.value} onChange={type} />}
      {field.kind !== "long" && field.kind !== "country" && (
        // The control beside the field goes below it where both would be too narrow.
        <div className="flex flex-wrap gap-2">
          <Input
            {...control}
            ref={input}
            inputMode={isNumber ? "decimal" : undefined}
            className="w-auto min-w-32 flex-1 grow-999"
          />
          {beside}
        </div>
      )}
      <AnswerNote
        id={`${id}-note`}
        field={field}
        reason={reason}
        unsaved={unsaved}
        readBack={readBack}
        onChoose={chooseAndFocus}
      />
      {children}
    </div>
  );
}

type CountryProps = Omit<ComponentProps<typeof Select>, "value" | "options"> & { value: unknown; onBlur: () => void };

/** The countries by name. What another system stored and is no country stays to be seen until one is chosen. */
function CountryChoice({ value, onBlur: _, ...control }: CountryProps) {
  const code = countryCodeOf(value);
  const other = code === null ? textOf(value) : "";
  return (
    <Select
      {...control}
      value={code ?? other}
      options={[
        { value: "", label: t("valuations.chooseCountry") },
        ...(other === "" ? [] : [{ value: other, label: other }]),
        ...countryOptions(),
      ]}
    />
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
