import { totalMsAt } from "@convex/focus/rules";
import { useRef } from "react";
import { useServerNow } from "@/lib/time/ServerClock";
import { formatDuration } from "@/lib/time/time";
import { useFrame } from "@/lib/time/useFrame";
import { t } from "@/messages/translate";
import type { LiveSession } from "../types";

/** The share of the planned length that is done. */
export function PlannedBar({ session, plannedSeconds }: { session: LiveSession; plannedSeconds: number }) {
  const bar = useRef<HTMLDivElement>(null);
  const serverNow = useServerNow();
  useFrame(session.pausedAt === null, session, () => {
    const share = totalMsAt(session, serverNow()) / (plannedSeconds * 1_000);
    if (bar.current) bar.current.style.transform = `scaleX(${Math.min(1, share)})`;
  });
  return (
    <div className="mx-auto w-full max-w-xs">
      <div aria-hidden className="h-1 overflow-hidden track rounded-full bg-surface-muted">
        <div
          ref={bar}
          className="signal h-full origin-left rounded-full bg-accent"
          style={{ transform: "scaleX(0)" }}
        />
      </div>
      <p className="mt-1.5 text-xs text-muted-foreground">
        {t("focus.plannedLength", { duration: formatDuration(plannedSeconds) })}
      </p>
    </div>
  );
}
