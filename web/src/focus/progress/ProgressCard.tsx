import { Flame } from "lucide-react";
import { Loaded, Loading } from "@/components/states";
import { Stat } from "@/components/Stat";
import { Card, CardTitle } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";
import { api } from "@/lib/api";
import { cn } from "@/lib/cn";
import { formatDuration } from "@/lib/time/time";
import { useQueryState } from "@/lib/live/useQueryState";
import { useToday } from "@/lib/time/useToday";
import { t } from "@/messages/translate";
import type { Progress } from "../types";
import { DimensionLabel } from "../DimensionLabel";
import { DIMENSIONS } from "../dimensions";
import { formatCompact, formatXp, levelShare } from "../format";
import { hasEarned, useNoteEarned } from "./earned";

export const useProgress = () => useQueryState(api.focus.progress.mine, useToday());

/** Life level, streak, today, and the five dimensions so far. */
export function ProgressCard() {
  const progress = useProgress();
  useNoteEarned(progress.kind === "ready" && progress.data.xpTotal > 0);
  return (
    <Card aria-label={t("focus.progress")}>
      <CardTitle className="mb-4">{t("focus.progress")}</CardTitle>
      <Loaded
        state={progress}
        skeleton={
          <Loading className="space-y-4">
            <Skeleton className="h-16" />
            <Skeleton className="h-6" />
            {hasEarned() && <Skeleton className="h-36" />}
          </Loading>
        }
      >
        {(mine) => (
          <>
            <dl className="grid grid-cols-3 gap-3">
              <Stat label={t("focus.lifeLevel")}>{mine.lifeLevel}</Stat>
              <Stat label={t("focus.streak")} note={t("focus.streakUnit", { count: mine.streakDays })}>
                <StreakDays days={mine.streakDays} />
              </Stat>
              <Stat label={t("focus.today")} note={t("focus.xp", { amount: formatXp(mine.today.xpTotal) })}>
                {mine.today.focusedSeconds === 0
                  ? t("common.minutes", { count: 0 })
                  : formatDuration(mine.today.focusedSeconds)}
              </Stat>
            </dl>
            <LevelBar progress={mine} />
            {/* Five zeros tell a newcomer nothing. */}
            <ul aria-label={t("focus.xpByDimension")} className={cn("mt-4 space-y-2", mine.xpTotal === 0 && "hidden")}>
              {DIMENSIONS.map((dimension) => (
                <li key={dimension} className="flex items-center justify-between">
                  <DimensionLabel dimension={dimension} />
                  <span
                    className="figures text-sm text-muted-foreground"
                    title={t("focus.xp", { amount: formatXp(mine.xp[dimension]) })}
                  >
                    {formatCompact(mine.xp[dimension])}
                  </span>
                </li>
              ))}
            </ul>
          </>
        )}
      </Loaded>
    </Card>
  );
}

export function StreakDays({ days }: { days: number }) {
  return (
    <span className="inline-flex items-center gap-1">
      {days}
      <Flame aria-hidden className={days > 0 ? "size-5 text-energy" : "size-5 text-muted-foreground"} />
      <span className="sr-only">{t("focus.streakUnit", { count: days })}</span>
    </span>
  );
}

/** The progress toward the next level. */
export function LevelBar({ progress: { xpTotal, lifeLevel, nextLevelAt } }: { progress: Progress }) {
  const percent = levelShare(xpTotal, lifeLevel, nextLevelAt) * 100;
  return (
    <div className="mt-4">
      <div
        role="progressbar"
        aria-label={t("focus.towardLevel", { level: lifeLevel + 1 })}
        aria-valuenow={Math.round(percent)}
        aria-valuemin={0}
        aria-valuemax={100}
        className="h-1.5 overflow-hidden track rounded-full bg-surface-muted"
      >
        <div
          className="signal h-full rounded-full bg-accent transition-[width] duration-150"
          style={{ width: `${percent}%` }}
        />
      </div>
      <p className="figures mt-1.5 text-xs text-muted-foreground">
        {t("focus.xpToLevel", { amount: formatXp(Math.max(0, nextLevelAt - xpTotal)), level: lifeLevel + 1 })}
      </p>
    </div>
  );
}
