import { KeepWork } from "./accounts/KeepWork";
import { useMe } from "./accounts/MeProvider";
import { PageHeader } from "./components/PageHeader";
import { Loading } from "./components/states";
import { Skeleton } from "./components/ui/skeleton";
import { useFocus } from "./focus/FocusProvider";
import { LostSessionNote } from "./focus/history/LostSessionNote";
import { ProgressCard, useProgress } from "./focus/progress/ProgressCard";
import { WeeksCard } from "./focus/progress/WeeksCard";
import { FirstSteps } from "./focus/start/FirstSteps";
import { StartAgain } from "./focus/start/StartAgain";
import { api } from "./lib/api";
import { useQueryState } from "./lib/live/useQueryState";
import { ClaimReceipts } from "./valuations/claims/ClaimReceipts";
import { KeptEdits } from "./valuations/drafts/KeptEdits";
import { RecentReports } from "./valuations/RecentReports";
import { OpenOffers } from "./tutoring/booking/OpenOffers";
import { UpcomingTutoring } from "./tutoring/UpcomingTutoring";
import { t } from "./messages/translate";

/** The home page: an overview of every part. */
export function HomePage() {
  const me = useMe();
  const { session } = useFocus();
  const running = session.kind === "ready" && session.data !== null;
  const progress = useProgress();
  const goals = useQueryState(api.focus.goals.list, {});
  const isLoading = [session, progress, goals].some(({ kind }) => kind === "loading");
  const isNew = session.kind === "ready" && !running && progress.kind === "ready" && progress.data.xpTotal === 0;
  return (
    <>
      <PageHeader
        title={
          me.isAnonymous
            ? t("shell.welcome")
            : me.firstName
              ? t("shell.helloName", { name: me.firstName })
              : t("shell.hello")
        }
      />
      <LostSessionNote />
      <OpenOffers />
      {isLoading && <NextSkeleton />}
      {isNew && <FirstSteps />}
      {session.kind === "ready" && !running && progress.kind === "ready" && !isNew && <StartAgain />}
      <KeptEdits />
      <ClaimReceipts />
      <KeepWork className="mb-6" />
      <div className="grid items-start gap-6 *:min-w-0 lg:grid-cols-2">
        <div className="space-y-6">
          <ProgressCard />
          <RecentReports />
        </div>
        <div className="space-y-6">
          <WeeksCard />
          <UpcomingTutoring />
        </div>
      </div>
    </>
  );
}

/** Keeps the place of what comes next, so that the cards do not move when it is known. */
const NextSkeleton = () => (
  <Loading className="mb-6">
    <Skeleton className="h-47 rounded-card sm:h-24.5" />
  </Loading>
);
