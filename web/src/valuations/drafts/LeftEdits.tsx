import { Button } from "@/components/ui/button";
import { t } from "@/messages/translate";
import type { Edits } from "./edits";
import { answerText, labelOf } from "./fields";

type Props = { edits: Edits; busy: boolean; onContinue: () => void; onDiscard: () => void };

/**
 * Edits on this device that are not in a report that was completed elsewhere. The user continues with them or discards
 * them.
 */
export function LeftEdits({ edits, busy, onContinue, onDiscard }: Props) {
  const left = Object.entries(edits);
  if (left.length === 0) return null;
  return (
    <section
      aria-label={t("valuations.notInReport")}
      className="mb-4 rounded-card bg-warning-soft px-4 py-3 text-sm text-warning"
    >
      <p>{t("valuations.notInReportNote")}</p>
      <ul className="my-2 list-disc pl-5">
        {left.map(([name, { value }]) => (
          <li key={name} className="wrap-anywhere">
            {t("common.labeled", { label: labelOf(name), value: answerText(name, value) || t("valuations.empty") })}
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        <Button variant="secondary" size="sm" busy={busy} onClick={onContinue}>
          {t("valuations.continueWithThese")}
        </Button>
        <Button variant="ghost" size="sm" onClick={onDiscard}>
          {t("valuations.discard")}
        </Button>
      </div>
    </section>
  );
}
