import { Link } from "react-router";
import { Badge } from "@/components/ui/badge";
import { formatDuration, formatExact, instant } from "@/lib/time/time";
import type { TutoringSession } from "./api";
import { LEVEL_LABEL, personName, seatsText, STATUS_LOOK } from "./words";

export function TutoringRow({ session }: { session: TutoringSession }) {
  const { label, tone } = STATUS_LOOK[session.status];
  return (
    <Link
      to={`/tutoring/${session.id}`}
      className="-mx-2 flex flex-wrap items-center gap-x-4 gap-y-1 rounded-control px-2 py-3 hover:bg-surface-muted"
    >
      <span className="min-w-48 flex-1">
        <span className="block text-sm font-medium">{session.title}</span>
        <span className="block text-xs text-muted-foreground">
          {session.subject} · {LEVEL_LABEL[session.level]} · {personName(session.creator)}
        </span>
        <span className="block text-xs text-muted-foreground">
          {formatExact(instant(session.date))} · {formatDuration(session.duration * 60)}
        </span>
      </span>
      <span className="flex items-center gap-3">
        <span className="figures text-xs text-muted-foreground">{seatsText(session.availableSpots)}</span>
        <Badge tone={tone}>{label}</Badge>
      </span>
    </Link>
  );
}
