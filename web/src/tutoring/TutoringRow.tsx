import { Link } from "react-router";
import { Badge } from "@/components/ui/badge";
import { cn } from "@/lib/cn";
import { formatDuration, formatExact, instant } from "@/lib/time/time";
import type { TutoringSession } from "./types";
import { LEVEL_LABEL, personName, seatsText, STATUS_LOOK } from "./words";

/** @param wide in columns where there is room, so that the rows of a list line up */
export function TutoringRow({ session, wide = false }: { session: TutoringSession; wide?: boolean }) {
  const { label, tone } = STATUS_LOOK[session.status];
  // With columns the groups dissolve, and each part takes the column of its place.
  const group = wide ? "xl:contents" : "";
  return (
    <Link
      to={`/tutoring/${session.id}`}
      className={cn(
        "-mx-2 flex flex-wrap items-center gap-x-4 gap-y-1 rounded-control px-2 py-3 hover:bg-surface-muted",
        wide && "xl:grid xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)_minmax(0,2fr)_minmax(0,3fr)_6rem_9rem] xl:gap-x-6",
      )}
    >
      <span className={cn("min-w-48 flex-1", group)}>
        <span className="block text-sm font-medium">{session.title}</span>
        <span className={cn("block text-xs text-muted-foreground", group)}>
          <span className={cn(wide && "xl:text-sm")}>
            {session.subject} · {LEVEL_LABEL[session.level]}
          </span>
          <span className={cn(wide && "xl:hidden")}> · </span>
          <span className={cn(wide && "xl:truncate xl:text-sm")}>{personName(session.creator)}</span>
        </span>
        <span className="figures block text-xs text-muted-foreground">
          {formatExact(instant(session.date))}{" "}
          <span className="whitespace-nowrap">· {formatDuration(session.duration * 60)}</span>
        </span>
      </span>
      <span className={cn("flex items-center gap-3", group)}>
        <span className="figures text-xs text-muted-foreground">{seatsText(session.availableSpots)}</span>
        <Badge tone={tone} className={cn(wide && "xl:justify-self-end")}>
          {label}
        </Badge>
      </span>
    </Link>
  );
}
