import { Mic, MicOff, Video, VideoOff } from "lucide-react";
import { Button } from "@/components/ui/button";
import { t } from "@/messages/translate";
import type { LocalMediaControls } from "./useLocalMedia";

/** Microphone and camera on and off. What is off is red, so that nobody speaks to no one. */
export function SourceButtons({ media: { isOn, toggle } }: { media: LocalMediaControls }) {
  return (
    <>
      <Button
        variant={isOn.microphone ? "secondary" : "danger"}
        size="icon"
        aria-label={isOn.microphone ? t("room.mute") : t("room.unmute")}
        title={isOn.microphone ? t("room.mute") : t("room.unmute")}
        onClick={() => toggle("microphone")}
      >
        {isOn.microphone ? <Mic /> : <MicOff />}
      </Button>
      <Button
        variant={isOn.camera ? "secondary" : "danger"}
        size="icon"
        aria-label={isOn.camera ? t("room.turnCameraOff") : t("room.turnCameraOn")}
        title={isOn.camera ? t("room.turnCameraOff") : t("room.turnCameraOn")}
        onClick={() => toggle("camera")}
      >
        {isOn.camera ? <Video /> : <VideoOff />}
      </Button>
    </>
  );
}
