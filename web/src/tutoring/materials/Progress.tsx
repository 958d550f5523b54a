import { t } from "@/messages/translate";

/** The part of a file that has arrived, 0–1. */
export function Progress({ part, label = t("tutoring.upload") }: { part: number; label?: string }) {
  const percent = Math.round(part * 100);
  return (
    <div>
      <div
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        className="h-2 overflow-hidden track rounded-full bg-surface-muted"
      >
        <div className="signal h-full bg-accent transition-[width] duration-150" style={{ width: `${percent}%` }} />
      </div>
      <p className="figures mt-1 text-xs text-muted-foreground">
        {percent < 100 ? t("tutoring.uploaded", { percent }) : t("tutoring.storing")}
      </p>
    </div>
  );
}
