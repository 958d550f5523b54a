import { useMe } from "@/accounts/MeProvider";
import { Badge } from "@/components/ui/badge";
import { Card, CardTitle } from "@/components/ui/card";
import { cn } from "@/lib/cn";
import { t } from "@/messages/translate";
import type { Seats, TutoringSession } from "../types";
import { RemoveParticipant } from "../hosting/RemoveParticipant";
import { initials, personName, seatsText } from "../words";

/** The most seats that are drawn; further ones are only counted. */
const DRAWN = 40;
/** The most names that are listed; further ones are only counted. */
const LISTED = 100;

type Props = { session: TutoringSession; seats: Seats; mayRemove: boolean };

/** The seats as drawn places, and the names of the participants. */
export function SeatsCard({ session, seats, mayRemove }: Props) {
  const { publicId } = useMe();
  const { participants } = session;
  return (
    <Card aria-label={t("tutoring.seats")}>
      <div className="flex flex-wrap items-baseline justify-between gap-x-3">
        <CardTitle>{t("tutoring.seats")}</CardTitle>
        <span aria-live="polite" className="figures text-sm text-muted-foreground">
          {t("tutoring.seatsTaken", { taken: seats.participantCount, total: seats.maxParticipants })} ·{" "}
          {seatsText(seats.availableSpots)}
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
          {t("tutoring.seatsShown", { shown: DRAWN, total: seats.maxParticipants })}
        </p>
      )}
      {participants.length > 0 ? (
        <ul aria-label={t("tutoring.participants")} className="mt-4 space-y-2 text-sm">
          {participants.slice(0, LISTED).map(({ id, user, role }) => (
            <li key={id} className="flex flex-wrap items-center gap-2">
              <span className="min-w-0">{personName(user)}</span>
              {user.id === publicId && <Badge tone="accent">{t("tutoring.you")}</Badge>}
              {role === "tutor" && <Badge>{t("tutoring.tutor")}</Badge>}
              {mayRemove && (
                <span className="-my-1.5 ml-auto">
                  <RemoveParticipant id={session.id} user={user} />
                </span>
              )}
            </li>
          ))}
          {participants.length > LISTED && (
            <li className="text-muted-foreground">
              {t("tutoring.moreParticipants", { count: participants.length - LISTED })}
            </li>
          )}
        </ul>
      ) : (
        <p className="mt-4 text-sm text-muted-foreground">{t("tutoring.noParticipants")}</p>
      )}
    </Card>
  );
}
