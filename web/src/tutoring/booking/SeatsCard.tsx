import { useMe } from "@/accounts/MeProvider";
import { Badge } from "@/components/ui/badge";
import { Card, CardTitle } from "@/components/ui/card";
import { cn } from "@/lib/cn";
import type { Seats, TutoringSession } from "../api";
import { initials, personName, seatsText } from "../words";

/** More seats than these are counted, not drawn. */
const DRAWN = 40;
/** More names than these are counted, not listed. */
const LISTED = 100;

/** Seats as places one can see, and who is in them. */
export function SeatsCard({ session, seats }: { session: TutoringSession; seats: Seats }) {
  const { publicId } = useMe();
  const { participants } = session;
  return (
    <Card aria-label="Seats">
      <div className="flex flex-wrap items-baseline justify-between gap-x-3">
        <CardTitle>Seats</CardTitle>
        <span aria-live="polite" className="figures text-sm text-muted-foreground">
          {seats.participantCount} of {seats.maxParticipants} taken · {seatsText(seats.availableSpots)}
        </span>
      </div>
      <ul aria-hidden className="mt-4 flex flex-wrap gap-1.5">
        {Array.from({ length: Math.min(seats.maxParticipants, DRAWN) }, (_, index) => {
          const taken = index < seats.participantCount;
          const user = taken ? participants[index]?.user : undefined;
          return (
            <li
              key={index}
              title={user && personName(user)}
              className={cn(
                "grid size-9 place-items-center rounded-control text-xs font-medium transition-colors duration-150",
                taken ? "bg-accent text-accent-foreground" : "border border-dashed border-input",
                user?.id === publicId && "ring-2 ring-ring ring-offset-2 ring-offset-surface",
              )}
            >
              {user && initials(user)}
            </li>
          );
        })}
      </ul>
      {seats.maxParticipants > DRAWN && (
        <p className="mt-2 text-xs text-muted-foreground">
          The first {DRAWN} of {seats.maxParticipants} seats.
        </p>
      )}
      {participants.length > 0 ? (
        <ul aria-label="Participants" className="mt-4 space-y-2 text-sm">
          {participants.slice(0, LISTED).map(({ id, user, role }) => (
            <li key={id} className="flex flex-wrap items-center gap-2">
              <span className="min-w-0">{personName(user)}</span>
              {user.id === publicId && <Badge tone="accent">You</Badge>}
              {role === "tutor" && <Badge>Tutor</Badge>}
            </li>
          ))}
          {participants.length > LISTED && (
            <li className="text-muted-foreground">and {participants.length - LISTED} more</li>
          )}
        </ul>
      ) : (
        <p className="mt-4 text-sm text-muted-foreground">Nobody is in yet.</p>
      )}
    </Card>
  );
}
