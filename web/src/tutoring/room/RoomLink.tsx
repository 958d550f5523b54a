import { isRoomOpen, type Timed } from "@convex/tutoring/rules";
import { DoorOpen } from "lucide-react";
import { Link } from "react-router";
import { Button } from "@/components/ui/button";
import { useServerNow } from "@/lib/time/ServerClock";
import { instant } from "@/lib/time/time";
import { useNow } from "@/lib/time/useNow";
import { t } from "@/messages/translate";
import type { TutoringSession, TutoringStatus } from "../types";

/** A session as the rules of time know it. */
export const toTimed = (session: TutoringSession, status: TutoringStatus): Timed => ({
  status,
  startsAt: instant(session.date),
  durationMinutes: session.duration,
});

type Props = {
  session: TutoringSession;
  status?: TutoringStatus;
  /** Others have to knock. */
  hasPart?: boolean;
};

/** The way into a session's room, shown while the room is open. */
export function RoomLink({ session, status = session.status, hasPart = true }: Props) {
  const serverNow = useServerNow();
  useNow(5_000);
  if (!isRoomOpen(toTimed(session, status), status, serverNow())) return null;
  return (
    <Button asChild variant={hasPart ? "primary" : "secondary"}>
      <Link to={`/tutoring/${session.id}/room`}>
        <DoorOpen />
        {hasPart ? t("room.enter") : t("room.knockAtRoom")}
      </Link>
    </Button>
  );
}
