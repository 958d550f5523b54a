import { RelativeTime } from "@/components/RelativeTime";
import { t } from "@/messages/translate";
import type { LiveSession } from "../types";

/** The last change and its device, which explains changes made elsewhere. */
export function LastChange({ change }: { change: LiveSession["lastChange"] }) {
  return (
    <p aria-live="polite" className="text-sm text-muted-foreground">
      {t("focus.lastChange", { kind: change.kind, device: change.device })} · <RelativeTime at={change.at} />
    </p>
  );
}
