import { Link } from "react-router";
import { DataList } from "@/components/DataList";
import { EmptyState, ListSkeleton } from "@/components/states";
import { Button } from "@/components/ui/button";
import { Card, CardTitle } from "@/components/ui/card";
import { api } from "@/lib/api";
import { instant } from "@/lib/time/time";
import { useQueryState, type QueryState } from "@/lib/live/useQueryState";
import { t } from "@/messages/translate";
import type { TutoringSession } from "./types";
import { RoomLink } from "./room/RoomLink";
import { TutoringRow } from "./TutoringRow";

const SHOWN = 3;
const OVER = new Set<TutoringSession["status"]>(["completed", "cancelled", "expired"]);

/** The next tutoring sessions, offered and joined, for the home page. */
export function UpcomingTutoring() {
  const mine = useQueryState(api.tutoring.sessions.mine, {});
  const next: QueryState<TutoringSession[]> =
    mine.kind === "ready" ? { kind: "ready", data: upcoming(mine.data) } : mine;
  return (
    <Card aria-label={t("tutoring.upcoming")}>
      <div className="mb-2 flex items-center justify-between">
        <CardTitle>{t("tutoring.upcoming")}</CardTitle>
        <Button asChild variant="link" size="sm">
          <Link to="/tutoring">{t("tutoring.allSessions")}</Link>
        </Button>
      </div>
      <DataList
        state={next}
        label={t("tutoring.upcoming")}
        keyOf={({ id }) => id}
        row={(session) => (
          <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
            <div className="min-w-48 flex-1">
              <TutoringRow session={session} />
            </div>
            <RoomLink session={session} />
          </div>
        )}
        skeleton={<ListSkeleton rows={1} />}
        empty={<EmptyState className="py-4">{t("tutoring.noUpcoming")}</EmptyState>}
      />
    </Card>
  );
}

function upcoming({ created, joined }: { created: TutoringSession[]; joined: TutoringSession[] }): TutoringSession[] {
  const all = new Map([...created, ...joined].map((session) => [session.id, session]));
  return [...all.values()]
    .filter(({ status }) => !OVER.has(status))
    .sort((a, b) => instant(a.date) - instant(b.date))
    .slice(0, SHOWN);
}
