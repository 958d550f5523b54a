import { DoorOpen } from "lucide-react";
import { Link } from "react-router";
import { Button } from "@/components/ui/button";
import { api } from "@/lib/api";
import { useQueryState } from "@/lib/live/useQueryState";
import { t } from "@/messages/translate";

/** The way from a reminder into the room it is about, while that is open. */
export function ReminderRoom({ id, onOpen }: { id: number; onOpen?: () => void }) {
  const room = useQueryState(api.tutoring.room.state, { id });
  if (room.kind !== "ready" || !room.data.open || !room.data.mayEnter) return null;
  return (
    <Button asChild size="sm" className="mb-3 ml-7">
      <Link to={`/tutoring/${id}/room`} onClick={() => onOpen?.()}>
        <DoorOpen />
        {t("room.enter")}
      </Link>
    </Button>
  );
}
