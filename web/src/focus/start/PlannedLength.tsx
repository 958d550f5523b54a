import { useState } from "react";
import { Segmented } from "@/components/ui/segmented";
import { Input } from "@/components/ui/input";
import { readBack } from "@/lib/locale/numbers";
import { rich, t } from "@/messages/translate";
import { PLANNED_LENGTHS_MINUTES, plannedSecondsOf } from "../format";

const OTHER = "other";
const OPEN = "open";

const OPTIONS = [
  { value: OPEN, label: t("focus.openEnded") },
  ...PLANNED_LENGTHS_MINUTES.map((minutes) => ({
    value: String(minutes),
    label: rich("focus.minutesOption", {
      count: minutes,
      unit: (unit) => (
        <span key="unit" className="sr-only">
          {unit}
        </span>
      ),
    }),
  })),
  { value: OTHER, label: t("focus.otherLength") },
];

/**
 * The optional planned length. `text` is minutes, empty for an open end. The session ends by itself after that much
 * focused time.
 */
export function PlannedLength({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const known = text === "" || OPTIONS.some(({ value }) => value === text);
  const [other, setOther] = useState(!known);
  const invalid = Number.isNaN(plannedSecondsOf(text));
  const choose = (value: string) => {
    setOther(value === OTHER);
    onChange(value === OPEN ? "" : value === OTHER ? "120" : value);
  };
  return (
    <div className="space-y-2">
      <Segmented
        label={t("focus.plannedLengthLabel")}
        value={other ? OTHER : text || OPEN}
        options={OPTIONS}
        onChange={choose}
        className="flex [&>*]:grow max-sm:[&>*]:px-1 sm:[&>*]:px-2"
      />
      {other && (
        <label className="flex items-center gap-2 text-sm">
          <Input
            inputMode="numeric"
            aria-label={t("focus.plannedMinutes")}
            aria-invalid={invalid || undefined}
            className="figures w-24"
            value={text}
            onChange={(event) => onChange(event.target.value)}
          />
          {t("focus.minutes")}
          {invalid ? (
            <span className="text-xs text-danger-text">{t("focus.minutesRule")}</span>
          ) : (
            <span className="text-xs text-muted-foreground">{readBack(text)}</span>
          )}
        </label>
      )}
    </div>
  );
}
