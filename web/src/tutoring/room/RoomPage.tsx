import { findRoomTimes, isRoomOpen } from "@convex/tutoring/rules";
import { useMutation } from "convex/react";
import { ArrowLeft, DoorOpen, Hand } from "lucide-react";
import { useEffect, useState } from "react";
import { Link, useParams } from "react-router";
import { useMe } from "@/accounts/MeProvider";
import { PageFailure } from "@/components/PageFailure";
import { PageHeader } from "@/components/PageHeader";
import { ErrorState, OfflineNote } from "@/components/states";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { api } from "@/lib/api";
import { useQueryState } from "@/lib/live/useQueryState";
import { useServerNow } from "@/lib/time/ServerClock";
import { formatExact } from "@/lib/time/time";
import { useNow } from "@/lib/time/useNow";
import { PageSkeleton } from "@/shell/ShellSkeleton";
import { t } from "@/messages/translate";
import type { Watched } from "../types";
import { useAct } from "@/lib/hooks/useAct";
import { useWatched } from "../live/useWatched";
import { personName } from "../words";
import type { RoomState } from "./types";
import { Call } from "./Call";
import { Lobby } from "./Lobby";
import { useLocalMedia } from "./media/useLocalMedia";
import { noteInside, useOnlyTab, wasInside } from "./stays";
import { toTimed } from "./RoomLink";

/** The room of one session: knocking, the preview, the call. */
export function RoomPage() {
  const { id = "" } = useParams();
  const watched = useWatched(Number(id));
  if (watched.kind === "loading") return <PageSkeleton />;
  if (watched.kind === "error")
    return <PageFailure {...watched} kind="session" back={{ to: "/tutoring", label: t("tutoring.allSessions") }} />;
  return <Room key={id} {...watched.data} />;
}

function Room({ session, seats, viewer }: Watched) {
  const { id } = session;
  const state = useQueryState(api.tutoring.room.state, { id });
  const isOutside = state.kind === "error" && state.failure.code === "FORBIDDEN";
  const room = state.kind === "ready" ? state.data : null;
  const timed = toTimed(session, seats.status);
  const serverNow = useServerNow();
  useNow(1_000);
  const open = room?.open ?? isRoomOpen(timed, seats.status, serverNow());
  return (
    <>
      <PageHeader
        title={t("room.title", { title: session.title })}
        action={
          <Button asChild variant="secondary">
            <Link to={`/tutoring/${id}`}>
              <ArrowLeft />
              {t("room.backToSession")}
            </Link>
          </Button>
        }
      />
      <OfflineNote className="mb-2" />
      {state.kind === "loading" && <PageSkeleton />}
      {state.kind === "error" && !isOutside && <ErrorState failure={state.failure} retry={state.retry} />}
      {(room || isOutside) &&
        (open ? (
          <OpenRoom {...{ session, room }} isCreator={viewer.isCreator} />
        ) : (
          <Closed timed={timed} now={serverNow()} />
        ))}
    </>
  );
}

function Closed({ timed, now }: { timed: ReturnType<typeof toTimed>; now: number }) {
  const { opensAt } = findRoomTimes(timed);
  const isEarly = now < opensAt && !["pending_approval", "cancelled", "expired"].includes(timed.status);
  return (
    <Card>
      <p role="status" className="text-sm">
        {isEarly
          ? t("room.opensAt", { time: formatExact(opensAt) })
          : now < opensAt
            ? t("room.noRoom")
            : t("room.closed")}
      </p>
    </Card>
  );
}

type OpenProps = {
  session: Watched["session"];
  /** Null for those who have no part in it and do not knock. */
  room: RoomState | null;
  isCreator: boolean;
};

/** Where the user wants to be; whether they may is the server's to say. */
type Wish = "outside" | "inside" | "left";

function OpenRoom({ session, room, isCreator }: OpenProps) {
  const { id } = session;
  const { publicId: ownId } = useMe();
  const [visit, setVisit] = useState(0);
  const [wish, setWish] = useState<Wish>(() => (wasInside(id) ? "inside" : "outside"));
  const [wasIn, setWasIn] = useState(false);
  const media = useLocalMedia();
  const mayEnter = room?.mayEnter ?? false;
  const isInside = wish === "inside" && mayEnter && room !== null;
  if (room?.isInside && isInside && !wasIn) setWasIn(true);
  const isRemoved = wasIn && wish === "inside" && !mayEnter && !room?.isKnocking;
  const tutor = personName(session.creator);

  const leaveRoom = useMutation(api.tutoring.room.leave);
  useEffect(() => {
    if (!isInside) return;
    noteInside(id, true);
    return () => {
      noteInside(id, false);
      void leaveRoom({ id }).catch(() => undefined);
    };
  }, [id, isInside, leaveRoom]);

  if (isInside)
    return (
      <OnlyHere key={visit} id={id} again={() => setVisit(visit + 1)}>
        <Call {...{ id, ownId, isCreator, room, media }} leave={() => setWish("left")} />
      </OnlyHere>
    );
  return (
    <Lobby media={media}>
      {wish === "left" && <p role="status">{t("room.left")}</p>}
      {mayEnter ? (
        <Button size="lg" className="w-full" onClick={() => setWish("inside")}>
          <DoorOpen />
          {wish === "left" ? t("room.comeBack") : t("room.enter")}
        </Button>
      ) : (
        <Knock
          {...{ id, tutor, isRemoved }}
          isKnocking={room?.isKnocking ?? false}
          onKnock={() => {
            setWasIn(false);
            setWish("inside");
          }}
        />
      )}
    </Lobby>
  );
}

type KnockProps = { id: number; tutor: string; isKnocking: boolean; isRemoved: boolean; onKnock: () => void };

/** For those who have no part in the session. Who is let in enters by itself: they have asked to. */
function Knock({ id, tutor, isKnocking, isRemoved, onKnock }: KnockProps) {
  const knock = useMutation(api.tutoring.room.knock);
  const leave = useMutation(api.tutoring.room.leave);
  const { run, busy, problem } = useAct();
  const [hasKnocked, setHasKnocked] = useState(isKnocking);
  if (isKnocking && !hasKnocked) setHasKnocked(true);
  const stop = async () => {
    setHasKnocked(false);
    await leave({ id });
    setHasKnocked(false);
  };
  const note = isRemoved
    ? t("room.removed", { tutor })
    : hasKnocked
      ? t("room.notLetIn", { tutor })
      : t("room.knockNote", { tutor });
  return (
    <>
      <div role="status" className="space-y-1 text-sm">
        {isKnocking ? (
          <>
            <p className="font-semibold">{t("room.knocking", { tutor })}</p>
            <p className="text-muted-foreground">{t("room.knockingNote")}</p>
          </>
        ) : (
          <p>{note}</p>
        )}
      </div>
      {isKnocking ? (
        <Button variant="secondary" className="w-full" busy={busy} onClick={() => run(stop)}>
          {t("room.stopKnocking")}
        </Button>
      ) : (
        <Button
          size="lg"
          className="w-full"
          busy={busy}
          onClick={() =>
            run(async () => {
              await knock({ id });
              onKnock();
            })
          }
        >
          <Hand />
          {t("room.knock")}
        </Button>
      )}
      {problem && (
        <p role="alert" className="text-sm text-danger-text">
          {problem}
        </p>
      )}
    </>
  );
}

/** Shows the call in one tab of this browser. Signals are one person's, so two calls would take each other's. */
function OnlyHere({ id, again, children }: { id: number; again: () => void; children: React.ReactNode }) {
  const isTaken = useOnlyTab(id);
  if (!isTaken) return children;
  return (
    <Card className="space-y-3">
      <p role="status" className="text-sm">
        {t("room.elsewhere")}
      </p>
      <Button onClick={again}>{t("room.useHere")}</Button>
    </Card>
  );
}
