import { RotateCw } from "lucide-react";
import { useId } from "react";
import { Button } from "@/components/ui/button";
import { Label } from "@/components/ui/label";
import { Select } from "@/components/ui/select";
import { t } from "@/messages/translate";
import { problemText } from "../words";
import type { LocalMediaControls, Source } from "./useLocalMedia";

/** The choice of camera and microphone, and what is wrong with either. */
export function DeviceFields({ media }: { media: LocalMediaControls }) {
  const hasProblem = media.problems.camera !== null || media.problems.microphone !== null;
  return (
    <div className="space-y-4">
      <DeviceField media={media} source="camera" label={t("room.camera")} none={t("room.noCameraPicked")} />
      <DeviceField media={media} source="microphone" label={t("room.microphone")} none={t("room.noMicrophonePicked")} />
      {hasProblem && (
        <Button variant="secondary" size="sm" onClick={media.retry}>
          <RotateCw />
          {t("common.tryAgain")}
        </Button>
      )}
    </div>
  );
}

type FieldProps = { media: LocalMediaControls; source: Source; label: string; none: string };

function DeviceField({ media, source, label, none }: FieldProps) {
  const id = useId();
  const devices = media.devices[source];
  const problem = media.problems[source];
  const inUse = media[source]?.getSettings().deviceId ?? media.chosen[source];
  const options = devices.map((device, index) => ({
    value: device.deviceId,
    label: device.label || t("room.unnamedDevice", { number: String(index + 1) }),
  }));
  const isListed = devices.some(({ deviceId }) => deviceId === inUse);
  return (
    <div className="space-y-1.5">
      <Label htmlFor={id}>{label}</Label>
      <Select
        id={id}
        value={isListed ? inUse : ""}
        disabled={devices.length === 0}
        options={isListed ? options : [{ value: "", label: none }, ...options]}
        onChange={(deviceId) => media.choose(source, deviceId)}
        aria-describedby={problem ? `${id}-problem` : undefined}
      />
      {problem && (
        <p id={`${id}-problem`} role="alert" className="text-sm text-danger-text">
          {problemText(source, problem)}
        </p>
      )}
    </div>
  );
}
