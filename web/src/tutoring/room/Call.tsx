import { LogOut, Monitor, MonitorOff, Volume2 } from "lucide-react";
import { useCallback, useEffect, useMemo, useState } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/lib/cn";
import { t } from "@/messages/translate";
import type { RoomState } from "./types";
import { pickColumns, pickPictureSize, pickSenders } from "./layout";
import { SourceButtons } from "./media/SourceButtons";
import type { LocalMediaControls } from "./media/useLocalMedia";
import { canShareScreen, useScreen } from "./media/useScreen";
import type { RemoteView } from "./mesh/peer";
import { useMesh } from "./mesh/useMesh";
import { ChatPanel } from "./panels/ChatPanel";
import { NotesPanel } from "./panels/NotesPanel";
import { PeoplePanel } from "./panels/PeoplePanel";
import { Tile } from "./Tile";
import { useArrivals } from "./useArrivals";
import { useStay } from "./useStay";
import { problemText } from "./words";

type Props = {
  id: number;
  ownId: number;
  isCreator: boolean;
  room: RoomState;
  media: LocalMediaControls;
  leave: () => void;
};

/** Inside the room: pictures, controls, people, chat and notes. */
export function Call({ id, ownId, isCreator, room, media, leave }: Props) {
  const screen = useScreen();
  const { isMuted, wantsToSend, ...own } = describeOwn(media, screen.track);
  const [isReady, setIsReady] = useState(false);
  const { iceServers, failure } = useStay(id, isReady);
  const people = useMemo(() => room.people.map(({ userId }) => userId), [room.people]);
  const [standings, setStandings] = useState<ReadonlyMap<number, boolean>>(new Map());
  const isSending = pickSenders(
    // Before the server has noted it, one is the last to have come.
    [...room.people, ...(people.includes(ownId) ? [] : [{ userId: ownId, isCreator }])].map((person) => ({
      ...person,
      wantsToSend: person.userId === ownId ? wantsToSend : (standings.get(person.userId) ?? true),
    })),
  ).has(ownId);
  const sent = isSending ? own : NOTHING;
  const standing = { isMuted: isMuted || !isSending, hasCamera: sent.camera !== null, wantsToSend };
  const { views, isClear } = useMesh({ id, ownId, people, media: sent, standing, iceServers });
  if (isClear && !isReady) setIsReady(true);
  const told = views.map(({ userId, standing: { wantsToSend: wants } }) => `${userId}:${wants}`).join(" ");
  const [lastTold, setLastTold] = useState("");
  if (told !== lastTold) {
    setLastTold(told);
    setStandings(new Map(views.map(({ userId, standing: { wantsToSend: wants } }) => [userId, wants])));
  }
  usePictureSize(media.camera, people.length);
  return (
    <div className="space-y-6">
      {failure && (
        <p role="alert" className="text-sm text-danger-text">
          {failure.message}
        </p>
      )}
      {wantsToSend && !isSending && (
        <p role="status" className="text-sm">
          {t("room.notSending")}
        </p>
      )}
      <Pictures {...{ room, ownId, views, isMuted }} media={media} screen={screen.track} />
      <section aria-label={t("room.controls")} className="sticky bottom-20 z-30 lg:bottom-4">
        <div className="mx-auto flex w-fit max-w-full flex-wrap justify-center gap-2 rounded-card border bg-surface p-2 shadow-raised">
          <SourceButtons media={media} />
          {canShareScreen() && (
            <Button
              variant={screen.track ? "primary" : "secondary"}
              size="icon"
              aria-label={screen.track ? t("room.stopSharing") : t("room.shareScreen")}
              title={screen.track ? t("room.stopSharing") : t("room.shareScreen")}
              onClick={() => (screen.track ? screen.stop() : void screen.share())}
            >
              {screen.track ? <MonitorOff /> : <Monitor />}
            </Button>
          )}
          <Button variant="danger" onClick={leave}>
            <LogOut />
            {t("room.leave")}
          </Button>
        </div>
      </section>
      <Problems media={media} screenFailed={screen.problem !== null} />
      <div className="grid items-start gap-6 *:min-w-0 lg:grid-cols-2">
        <div className="space-y-6">
          <PeoplePanel {...{ id, room, ownId, isCreator }} />
          <ChatPanel id={id} />
        </div>
        <NotesPanel id={id} />
      </div>
    </div>
  );
}

const NOTHING = { microphone: null, camera: null, screen: null };

function describeOwn(media: LocalMediaControls, screen: MediaStreamTrack | null) {
  const { microphone, camera, isOn } = media;
  const isMuted = !isOn.microphone || microphone === null;
  return { microphone, camera, screen, isMuted, wantsToSend: !isMuted || camera !== null || screen !== null };
}

function Problems({ media, screenFailed }: { media: LocalMediaControls; screenFailed: boolean }) {
  const { camera, microphone } = media.problems;
  if (!camera && !microphone && !screenFailed) return null;
  return (
    <div role="alert" className="space-y-1 text-sm text-danger-text">
      {camera && media.isOn.camera && <p>{problemText("camera", camera)}</p>}
      {microphone && media.isOn.microphone && <p>{problemText("microphone", microphone)}</p>}
      {screenFailed && <p>{t("room.screenFailed")}</p>}
    </div>
  );
}

/** The own camera's picture gets smaller as people come. */
function usePictureSize(camera: MediaStreamTrack | null, people: number): void {
  useEffect(() => {
    const { width, height, frameRate } = pickPictureSize(people);
    // A camera that cannot do it keeps the size it has.
    void camera
      ?.applyConstraints({ width: { ideal: width }, height: { ideal: height }, frameRate: { max: frameRate } })
      .catch(() => undefined);
  }, [camera, people]);
}

const COLUMNS = { 1: "grid-cols-1", 2: "grid-cols-2" } as const;
const WIDE_COLUMNS = { 1: "sm:grid-cols-1", 2: "sm:grid-cols-2", 3: "sm:grid-cols-3", 4: "sm:grid-cols-4" } as const;

type PicturesProps = {
  room: RoomState;
  ownId: number;
  views: RemoteView[];
  isMuted: boolean;
  media: LocalMediaControls;
  screen: MediaStreamTrack | null;
};

function Pictures({ room, ownId, views, isMuted, media, screen }: PicturesProps) {
  const { soundBlocked, onBlocked, playSound } = useBlockedSound();
  const said = useArrivals(room.people, ownId);
  const own = useOwnStream(media.camera, isMuted ? null : media.microphone);
  const ownScreen = useOwnStream(screen, null);
  const viewOf = new Map(views.map((view) => [view.userId, view]));
  const others = room.people.filter(({ userId }) => userId !== ownId);
  const ownName = room.people.find(({ userId }) => userId === ownId)?.name ?? null;
  const { narrow, wide } = pickColumns(others.length + 1);
  return (
    <section aria-label={t("room.room")} className="space-y-3">
      <p aria-live="polite" className="sr-only">
        {said}
      </p>
      {soundBlocked && (
        <p role="alert" className="flex flex-wrap items-center gap-3 text-sm">
          {t("room.soundBlocked")}
          <Button size="sm" onClick={playSound}>
            <Volume2 />
            {t("room.playSound")}
          </Button>
        </p>
      )}
      <ul className={cn("grid gap-3", COLUMNS[narrow], WIDE_COLUMNS[wide])}>
        {ownScreen && <Tile name={ownName} stream={ownScreen} isOwn isScreen hasPicture />}
        {others.map(({ userId, name }) => {
          const shared = viewOf.get(userId)?.screen;
          return shared && <Tile key={`screen ${userId}`} name={name} stream={shared} isScreen hasPicture />;
        })}
        {others.map(({ userId, name }) => {
          const view = viewOf.get(userId);
          return (
            <Tile
              key={userId}
              name={name}
              stream={view?.person ?? null}
              hasPicture={view?.standing.hasCamera === true && view.connection === "connected"}
              isMuted={view?.standing.isMuted ?? false}
              connection={view?.connection ?? "connecting"}
              onBlocked={onBlocked}
            />
          );
        })}
        <Tile name={ownName} stream={own} isOwn hasPicture={media.camera !== null} isMuted={isMuted} />
      </ul>
      {others.length === 0 && <p className="text-sm text-muted-foreground">{t("room.onlyYou")}</p>}
    </section>
  );
}

function useOwnStream(picture: MediaStreamTrack | null, sound: MediaStreamTrack | null): MediaStream | null {
  return useMemo(() => {
    const tracks = [picture, sound].filter((track) => track !== null);
    return tracks.length === 0 ? null : new MediaStream(tracks);
  }, [picture, sound]);
}

function useBlockedSound() {
  const [soundBlocked, setSoundBlocked] = useState(false);
  const onBlocked = useCallback(() => setSoundBlocked(true), []);
  const playSound = () => {
    setSoundBlocked(false);
    for (const video of document.querySelectorAll("video")) void video.play().catch(onBlocked);
  };
  return { soundBlocked, onBlocked, playSound };
}
