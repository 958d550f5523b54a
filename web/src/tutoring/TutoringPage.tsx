import { BookOpen, Inbox, Plus } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Link, useSearchParams } from "react-router";
import type { Me } from "@/accounts/api";
import { useMe } from "@/accounts/MeProvider";
import { DataList } from "@/components/DataList";
import { PageHeader } from "@/components/PageHeader";
import { EmptyState } from "@/components/states";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Segmented } from "@/components/ui/segmented";
import { api } from "@/lib/api";
import { formatExact } from "@/lib/time/time";
import { useDebounced } from "@/lib/hooks/useDebounced";
import type { PageState } from "@/lib/live/usePaginatedState";
import { usePaginatedState } from "@/lib/live/usePaginatedState";
import { useQueryState, type QueryState } from "@/lib/live/useQueryState";
import { CountBadge } from "@/shell/PlaceLink";
import { t } from "@/messages/translate";
import type { TutoringSession } from "./types";
import { filtersIn, SessionFilters, toArguments } from "./SessionFilters";
import { CalendarView } from "./calendar/CalendarView";
import { RequestRow } from "./booking/RequestRow";
import { TutoringFormDialog } from "./terms/TutoringForm";
import { TutoringRow } from "./TutoringRow";

const VIEWS = ["all", "calendar", "joined", "created", "requests"] as const;
type View = (typeof VIEWS)[number];

/** Tutoring sessions to join, joined and offered, and requests to answer. View and filters are in the address. */
export function TutoringPage() {
  const [params, setParams] = useSearchParams();
  const view = VIEWS.find((name) => name === params.get("view")) ?? "all";
  const [creating, setCreating] = useState(false);
  const waiting = useQueryState(api.tutoring.requests.inbox, {});
  const count = waiting.kind === "ready" ? waiting.data.length : 0;
  const offer = (
    <Button onClick={() => setCreating(true)}>
      <Plus />
      {t("tutoring.offerASession")}
    </Button>
  );
  return (
    <>
      <PageHeader title={t("shell.tutoring")} action={offer} />
      <Segmented<View>
        label={t("tutoring.whichSessions")}
        value={view}
        options={[
          { value: "all", label: t("common.all") },
          { value: "calendar", label: t("tutoring.calendar") },
          { value: "joined", label: t("tutoring.joined") },
          { value: "created", label: t("tutoring.teaching") },
          {
            value: "requests",
            label: (
              <>
                {t("tutoring.requests")} {count > 0 && <CountBadge count={count} label={t("tutoring.waitingLabel")} />}
              </>
            ),
          },
        ]}
        onChange={(next) => setParams(next === "all" ? {} : { view: next })}
        className="mb-4"
      />
      {view === "all" && <All offer={offer} />}
      {view === "calendar" && <CalendarView />}
      {view === "requests" && <Requests state={waiting} />}
      {(view === "joined" || view === "created") && <Own view={view} offer={offer} />}
      <TutoringFormDialog open={creating} onOpenChange={setCreating} />
    </>
  );
}

function All({ offer }: { offer: ReactNode }) {
  const [params, setParams] = useSearchParams();
  const filters = filtersIn(params);
  const search = useDebounced(filters.search.trim(), 200);
  const subject = useDebounced(filters.subject.trim(), 200);
  const args = toArguments({ ...filters, search, subject });
  const sessions = withoutClosed(usePaginatedState(api.tutoring.sessions.list, args), useMe());
  const filtered = Object.keys(args).length > 0;
  const clear = (
    <Button variant="secondary" size="sm" onClick={() => setParams({}, { replace: true })}>
      {t("tutoring.clearFilters")}
    </Button>
  );
  return (
    <>
      <SessionFilters filters={filters} onChange={(next) => setParams(next, { replace: true })} />
      <SessionList
        state={sessions}
        empty={filtered ? t("tutoring.noMatches") : t("tutoring.noSessions")}
        action={filtered ? clear : offer}
      />
    </>
  );
}

/** Sessions of others that await approval can only be looked at, so only moderators find them here. */
function withoutClosed(state: PageState<TutoringSession>, me: Me): PageState<TutoringSession> {
  if (state.kind !== "ready" || me.permissions.includes("moderate_sessions")) return state;
  const isOpen = ({ status, creator }: TutoringSession) => status !== "pending_approval" || creator.id === me.publicId;
  return { ...state, data: state.data.filter(isOpen) };
}

function Own({ view, offer }: { view: "joined" | "created"; offer: ReactNode }) {
  const mine = useQueryState(api.tutoring.sessions.mine, {});
  const state: QueryState<TutoringSession[]> = mine.kind === "ready" ? { kind: "ready", data: mine.data[view] } : mine;
  const find = (
    <Button asChild variant="secondary">
      <Link to="/tutoring">{t("tutoring.findSession")}</Link>
    </Button>
  );
  return view === "joined" ? (
    <SessionList state={state} empty={t("tutoring.noneJoined")} action={find} />
  ) : (
    <SessionList state={state} empty={t("tutoring.noneOffered")} action={offer} />
  );
}

type ListProps = {
  state: QueryState<TutoringSession[]> | PageState<TutoringSession>;
  empty: string;
  action: ReactNode;
};

function SessionList({ state, empty, action }: ListProps) {
  return (
    <Card aria-label={t("tutoring.sessions")} className="py-1 sm:py-2">
      <DataList
        state={state}
        label={t("tutoring.sessions")}
        keyOf={({ id }) => id}
        row={(session) => <TutoringRow session={session} wide />}
        empty={
          <EmptyState icon={<BookOpen />} action={action}>
            {empty}
          </EmptyState>
        }
      />
    </Card>
  );
}

type Waiting = (typeof api.tutoring.requests.inbox)["_returnType"];

/** All pending requests for the user's sessions. */
function Requests({ state }: { state: QueryState<Waiting> }) {
  return (
    <Card aria-label={t("tutoring.requests")} className="py-1 sm:py-2">
      <DataList
        state={state}
        label={t("tutoring.requests")}
        keyOf={({ id }) => id}
        row={(request) => (
          <RequestRow request={request}>
            <p className="text-sm">
              <Link to={`/tutoring/${request.session}`} className="text-accent-text underline underline-offset-4">
                {request.sessionTitle}
              </Link>{" "}
              <span className="text-muted-foreground">· {formatExact(request.sessionDate)}</span>
            </p>
          </RequestRow>
        )}
        empty={<EmptyState icon={<Inbox />}>{t("tutoring.inboxEmpty")}</EmptyState>}
      />
    </Card>
  );
}
