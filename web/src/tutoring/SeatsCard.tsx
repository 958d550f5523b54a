import { UserRound } from "lucide-react";
import { Card, CardTitle } from "@/components/ui/card";
import { cn } from "@/lib/cn";
import type { TutoringSession } from "./api";
import { personName, seatsText } from "./words";

/** More seats than these are counted, not drawn. */
const DRAWN = 40;

/** Seats as places one can see, and who is in them. */
export function SeatsCard({ session }: { session: TutoringSession }) {
  const taken = session.participants.filter(({ status }) => status === "approved");
  return (
    <Card aria-label="Seats">
      <div className="flex items-baseline justify-between">
        <CardTitle>Seats</CardTitle>
        <span className="figures text-sm text-muted-foreground">
          {session.participantCount} of {session.maxParticipants} · {seatsText(session.availableSpots)}
        </span>
      </div>
      <ul aria-hidden className="mt-4 flex flex-wrap gap-1.5">
        {Array.from({ length: Math.min(session.maxParticipants, DRAWN) }, (_, index) => (
          <li
            key={index}
            className={cn(
              "grid size-8 place-items-center rounded-control transition-colors duration-150",
              index < session.participantCount ? "bg-accent text-accent-foreground" : "border border-dashed text-transparent",
            )}
          >
            <UserRound className="size-4" />
          </li>
        ))}
      </ul>
      {taken.length > 0 ? (
        <ul aria-label="Participants" className="mt-4 space-y-2 text-sm">
          {taken.map(({ id, user, role }) => (
            <li key={id}>
              {personName(user)} {role === "tutor" && <span className="text-muted-foreground">tutor</span>}
            </li>
          ))}
        </ul>
      ) : (
        <p className="mt-4 text-sm text-muted-foreground">Nobody is in yet.</p>
      )}
    </Card>
  );
}
