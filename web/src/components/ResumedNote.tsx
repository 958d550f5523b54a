import type { ReactNode } from "react";
import { t } from "@/messages/translate";
import { Button } from "./ui/button";

/** The note above a form that begins with earlier entries. */
export function ResumedNote({ startOver, children }: { startOver: () => void; children?: ReactNode }) {
  return (
    <p
      role="status"
      className="flex flex-wrap items-center justify-between gap-2 rounded-control bg-surface-muted px-3 py-1 text-sm"
    >
      {children || t("common.resumed")}
      <Button variant="ghost" size="sm" onClick={startOver}>
        {t("common.startOver")}
      </Button>
    </p>
  );
}
