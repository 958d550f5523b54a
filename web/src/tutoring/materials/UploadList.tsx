import { X } from "lucide-react";
import { Button } from "@/components/ui/button";
import { t } from "@/messages/translate";
import { Progress } from "./Progress";
import type { Sending } from "./useUploads";

/** Files on their way to a session, and those that were refused. */
export function UploadList({ sendings, stop }: { sendings: Sending[]; stop: (key: number) => void }) {
  if (sendings.length === 0) return null;
  return (
    <ul aria-label={t("tutoring.uploads")} className="mb-2 divide-y rounded-control border px-3">
      {sendings.map(({ key, name, part, problem }) => (
        <li key={key} className="flex items-start gap-3 py-2">
          <div className="min-w-0 flex-1">
            <p className="truncate text-sm">{name}</p>
            {problem !== null ? (
              <p role="alert" className="text-xs text-danger-text">
                {problem}
              </p>
            ) : part === null ? (
              <p className="text-xs text-muted-foreground">{t("tutoring.waitsForUpload")}</p>
            ) : (
              <Progress part={part} label={t("tutoring.uploadOf", { name })} />
            )}
          </div>
          <Button
            size="iconSm"
            variant="ghost"
            aria-label={t(problem === null ? "tutoring.stopUploadOf" : "tutoring.dismissUploadOf", { name })}
            onClick={() => stop(key)}
          >
            <X />
          </Button>
        </li>
      ))}
    </ul>
  );
}
