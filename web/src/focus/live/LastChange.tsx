import { RelativeTime } from "@/components/RelativeTime";
import type { LiveSession } from "../api";

const VERBS: Record<string, string> = { started: "Started", paused: "Paused", resumed: "Resumed" };

/** What was done last, on which device, so that a change made elsewhere explains itself. */
export function LastChange({ change }: { change: LiveSession["lastChange"] }) {
  if (!change) return null;
  return (
    <p aria-live="polite" className="text-sm text-muted-foreground">
      {VERBS[change.kind] ?? "Changed"} on {change.device} · <RelativeTime at={change.at} />
    </p>
  );
}
