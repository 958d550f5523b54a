import { Play, Share2 } from "lucide-react";
import { Link, useParams } from "react-router";
import { PageFailure } from "@/components/PageFailure";
import { PageHeader } from "@/components/PageHeader";
import { EmptyState } from "@/components/states";
import { Stat } from "@/components/Stat";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { api } from "@/lib/api";
import { formatDuration, formatExact, instant } from "@/lib/time/time";
import { useQueryState } from "@/lib/live/useQueryState";
import { toast } from "@/lib/toasts";
import { saveAs } from "@/lib/server/useRest";
import { PageSkeleton } from "@/shell/ShellSkeleton";
import { t } from "@/messages/translate";
import type { EndedSession, Goal } from "../types";
import { DimensionLabel } from "../DimensionLabel";
import { DIMENSION_LOOK, ranked } from "../dimensions";
import { endingOf } from "./endings";
import { formatXp } from "../format";
import { Mark } from "../Mark";
import { LevelBar, StreakDays, useProgress } from "../progress/ProgressCard";
import { drawSummary } from "./summaryImage";
import { RecoverNote } from "./RecoverNote";
import { useHistory } from "./useHistory";
import { WeeksCard } from "../progress/WeeksCard";

/** The result of a session, shown when it ends and from the history. */
export function SummaryPage() {
  const { goalId = "", sessionId = "" } = useParams();
  const goal = useQueryState(api.focus.goals.get, { goalId });
  const history = useHistory(goalId);
  if (history.kind === "error")
    return (
      <PageFailure
        failure={history.failure}
        retry={history.retry}
        kind="session"
        back={{ to: "/focus", label: t("focus.backToFocus") }}
      />
    );
  if (history.kind === "loading") return <PageSkeleton />;
  const session = history.data.find(({ id }) => id === sessionId);
  if (session) return <Summary session={session} goal={goal.kind === "ready" ? goal.data : null} goalId={goalId} />;
  return (
    <>
      <PageHeader title={history.loadMore ? t("common.session") : t("focus.sessionNotFound")} />
      <EmptyState
        action={
          history.loadMore ? (
            <Button variant="secondary" onClick={history.loadMore}>
              {t("focus.loadOlder")}
            </Button>
          ) : (
            <Button asChild variant="secondary">
              <Link to="/focus">{t("focus.backToFocus")}</Link>
            </Button>
          )
        }
      >
        {history.loadMore ? t("focus.notAmongLatest") : t("focus.noSuchSession")}
      </EmptyState>
    </>
  );
}

function Summary({ session, goal, goalId }: { session: EndedSession; goal: Goal | null; goalId: string }) {
  const progress = useProgress();
  const ending = endingOf(session.completedReason);
  const strongest = ranked(session.xp);
  const { activity } = session;
  const about = [activity.name, ...(goal ? [goal.title] : []), formatExact(instant(session.endedAt))];
  const most = Math.max(...strongest.map((dimension) => session.xp[dimension]), 1);
  return (
    <div className="mx-auto max-w-3xl space-y-6">
      <PageHeader
        mark={<Mark {...activity} />}
        title={ending.title}
        description={about.join(" · ")}
        action={
          <Button asChild>
            <Link to={`/focus?goal=${goalId}`}>
              <Play />
              {t("focus.goAgain")}
            </Link>
          </Button>
        }
      />
      {session.completedReason === "timeout" && <RecoverNote sessionId={session.id} />}
      <Card aria-label={t("focus.earned")}>
        <div className="flex items-start justify-between gap-4">
          <p>
            <span className="figures text-5xl font-semibold tracking-tighter sm:text-6xl">
              {formatXp(session.xpTotal)}
            </span>
            <span className="ml-2 text-lg text-muted-foreground">{t("focus.xpUnit")}</span>
          </p>
          <Button variant="ghost" size="sm" onClick={() => void share(session, goal)}>
            <Share2 />
            {t("focus.share")}
          </Button>
        </div>
        {ending.note && <p className="mt-2 max-w-prose text-sm text-muted-foreground">{ending.note}</p>}
        <ul className="mt-6 space-y-3">
          {strongest.map((dimension) => (
            <li
              key={dimension}
              className="grid grid-cols-[6rem_1fr_4rem] items-center gap-3 sm:grid-cols-[7.5rem_1fr_4.5rem]"
            >
              <DimensionLabel dimension={dimension} />
              <span aria-hidden className="h-2 overflow-hidden track rounded-full bg-surface-muted">
                <span
                  className={`signal block h-full rounded-full ${DIMENSION_LOOK[dimension].bar}`}
                  style={{ width: `${(session.xp[dimension] / most) * 100}%` }}
                />
              </span>
              <span className="figures text-right text-sm font-medium">{formatXp(session.xp[dimension])}</span>
            </li>
          ))}
        </ul>
        {strongest.length === 0 && <p className="mt-4 text-sm text-muted-foreground">{t("focus.tooShort")}</p>}
        <dl className="mt-6 grid grid-cols-2 gap-4 border-t pt-6 sm:grid-cols-4">
          <Stat label={t("focus.focused")}>{formatDuration(session.focusedDurationSeconds)}</Stat>
          <Stat label={t("focus.totalTime")}>{formatDuration(session.totalDurationSeconds)}</Stat>
          {progress.kind === "ready" && (
            <>
              <Stat label={t("focus.lifeLevel")}>{progress.data.lifeLevel}</Stat>
              <Stat label={t("focus.streak")}>
                <StreakDays days={progress.data.streakDays} />
              </Stat>
            </>
          )}
        </dl>
        {progress.kind === "ready" && <LevelBar progress={progress.data} />}
      </Card>
      <WeeksCard />
      <p className="text-center">
        <Button asChild variant="link">
          <Link to={`/focus/goals/${goalId}`}>{t("focus.allSessions")}</Link>
        </Button>
      </p>
    </div>
  );
}

async function share(session: EndedSession, goal: Goal | null): Promise<void> {
  const done = {
    duration: formatDuration(session.focusedDurationSeconds),
    activity: session.activity.name,
    amount: formatXp(session.xpTotal),
  };
  const text = goal ? t("focus.shareTextGoal", { ...done, goal: goal.title }) : t("focus.shareText", done);
  try {
    const picture = await drawSummary(session, goal ? [goal.title] : []);
    const files = [new File([picture], "session.png", { type: picture.type })];
    if (navigator.canShare?.({ files })) await navigator.share({ text, files });
    else if (typeof navigator.share === "function") await navigator.share({ text });
    else {
      await navigator.clipboard.writeText(text);
      await saveAs(new Response(picture), "session.png");
      toast(t("focus.copied"));
    }
  } catch (error) {
    // Closing the system's share sheet is no failure.
    if (!(error instanceof DOMException && error.name === "AbortError")) toast(t("focus.cannotShare"));
  }
}
