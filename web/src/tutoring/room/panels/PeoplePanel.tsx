import { useMutation } from "convex/react";
import { Check, UserMinus, X } from "lucide-react";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card, CardTitle } from "@/components/ui/card";
import { api } from "@/lib/api";
import { t } from "@/messages/translate";
import { useAct } from "@/lib/hooks/useAct";
import type { RoomState } from "../types";

type Props = { id: number; room: RoomState; ownId: number; isCreator: boolean };

/** Who is inside, and for the creator who knocks. */
export function PeoplePanel({ id, room, ownId, isCreator }: Props) {
  const admit = useMutation(api.tutoring.room.admit);
  const remove = useMutation(api.tutoring.room.remove);
  const { run, busy, problem } = useAct();
  return (
    <Card aria-label={t("room.people")} className="space-y-3">
      {room.knocks.length > 0 && (
        <section aria-label={t("room.knocks")} role="alert" className="rounded-control bg-accent-soft p-3">
          <h2 className="text-sm font-semibold">{t("room.knocks")}</h2>
          <ul className="mt-2 space-y-2">
            {room.knocks.map(({ userId, name }) => (
              <li key={userId} className="flex flex-wrap items-center gap-2 text-sm">
                <span className="min-w-24 flex-1">{name}</span>
                <Button
                  size="sm"
                  busy={busy}
                  aria-label={t("room.admitPerson", { name })}
                  onClick={() => run(() => admit({ id, userId }))}
                >
                  <Check />
                  {t("room.admit")}
                </Button>
                <Button
                  size="sm"
                  variant="secondary"
                  busy={busy}
                  aria-label={t("room.turnAwayPerson", { name })}
                  onClick={() => run(() => remove({ id, userId }))}
                >
                  <X />
                  {t("room.turnAway")}
                </Button>
              </li>
            ))}
          </ul>
        </section>
      )}
      <CardTitle>{t("room.people")}</CardTitle>
      <ul aria-label={t("room.people")} className="space-y-1 text-sm">
        {room.people.map(({ userId, name, isCreator: isTutor }) => (
          <li key={userId} className="flex min-h-9 flex-wrap items-center gap-2">
            <span className="min-w-0">{userId === ownId ? t("room.youNamed", { name }) : name}</span>
            {isTutor && <Badge>{t("room.tutor")}</Badge>}
            {isCreator && userId !== ownId && (
              <Button
                variant="ghost"
                size="sm"
                className="ml-auto"
                busy={busy}
                aria-label={t("room.removePerson", { name })}
                onClick={() => run(() => remove({ id, userId }))}
              >
                <UserMinus />
                {t("room.remove")}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {problem && (
        <p role="alert" className="text-sm text-danger-text">
          {problem}
        </p>
      )}
    </Card>
  );
}
