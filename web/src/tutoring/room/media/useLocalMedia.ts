import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { recall, remember } from "@/lib/storage";
import { readProblem, type MediaProblem } from "./problems";

export type Source = "microphone" | "camera";

type LocalMediaState = {
  microphone: MediaStreamTrack | null;
  camera: MediaStreamTrack | null;
  /** The choice of the user; a source that is on may still be without a device. */
  isOn: Record<Source, boolean>;
  problems: Record<Source, MediaProblem | null>;
  devices: Record<Source, MediaDeviceInfo[]>;
  chosen: Record<Source, string>;
  isAsking: boolean;
};

export type LocalMediaControls = LocalMediaState & {
  toggle: (source: Source) => void;
  choose: (source: Source, deviceId: string) => void;
  /** Asks for both again, after a problem. */
  retry: () => void;
};

const SOURCES: readonly Source[] = ["microphone", "camera"];
const KIND = { microphone: "audioinput", camera: "videoinput" } as const;
const keyOf = (source: Source, what: "device" | "off") => `room-${source}-${what}`;
const ofBoth = <Value>(make: (source: Source) => Value): Record<Source, Value> => ({
  microphone: make("microphone"),
  camera: make("camera"),
});

function constraintsOf(source: Source, deviceId: string): MediaStreamConstraints {
  // Not exact: a device that is unplugged must not keep another from being used.
  const device = deviceId === "" ? {} : { deviceId: { ideal: deviceId } };
  return source === "microphone"
    ? { audio: { ...device, echoCancellation: true, noiseSuppression: true } }
    : { video: { ...device, width: { ideal: 1_280 }, height: { ideal: 720 } } };
}

/** After a reload the page that is gone may hold the device a little longer. */
const BUSY_RETRIES_MS = [500, 1_500];

async function open(
  source: Source,
  deviceId: string,
  retriesMs: readonly number[] = BUSY_RETRIES_MS,
): Promise<MediaStreamTrack> {
  try {
    const stream = await navigator.mediaDevices.getUserMedia(constraintsOf(source, deviceId));
    const [track] = stream.getTracks();
    if (!track) throw new DOMException("", "NotFoundError");
    return track;
  } catch (error) {
    const [pauseMs, ...later] = retriesMs;
    if (pauseMs === undefined || readProblem(error) !== "busy") throw error;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    return await open(source, deviceId, later);
  }
}

/** Camera and microphone of this device: opened, muted, exchanged, and closed with the page. */
export function useLocalMedia(): LocalMediaControls {
  const [state, setState] = useState<LocalMediaState>(() => ({
    microphone: null,
    camera: null,
    isOn: ofBoth((source) => recall(keyOf(source, "off")) === null),
    problems: ofBoth(() => null),
    devices: ofBoth(() => []),
    chosen: ofBoth((source) => recall(keyOf(source, "device")) ?? ""),
    isAsking: true,
  }));
  const tracks = useRef<Record<Source, MediaStreamTrack | null>>(ofBoth(() => null));
  const isGone = useRef(false);

  const patch = useCallback((change: (before: LocalMediaState) => Partial<LocalMediaState>) => {
    if (!isGone.current) setState((before) => ({ ...before, ...change(before) }));
  }, []);

  const listDevices = useCallback(async () => {
    const all = await navigator.mediaDevices.enumerateDevices().catch(() => []);
    patch(() => ({
      devices: ofBoth((source) => all.filter(({ kind, deviceId }) => kind === KIND[source] && deviceId !== "")),
    }));
  }, [patch]);

  const hold = useCallback(
    (source: Source, track: MediaStreamTrack | null) => {
      tracks.current[source]?.stop();
      tracks.current[source] = track;
      // The device was unplugged, or its permission taken back.
      track?.addEventListener("ended", () => {
        if (tracks.current[source] !== track) return;
        tracks.current[source] = null;
        patch(({ problems }) => ({ [source]: null, problems: { ...problems, [source]: "missing" } }));
      });
      patch(() => ({ [source]: track }));
    },
    [patch],
  );

  const start = useCallback(
    async (source: Source, deviceId: string) => {
      const note = (problem: MediaProblem | null) =>
        patch(({ problems }) => ({ problems: { ...problems, [source]: problem } }));
      // Browsers hide it from pages that others on the network could have changed.
      if (!("mediaDevices" in navigator)) return note("insecure");
      try {
        const track = await open(source, deviceId);
        if (isGone.current) return track.stop();
        hold(source, track);
        note(null);
      } catch (error) {
        note(readProblem(error));
      }
    },
    [hold, patch],
  );

  const startAll = useCallback(
    async ({ isOn, chosen }: Pick<LocalMediaState, "isOn" | "chosen">) => {
      patch(() => ({ isAsking: true }));
      // One after the other: two questions of the browser at once would cover each other.
      for (const source of SOURCES) if (isOn[source]) await start(source, chosen[source]);
      patch(() => ({ isAsking: false }));
      if ("mediaDevices" in navigator) await listDevices();
    },
    [listDevices, patch, start],
  );

  const first = useRef(state);
  useEffect(() => {
    isGone.current = false;
    const held = tracks.current;
    void startAll(first.current);
    const media = "mediaDevices" in navigator ? navigator.mediaDevices : null;
    const look = () => void listDevices();
    media?.addEventListener("devicechange", look);
    return () => {
      isGone.current = true;
      media?.removeEventListener("devicechange", look);
      for (const source of SOURCES) {
        held[source]?.stop();
        held[source] = null;
      }
    };
  }, [startAll, listDevices]);

  const toggle = (source: Source) => {
    const on = !state.isOn[source];
    remember(keyOf(source, "off"), on ? null : "1");
    patch(({ isOn }) => ({ isOn: { ...isOn, [source]: on } }));
    // A camera that is off is closed, so that its light goes out; a microphone only falls silent, to be back at once.
    if (source === "camera" && !on) hold("camera", null);
    else if (tracks.current[source] === null && on) void start(source, state.chosen[source]).then(listDevices);
    else if (tracks.current[source]) tracks.current[source].enabled = on;
  };
  const choose = (source: Source, deviceId: string) => {
    remember(keyOf(source, "device"), deviceId);
    patch(({ chosen }) => ({ chosen: { ...chosen, [source]: deviceId } }));
    if (state.isOn[source]) void start(source, deviceId);
  };
  return useMemo(
    () => ({ ...state, toggle, choose, retry: () => void startAll(state) }),
    // The functions depend on nothing but the state.
    // oxlint-disable-next-line react/exhaustive-deps
    [state],
  );
}
