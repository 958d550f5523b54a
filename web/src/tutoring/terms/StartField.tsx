import { useId } from "react";
import { FormField } from "@/components/FormField";
import { Input } from "@/components/ui/input";
import { Segmented } from "@/components/ui/segmented";
import { wordsLocale } from "@/lib/locale/locale";
import { timeZoneNote } from "@/lib/time/time";
import type { FormState } from "@/lib/forms/useForm";
import { t } from "@/messages/translate";
import { BothZones } from "./BothZones";
import { readStart, type Start } from "./start";
import { zoneNames } from "./zones";

type Props = { form: FormState; start: Start; onChange: (start: Start) => void };

/**
 * The start of a session in any time zone. Shows the entered time in that zone and in the user's own or UTC, also on
 * days when clocks change.
 */
export function StartField({ form, start, onChange }: Props) {
  const zones = useId();
  const change = (changes: Partial<Start>, name: string) => {
    onChange({ ...start, ...changes });
    form.touched(name);
  };
  const { at, choices, problems } = readStart(start);
  // A time that does not exist is told while it stands there, not only when it is sent.
  const early = start.local === "" ? undefined : problems.date?.join(" ");
  return (
    <div className="space-y-3">
      <div className="grid gap-3 sm:grid-cols-2">
        <FormField form={form} name="date" label={t("tutoring.starts")} hint={early && <Told text={early} />}>
          {(wiring) => (
            <Input
              {...wiring}
              type="datetime-local"
              value={start.local}
              onChange={(event) => change({ local: event.target.value, later: false }, "date")}
            />
          )}
        </FormField>
        <FormField form={form} name="zone" label={t("accounts.timeZone")} hint={timeZoneNote()}>
          {(wiring) => (
            <Input
              {...wiring}
              list={zones}
              autoComplete="off"
              value={start.zone}
              onChange={(event) => change({ zone: event.target.value.trim() }, "zone")}
            />
          )}
        </FormField>
        <datalist id={zones}>
          {zoneNames().map((zone) => (
            <option key={zone} value={zone} />
          ))}
        </datalist>
      </div>
      {choices && (
        <div className="space-y-1.5 text-sm">
          <p className="text-muted-foreground">{t("tutoring.twiceNote")}</p>
          <Segmented
            label={t("tutoring.whichTime")}
            value={start.later ? "later" : "earlier"}
            onChange={(value) => change({ later: value === "later" }, "date")}
            options={[
              { value: "earlier", label: zoneAt(start.zone, choices[0]) },
              { value: "later", label: zoneAt(start.zone, choices[1]) },
            ]}
          />
        </div>
      )}
      {at !== null && <BothZones at={at} zone={start.zone} className="rounded-control bg-surface-muted px-3 py-2" />}
    </div>
  );
}

const Told = ({ text }: { text: string }) => (
  <span role="status" className="text-warning">
    {text}
  </span>
);

/** A time of day with the offset in force, such as "02:30 CEST". */
const zoneAt = (timeZone: string, at: number): string =>
  new Intl.DateTimeFormat(wordsLocale(), {
    hour: "2-digit",
    minute: "2-digit",
    timeZoneName: "short",
    timeZone,
  }).format(at);
