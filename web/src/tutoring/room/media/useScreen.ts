import { useCallback, useEffect, useRef, useState } from "react";
import { readProblem, type MediaProblem } from "./problems";

/** The picture of the user's screen, while it is shared. */
export function useScreen() {
  const [track, setTrack] = useState<MediaStreamTrack | null>(null);
  const [problem, setProblem] = useState<MediaProblem | null>(null);
  const held = useRef<MediaStreamTrack | null>(null);
  const hold = useCallback((next: MediaStreamTrack | null) => {
    held.current?.stop();
    held.current = next;
    setTrack(next);
  }, []);
  useEffect(() => () => held.current?.stop(), []);

  const share = async () => {
    setProblem(null);
    try {
      const stream = await navigator.mediaDevices.getDisplayMedia({
        video: { frameRate: { ideal: 10 } },
        audio: false,
      });
      const [next] = stream.getVideoTracks();
      if (!next) return;
      next.contentHint = "detail";
      // The browser has a button of its own that ends it.
      next.addEventListener("ended", () => held.current === next && hold(null));
      hold(next);
    } catch (error) {
      // Closing the browser's list without choosing is no problem to tell.
      const reason = readProblem(error);
      setProblem(reason === "refused" ? null : reason);
    }
  };
  return { track, problem, share, stop: () => hold(null) };
}

/** Browsers of phones cannot share their screen. */
export const canShareScreen = (): boolean => "mediaDevices" in navigator && "getDisplayMedia" in navigator.mediaDevices;
