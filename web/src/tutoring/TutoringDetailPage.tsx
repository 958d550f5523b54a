import { useParams } from "react-router";
import { useMe } from "@/accounts/MeProvider";
import { PageHeader } from "@/components/PageHeader";
import { ErrorState, OfflineNote } from "@/components/states";
import { Badge } from "@/components/ui/badge";
import { Card, CardTitle } from "@/components/ui/card";
import { api } from "@/lib/api";
import { formatDuration, formatExact, instant } from "@/lib/time";
import { useQueryState } from "@/lib/useQueryState";
import { PageSkeleton } from "@/shell/ShellSkeleton";
import { RequestsCard } from "./RequestsCard";
import { SeatsCard } from "./SeatsCard";
import { TutoringActions } from "./TutoringActions";
import { LEVEL_LABEL, personName, STATUS_LOOK } from "./words";

/** One tutoring session, live: what and when, who is in, what one can do. */
export function TutoringDetailPage() {
  const { publicId } = useMe();
  const { id = "" } = useParams();
  const session = useQueryState(api.tutoring.sessions.get, { id: Number(id) });
  if (session.kind === "loading") return <PageSkeleton />;
  if (session.kind === "error") return <ErrorState failure={session.failure} retry={session.retry} />;
  const shown = session.data;
  const { label, tone } = STATUS_LOOK[shown.status];
  const isCreator = shown.creator.id === publicId;
  return (
    <>
      <PageHeader
        title={shown.title}
        status={<Badge tone={tone}>{label}</Badge>}
        description={`${shown.subject} · ${LEVEL_LABEL[shown.level]} · by ${isCreator ? "you" : personName(shown.creator)}`}
        action={<TutoringActions session={shown} />}
      />
      <OfflineNote className="mb-2" />
      <div className="grid items-start gap-6 *:min-w-0 lg:grid-cols-[1.4fr_1fr]">
        <div className="space-y-6">
          <Card aria-label="About">
            <p className="text-sm font-medium">{formatExact(instant(shown.date))}</p>
            <p className="text-sm text-muted-foreground">{formatDuration(shown.duration * 60)}</p>
            <CardTitle className="mt-4">About</CardTitle>
            <p className="mt-1 text-sm break-words whitespace-pre-line">{shown.description}</p>
          </Card>
          {isCreator && <RequestsCard session={shown} />}
        </div>
        <SeatsCard session={shown} />
      </div>
    </>
  );
}
