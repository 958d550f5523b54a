import { Button } from "@/components/ui/button";
import { t } from "@/messages/translate";
import { textOf, type AnswerReading, type FormFieldSpec } from "./fields";

type Props = {
  id: string;
  field: FormFieldSpec;
  /** The reason why the answer is not saved, or null. */
  reason: string | null;
  /** The reading of the typed text that is not saved, or null. */
  unsaved: AnswerReading | null;
  /** The number as it was read, or null. */
  readBack: string | null;
  onChoose: (value: number) => void;
};

/** The note below a field: the error, a choice of readings of a number, or the number as it was read. */
export function AnswerNote({ id, field, reason, unsaved, readBack, onChoose }: Props) {
  if (reason !== null)
    return (
      <p id={id} className="text-xs text-danger-text">
        {reason} {t("valuations.notSavedYet")}
      </p>
    );
  if (unsaved !== null && unsaved.kind !== "none")
    return <Choice id={id} field={field} values={numbersOf(unsaved)} onChoose={onChoose} />;
  return (
    readBack !== null && (
      <p id={id} className="figures text-xs text-muted-foreground">
        {t("common.readAs", { number: readBack })}
      </p>
    )
  );
}

type ChoiceProps = Pick<Props, "id" | "field" | "onChoose"> & { values: readonly number[] };

function Choice({ id, field, values, onChoose }: ChoiceProps) {
  return (
    <div role="group" aria-labelledby={id} className="space-y-1.5">
      <p id={id} role="status" className="text-xs text-warning">
        {t("valuations.whichNumber")}
      </p>
      <div className="flex flex-wrap gap-2">
        {values.map((value) => (
          <Button key={value} variant="secondary" size="sm" className="figures" onClick={() => onChoose(value)}>
            {textOf(value, field.kind)}
          </Button>
        ))}
      </div>
    </div>
  );
}

/** The numbers to choose from: also a single one, if the text was stored by another build or in another language. */
const numbersOf = (reading: Exclude<AnswerReading, { kind: "none" }>): readonly number[] =>
  reading.kind === "several" ? reading.values : typeof reading.value === "number" ? [reading.value] : [];
