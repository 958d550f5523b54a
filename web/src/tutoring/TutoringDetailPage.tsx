import { hasEnded } from "@convex/tutoring/rules";
import { CalendarClock } from "lucide-react";
import { useState } from "react";
import { useParams } from "react-router";
import { PageFailure } from "@/components/PageFailure";
import { PageHeader } from "@/components/PageHeader";
import { RelativeTime } from "@/components/RelativeTime";
import { OfflineNote } from "@/components/states";
import { Badge } from "@/components/ui/badge";
import { Card, CardTitle } from "@/components/ui/card";
import { formatDuration, instant } from "@/lib/time/time";
import { useLastShown } from "@/lib/hooks/useLastShown";
import { PageSkeleton } from "@/shell/ShellSkeleton";
import { t } from "@/messages/translate";
import type { TutoringSession, Watched } from "./types";
import { AttendanceCard } from "./attendance/AttendanceCard";
import { AddToCalendar } from "./calendar/AddToCalendar";
import { ProposalsCard } from "./hosting/ProposalsCard";
import { MaterialsCard } from "./materials/MaterialsCard";
import { RequestsCard } from "./booking/RequestsCard";
import { SeatsCard } from "./booking/SeatsCard";
import { WaitlistCard } from "./booking/WaitlistCard";
import { WaitlistPanel } from "./booking/WaitlistPanel";
import { RoomLink } from "./room/RoomLink";
import { BothZones } from "./terms/BothZones";
import { TutoringActions } from "./TutoringActions";
import { usePresence } from "./live/usePresence";
import { useWatched } from "./live/useWatched";
import { LEVEL_LABEL, nextText, personName, STATUS_LOOK } from "./words";

/** One tutoring session, live: subject and time, seats, next step, actions. */
export function TutoringDetailPage() {
  const { id = "" } = useParams();
  const watched = useWatched(Number(id));
  const shown = useLastShown(id, watched.kind === "ready" ? watched.data.session.title : undefined);
  const [leaving, setLeaving] = useState(false);
  if (watched.kind === "loading" || (leaving && watched.kind === "error")) return <PageSkeleton />;
  if (watched.kind === "error")
    return (
      <PageFailure
        {...watched}
        kind="session"
        back={{ to: "/tutoring", label: t("tutoring.allSessions") }}
        shown={shown}
      />
    );
  return <Detail {...watched.data} setLeaving={setLeaving} />;
}

function Detail({ setLeaving, ...watched }: Watched & { setLeaving: (leaving: boolean) => void }) {
  const { session, seats, viewer } = watched;
  const { label, tone } = STATUS_LOOK[seats.status];
  const people = usePresence(session.id, viewer.liveKey);
  return (
    <>
      <PageHeader
        title={session.title}
        status={<Badge tone={tone}>{label}</Badge>}
        description={t(viewer.isCreator ? "tutoring.summaryMine" : "tutoring.summary", {
          subject: session.subject,
          level: LEVEL_LABEL[session.level],
          tutor: personName(session.creator),
        })}
        action={
          <>
            <RoomLink session={session} status={seats.status} hasPart={viewer.isCreator || viewer.hasSeat} />
            <TutoringActions {...watched} setLeaving={setLeaving} />
          </>
        }
      />
      <OfflineNote className="mb-2" />
      {!hasEnded(seats.status) && <WaitlistPanel {...watched} />}
      <div className="grid items-start gap-6 *:min-w-0 lg:grid-cols-[1.4fr_1fr] lg:grid-rows-[auto_1fr]">
        <AboutCard session={session} status={seats.status} people={people} />
        <div className="lg:row-span-2">
          <SeatsCard session={session} seats={seats} mayRemove={viewer.isCreator && !hasEnded(seats.status)} />
        </div>
        <div className="space-y-6">
          {viewer.isCreator && !hasEnded(seats.status) && <RequestsCard id={session.id} isFull={seats.isFull} />}
          {!hasEnded(seats.status) && <ProposalsCard id={session.id} isCreator={viewer.isCreator} />}
          {viewer.isCreator && seats.waitingCount > 0 && <WaitlistCard id={session.id} />}
          {viewer.isCreator && ["ongoing", "completed"].includes(seats.status) && <AttendanceCard id={session.id} />}
          <MaterialsCard id={session.id} mayWrite={viewer.isCreator} mayRead={viewer.isCreator || viewer.hasSeat} />
        </div>
      </div>
    </>
  );
}

function AboutCard({
  session,
  status,
  people,
}: {
  session: TutoringSession;
  status: TutoringSession["status"];
  people: number;
}) {
  const startsAt = instant(session.date);
  return (
    <Card aria-label={t("tutoring.about")}>
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="flex items-center gap-2 text-sm font-medium">
          <CalendarClock className="size-4 text-muted-foreground" />
          {hasEnded(status) ? label(status) : <RelativeTime at={startsAt} />}
          <span className="font-normal text-muted-foreground">· {formatDuration(session.duration * 60)}</span>
        </div>
        {people > 0 && (
          <span className="flex items-center gap-1.5 text-xs text-muted-foreground">
            <span className="signal size-2 rounded-full bg-success" /> {t("tutoring.viewing", { count: people })}
          </span>
        )}
      </div>
      <BothZones at={startsAt} className="mt-2" />
      <p className="mt-3 text-sm text-muted-foreground">{nextText(status)}</p>
      {!hasEnded(status) && <AddToCalendar id={session.id} />}
      <CardTitle className="mt-4">{t("tutoring.about")}</CardTitle>
      <p className="mt-1 text-sm whitespace-pre-line">{session.description}</p>
    </Card>
  );
}

const label = (status: TutoringSession["status"]) => STATUS_LOOK[status].label;
