import { Pause, Play } from "lucide-react";
import { Link } from "react-router";
import { cn } from "@/lib/cn";
import type { LiveSession } from "@/focus/types";
import { useFocus } from "@/focus/FocusProvider";
import { Mark } from "@/focus/Mark";
import { LiveClock } from "@/focus/live/LiveClock";
import { useSessionControls } from "@/focus/live/useSessionControls";
import { t } from "@/messages/translate";

/**
 * The running focus session on every page: a card in the rail, a strip above the bottom bar. Shows nothing without one.
 */
export function RunningSession({ layout }: { layout: "card" | "strip" }) {
  const { session } = useFocus();
  if (session.kind !== "ready" || !session.data) return null;
  return <Running session={session.data} layout={layout} />;
}

function Running({ session, layout }: { session: LiveSession; layout: "card" | "strip" }) {
  const { activity } = session;
  const { pause, resume, busy, problem } = useSessionControls(session.id);
  const paused = session.status === "paused";
  return (
    <section
      aria-label={t("focus.runningSession")}
      className={cn(
        "items-center gap-2 border bg-surface",
        layout === "card"
          ? "flex rounded-card p-2 pl-3 shadow-rest"
          : "fixed inset-x-2 bottom-[calc(4.25rem+env(safe-area-inset-bottom))] z-40 flex rounded-card p-2 pl-4 shadow-raised lg:hidden",
      )}
    >
      <Link to="/focus/live" className="min-w-0 flex-1 rounded-control">
        <span className="flex items-center gap-2">
          <span
            aria-hidden
            className={cn(
              "size-2 shrink-0 rounded-full",
              paused ? "bg-muted-foreground" : "bg-success motion-safe:animate-pulse",
            )}
          />
          <LiveClock session={session} className="text-base font-semibold" />
          {paused && <span className="text-xs text-muted-foreground">{t("focus.paused")}</span>}
        </span>
        <span className="block truncate text-xs text-muted-foreground">
          {problem ?? (
            <>
              <Mark inline {...activity} /> {activity.name}
            </>
          )}
        </span>
      </Link>
      <button
        type="button"
        disabled={busy}
        aria-label={paused ? t("focus.resume") : t("focus.pause")}
        onClick={() => void (paused ? resume() : pause())}
        className="grid size-10 shrink-0 place-items-center rounded-control bg-accent-soft text-accent-text hover:opacity-80"
      >
        {paused ? <Play className="size-4.5" /> : <Pause className="size-4.5" />}
      </button>
    </section>
  );
}
