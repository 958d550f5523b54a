import { Button } from "@/components/ui/button";
import { t } from "@/messages/translate";
import { textOf, type AnswerReading, type FormFieldSpec } from "./fields";

type Props = {
  id: string;
  field: FormFieldSpec;
  /** The reading of the text that stands there and is not saved, or null. */
  unsaved: AnswerReading | null;
  /** The number that was understood, or null. */
  readBack: string | null;
  onChoose: (value: number) => void;
};

/** Below a number's control: what was understood of what was typed, which of two numbers is meant, or why it is none. */
export function NumberNote({ id, field, unsaved, readBack, onChoose }: Props) {
  if (unsaved?.kind === "none")
    return (
      <p id={id} className="text-xs text-danger-text">
        {unsaved.reason} {t("valuations.notSavedYet")}
      </p>
    );
  if (unsaved !== null) return <Choice id={id} field={field} values={numbersOf(unsaved)} onChoose={onChoose} />;
  return (
    readBack !== null && (
      <p id={id} className="figures text-xs text-muted-foreground">
        {t("common.readAs", { number: readBack })}
      </p>
    )
  );
}

type ChoiceProps = Pick<Props, "id" | "field" | "onChoose"> & { values: number[] };

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

/** Also the one number of a text that was kept unsaved, by another build or in another language of the browser. */
const numbersOf = (reading: Exclude<AnswerReading, { kind: "none" }>): number[] =>
  reading.kind === "two" ? reading.values : typeof reading.value === "number" ? [reading.value] : [];
