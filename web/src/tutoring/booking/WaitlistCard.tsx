import { DataList } from "@/components/DataList";
import { RelativeTime } from "@/components/RelativeTime";
import { Badge } from "@/components/ui/badge";
import { Card, CardTitle } from "@/components/ui/card";
import { api } from "@/lib/api";
import { useQueryState } from "@/lib/live/useQueryState";
import { Countdown } from "@/lib/time/Countdown";
import { rich, t } from "@/messages/translate";
import type { Wait } from "../types";
import { personName } from "../words";

/** For a session's creator: the people who wait for a seat, first come first. */
export function WaitlistCard({ id }: { id: number }) {
  const waiting = useQueryState(api.tutoring.requests.waitlist, { id });
  return (
    <Card aria-label={t("tutoring.waitingList")}>
      <CardTitle className="mb-2">{t("tutoring.waitingList")}</CardTitle>
      <DataList
        state={waiting}
        label={t("tutoring.waitingList")}
        keyOf={({ user }) => user.id}
        row={(wait) => <WaitRow wait={wait} />}
        empty={null}
      />
    </Card>
  );
}

function WaitRow({ wait: { user, position, since, offerExpiresAt } }: { wait: Wait }) {
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 py-3 text-sm">
      <span className="figures w-6 text-muted-foreground">{position}</span>
      <span className="min-w-32 flex-1 font-medium">{personName(user)}</span>
      {offerExpiresAt === null ? (
        <span className="text-xs text-muted-foreground">
          {rich("tutoring.waitingSince", { time: () => <RelativeTime key="time" at={since} /> })}
        </span>
      ) : (
        <Badge tone="accent">
          {rich("tutoring.offeredUntil", { time: () => <Countdown key="time" until={offerExpiresAt} /> })}
        </Badge>
      )}
    </div>
  );
}
