import { CloudOff } from "lucide-react";
import { useConnection } from "@/lib/live/useOnline";
import { t } from "@/messages/translate";

/** Says once for all pages that they are offline and show the last known state. */
export function ConnectionBanner() {
  const offline = useConnection() === "offline";
  return (
    <div role="status" aria-live="polite">
      {offline && (
        <p className="flex items-center justify-center gap-2 border-b bg-warning-soft px-4 py-2 text-center text-sm text-warning">
          <CloudOff className="size-4 shrink-0" />
          {t("shell.offline")}
        </p>
      )}
    </div>
  );
}
