import { MicOff } from "lucide-react";
import { cn } from "@/lib/cn";
import { t } from "@/messages/translate";
import { useSpeaking } from "./media/level";
import { StreamVideo } from "./media/StreamVideo";

type Props = {
  /** Null for oneself, before the server has told it. */
  name: string | null;
  /** Picture and sound, as far as they are sent. */
  stream: MediaStream | null;
  hasPicture: boolean;
  isOwn?: boolean;
  isScreen?: boolean;
  isMuted?: boolean;
  connection?: "connecting" | "connected" | "lost";
  onBlocked?: () => void;
};

const initialsOf = (name: string) =>
  name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => [...word][0]?.toUpperCase() ?? "")
    .join("");

/** One picture of the room: a person, seen or by initials, or a screen. */
export function Tile({
  name,
  stream,
  hasPicture,
  isOwn,
  isScreen,
  isMuted,
  connection = "connected",
  onBlocked,
}: Props) {
  const microphone = isScreen ? null : (stream?.getAudioTracks()[0] ?? null);
  const isSpeaking = useSpeaking(isMuted ? null : microphone);
  const known = name ?? t("room.you");
  const label = isScreen ? t("room.screenOf", { name: known }) : isOwn && name ? t("room.youNamed", { name }) : known;
  return (
    <li
      aria-label={label}
      className={cn(
        "relative grid aspect-video min-w-0 place-items-center overflow-hidden rounded-card border-2 bg-surface-muted transition-colors duration-150",
        isSpeaking ? "border-success" : "border-border",
        isScreen && "col-span-full",
      )}
    >
      <StreamVideo
        stream={stream}
        label={label}
        silent={isOwn === true || isScreen === true}
        mirrored={isOwn === true && !isScreen}
        whole={isScreen === true}
        hidden={!hasPicture}
        {...(onBlocked && { onBlocked })}
      />
      {!hasPicture && (
        <span aria-hidden className="grid size-16 place-items-center rounded-full bg-accent-soft text-accent-text">
          {initialsOf(known)}
        </span>
      )}
      <span className="absolute inset-x-2 bottom-2 flex flex-wrap items-center gap-1.5 text-xs">
        <span className="flex max-w-full items-center gap-1 rounded-control bg-surface px-2 py-1 text-foreground">
          <span className="truncate">{label}</span>
          {isMuted && <MicOff role="img" aria-label={t("room.muted")} className="size-3.5 shrink-0" />}
          {isSpeaking && <span className="sr-only">{t("room.speaking")}</span>}
        </span>
        {connection !== "connected" && (
          <span role="status" className="rounded-control bg-surface px-2 py-1 text-foreground">
            {connection === "lost" ? t("room.reconnecting") : t("room.connecting")}
          </span>
        )}
      </span>
    </li>
  );
}
