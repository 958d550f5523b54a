import { Ban, Check, Pause, Play } from "lucide-react";
import { useEffect, useState } from "react";
import { useNavigate } from "react-router";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { PageHeader } from "@/components/PageHeader";
import { EmptyState, ErrorState, Loading, OfflineNote } from "@/components/states";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { t } from "@/messages/translate";
import { AbsenceNote } from "../attention/AbsenceNote";
import type { LiveSession } from "../types";
import { useFocus } from "../FocusProvider";
import { Mark } from "../Mark";
import { LastChange } from "./LastChange";
import { LiveClock } from "./LiveClock";
import { LiveCounters } from "./LiveCounters";
import { PlannedBar } from "./PlannedBar";
import { useRates } from "../rates/useRates";
import { useSessionControls } from "./useSessionControls";

/** The running session. When it ends, here or elsewhere, its summary replaces the page. */
export function LivePage() {
  const { session } = useFocus();
  const live = session.kind === "ready" ? session.data : null;
  const navigate = useNavigate();
  const [shown, setShown] = useState<LiveSession | null>(live);
  if (live && live !== shown) setShown(live);
  const ended = session.kind === "ready" && !live && shown;
  useEffect(() => {
    if (ended) void navigate(`/focus/summary/${ended.goalId}/${ended.id}`, { replace: true });
  }, [ended, navigate]);

  if (session.kind === "error") return <ErrorState failure={session.failure} retry={session.retry} />;
  if (session.kind === "loading" || ended) return <LiveSkeleton />;
  if (!live)
    return (
      <>
        <PageHeader title={t("shell.focus")} />
        <EmptyState action={<Button onClick={() => void navigate("/focus")}>{t("focus.startSession")}</Button>}>
          {t("focus.noneRunning")}
        </EmptyState>
      </>
    );
  return <Live session={live} />;
}

function Live({ session }: { session: LiveSession }) {
  const { absence, dismissAbsence } = useFocus();
  const { goal, activity } = session;
  const rates = useRates(session.goalId, session.activityId);
  const paused = session.status === "paused";
  const away = !paused && session.runningSince === null;
  return (
    <div className="mx-auto flex max-w-3xl flex-col gap-6 pb-24">
      <PageHeader
        mark={<Mark {...activity} />}
        title={activity.name}
        description={goal.title}
        status={paused ? t("focus.paused") : away ? t("focus.notCounting") : undefined}
      />
      {absence && <AbsenceNote absence={absence} dismiss={dismissAbsence} />}
      <div className="space-y-3 text-center">
        <LiveClock
          session={session}
          className={`block text-[clamp(3.75rem,19vw,8.5rem)] leading-none font-semibold tracking-tighter ${paused || away ? "text-muted-foreground" : ""}`}
        />
        {session.plannedSeconds && <PlannedBar session={session} plannedSeconds={session.plannedSeconds} />}
        {away ? (
          <p className="text-sm text-muted-foreground">{t("focus.notCountingNote")}</p>
        ) : (
          <LastChange change={session.lastChange} />
        )}
        <OfflineNote className="justify-center" />
      </div>
      <LiveCounters session={session} reasons={rates.kind === "ready" ? rates.data.reasons : []} />
      <Controls session={session} />
    </div>
  );
}

/** The buttons: near the thumb at phone width, under the counters otherwise. */
function Controls({ session }: { session: LiveSession }) {
  const { pause, resume, finish, busy, problem } = useSessionControls(session.id);
  const [abandoning, setAbandoning] = useState(false);
  const paused = session.status === "paused";
  return (
    <div className="fixed inset-x-0 bottom-[calc(3.75rem+env(safe-area-inset-bottom))] z-30 border-t bg-surface px-4 py-3 lg:static lg:border-0 lg:bg-transparent lg:p-0">
      {problem && (
        <p role="alert" className="mb-2 text-center text-sm text-danger-text">
          {problem}
        </p>
      )}
      <div className="mx-auto flex max-w-md items-center gap-2">
        <Button
          variant="ghost"
          size="lg"
          className="flex-col gap-0.5 px-3 sm:flex-row sm:gap-2"
          aria-label={t("focus.discardSession")}
          onClick={() => setAbandoning(true)}
        >
          <Ban />
          <span className="text-xs sm:text-base">{t("focus.discard")}</span>
        </Button>
        <Button
          variant="secondary"
          size="lg"
          className="flex-1 px-3"
          onClick={() => void (paused ? resume() : pause())}
        >
          {paused ? <Play /> : <Pause />}
          {paused ? t("focus.resume") : t("focus.pause")}
        </Button>
        <Button size="lg" className="flex-1 px-3" busy={busy} onClick={() => void finish("manual")}>
          <Check />
          {t("focus.finish")}
        </Button>
      </div>
      <ConfirmDialog
        open={abandoning}
        onOpenChange={setAbandoning}
        title={t("focus.discardQuestion")}
        confirm={t("focus.discard")}
        onConfirm={() => finish("abandoned")}
      >
        {t("focus.discardNote")} {t("focus.discardKeeps")}
      </ConfirmDialog>
    </div>
  );
}

function LiveSkeleton() {
  return (
    <Loading className="mx-auto max-w-3xl space-y-6">
      <Skeleton className="h-8 w-48" />
      <Skeleton className="mx-auto h-28 w-72 max-w-full" />
      <div className="grid gap-3 sm:grid-cols-5">
        {Array.from({ length: 5 }, (_, index) => (
          <Skeleton key={index} className="h-11 sm:h-28" />
        ))}
      </div>
    </Loading>
  );
}
