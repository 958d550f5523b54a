import { useRef } from "react";
import { useServerNow } from "@/lib/time/ServerClock";
import { formatClock } from "@/lib/time/time";
import { useFrame } from "@/lib/time/useFrame";
import { t } from "@/messages/translate";
import type { LiveSession } from "../types";
import { focusedMsAt } from "./liveXp";

/** The session's focused time, moving by itself between the server's updates. */
export function LiveClock({ session, className }: { session: LiveSession; className?: string }) {
  const text = useRef<HTMLSpanElement>(null);
  const serverNow = useServerNow();
  useFrame(session.runningSince !== null, session, () => {
    const shown = formatClock(focusedMsAt(session, serverNow()));
    // Writing only what changed keeps the page's accessibility tree and selection at rest.
    if (text.current && text.current.textContent !== shown) text.current.textContent = shown;
  });
  return <span ref={text} role="timer" aria-label={t("focus.focusedTime")} className={`figures ${className ?? ""}`} />;
}
