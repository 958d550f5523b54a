import { CalendarPlus } from "lucide-react";
import { Button } from "@/components/ui/button";
import { saveAs, useRest } from "@/lib/server/useRest";
import { t } from "@/messages/translate";

/** Saves a session as a file that calendars open. */
export function AddToCalendar({ id }: { id: number }) {
  const { call, run, busy, problem } = useRest();
  const save = async () => saveAs(await call(`/api/sessions/${id}/calendar.ics`), `session-${id}.ics`);
  return (
    <div className="mt-3">
      <Button variant="secondary" size="sm" busy={busy} onClick={() => run(save)}>
        <CalendarPlus />
        {t("tutoring.addToCalendar")}
      </Button>
      {problem && (
        <p role="alert" className="mt-1 text-sm text-danger-text">
          {problem}
        </p>
      )}
    </div>
  );
}
