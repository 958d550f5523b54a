import type { Instant } from "@/lib/api";
import { formatExact, formatRelative, instant } from "@/lib/time/time";
import { useNow } from "@/lib/time/useNow";

/** "3 minutes ago", with the exact time in the user's zone on hover. */
export function RelativeTime({ at, className }: { at: Instant; className?: string }) {
  const now = useNow();
  const ms = instant(at);
  if (Number.isNaN(ms)) return null;
  return (
    <time dateTime={new Date(ms).toISOString()} title={formatExact(ms)} className={className}>
      {formatRelative(ms, now)}
    </time>
  );
}
