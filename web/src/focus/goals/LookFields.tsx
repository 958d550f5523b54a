import { FormField } from "@/components/FormField";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import type { FormState } from "@/lib/forms/useForm";
import { t } from "@/messages/translate";
import { CATEGORY_OPTIONS, categoryNamed } from "./categories";

export type Look = { category: string; /** Null while the category's emoji is used. */ emoji: string | null };

/** The category of a goal or an activity, and its emoji. */
export function LookFields({
  form,
  look,
  onChange,
}: {
  form: FormState;
  look: Look;
  onChange: (changes: Partial<Look>) => void;
}) {
  return (
    <div className="grid grid-cols-[5rem_1fr] gap-3">
      <FormField form={form} name="emoji" label={t("focus.emoji")}>
        {(wiring) => (
          <Input
            {...wiring}
            className="text-center text-lg"
            maxLength={16}
            placeholder="–"
            value={look.emoji ?? ""}
            onChange={(event) => {
              onChange({ emoji: event.target.value });
              form.touched("emoji");
            }}
          />
        )}
      </FormField>
      <FormField form={form} name="category" label={t("focus.category")}>
        {(wiring) => (
          <Select
            {...wiring}
            value={look.category}
            onChange={(category) => onChange({ category })}
            options={CATEGORY_OPTIONS}
          />
        )}
      </FormField>
    </div>
  );
}

/** The look in the form the server takes. */
export function lookOf({ category, emoji }: Look) {
  const chosen = categoryNamed(category);
  return { category: chosen.name, color: chosen.color, emoji: emoji?.trim() || chosen.emoji };
}
