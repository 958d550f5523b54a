import { useId } from "react";
import type { FormState } from "@/lib/forms/useForm";
import { t } from "@/messages/translate";
import { ALL, EVENT_GROUPS } from "./words";

type Props = { form: FormState; chosen: string[]; onChange: (chosen: string[]) => void };

/** All events, or those that are checked. */
export function EventsField({ form, chosen, onChange }: Props) {
  const id = useId();
  const isAll = chosen.includes(ALL);
  const errors = form.fields.events;
  const toggle = (type: string) =>
    onChange(chosen.includes(type) ? chosen.filter((each) => each !== type) : [...chosen, type]);
  return (
    <fieldset className="space-y-2" aria-describedby={errors ? `${id}-error` : undefined}>
      <legend className="text-sm font-medium">{t("webhooks.events")}</legend>
      <div className="flex flex-wrap gap-x-6 gap-y-2">
        {[
          { label: t("webhooks.allEvents"), events: [ALL], checked: isAll },
          { label: t("webhooks.chosenEvents"), events: [], checked: !isAll },
        ].map(({ label, events, checked }) => (
          <label key={label} className="flex min-h-8 items-center gap-2 text-sm">
            <input
              type="radio"
              name="events"
              className="size-4 accent-accent"
              checked={checked}
              onChange={() => onChange(events)}
            />
            {label}
          </label>
        ))}
      </div>
      {!isAll && (
        <div className="max-h-64 space-y-3 overflow-y-auto rounded-control border p-3">
          {EVENT_GROUPS.map((group) => (
            <div key={group.label} role="group" aria-label={group.label}>
              <p aria-hidden className="text-xs font-medium text-muted-foreground">
                {group.label}
              </p>
              <div className="mt-1 grid gap-x-4 sm:grid-cols-2">
                {group.events.map(({ type, label }) => (
                  <label key={type} className="flex min-h-8 items-center gap-2 text-sm" title={type}>
                    <input
                      type="checkbox"
                      className="size-4 accent-accent"
                      checked={chosen.includes(type)}
                      onChange={() => toggle(type)}
                    />
                    {label}
                  </label>
                ))}
              </div>
            </div>
          ))}
        </div>
      )}
      {errors && (
        <p id={`${id}-error`} role="alert" className="text-xs text-danger-text">
          {errors.join(" ")}
        </p>
      )}
    </fieldset>
  );
}
