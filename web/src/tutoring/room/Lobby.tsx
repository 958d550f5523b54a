import type { ReactNode } from "react";
import { Card, CardTitle } from "@/components/ui/card";
import { t } from "@/messages/translate";
import { DeviceFields } from "./media/DeviceFields";
import { useLevel } from "./media/level";
import { SourceButtons } from "./media/SourceButtons";
import { StreamVideo } from "./media/StreamVideo";
import type { LocalMediaControls } from "./media/useLocalMedia";
import { useStreamOf } from "./media/useStreamOf";

/** Before the room is entered: one's own picture and sound, the choice of devices, and `children`: the way in. */
export function Lobby({ media, children }: { media: LocalMediaControls; children: ReactNode }) {
  const stream = useStreamOf(media.camera);
  const level = useLevel(media.isOn.microphone ? media.microphone : null);
  return (
    <div className="grid items-start gap-6 *:min-w-0 lg:grid-cols-[1.4fr_1fr]">
      <Card aria-label={t("room.preview")}>
        <div className="relative grid aspect-video place-items-center overflow-hidden rounded-control bg-surface-muted">
          <StreamVideo stream={stream} label={t("room.preview")} silent mirrored hidden={!stream} />
          {!stream && (
            <p className="px-4 text-center text-sm text-muted-foreground">
              {media.isAsking ? t("room.askingDevices") : t("room.cameraIsOff")}
            </p>
          )}
        </div>
        <div className="mt-3 flex flex-wrap items-center gap-2">
          <SourceButtons media={media} />
          <meter
            aria-label={t("room.level")}
            min={0}
            max={0.3}
            value={Math.min(0.3, level)}
            className="h-3 min-w-24 flex-1"
          />
        </div>
        <p className="mt-2 text-xs text-muted-foreground">{t("room.previewNote")}</p>
      </Card>
      <div className="space-y-6">
        <Card aria-label={t("room.room")} className="space-y-3">
          {children}
        </Card>
        <Card aria-label={t("room.devices")}>
          <CardTitle className="mb-4">{t("room.devices")}</CardTitle>
          <DeviceFields media={media} />
        </Card>
      </div>
    </div>
  );
}
