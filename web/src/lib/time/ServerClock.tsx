import { useAction } from "convex/react";
import { createContext, useCallback, useContext, useEffect, useRef, useState, type ReactNode } from "react";
import { api } from "../api";
import { offsetOf, type Sample } from "./clockOffset";
import { useConnection } from "../live/useOnline";
import { MINUTE_MS } from "./time";

const SAMPLES = 3;
/** The interval between measurements. A clock that drifts by 50 ppm is off by 30 ms after it. */
const MEASURE_EVERY_MS = 10 * MINUTE_MS;

/** A correction from which on times that are shown already are wrong. */
const JUMP_MS = 1_000;

/** The server's time in ms, estimated on this device. */
export type ServerNow = () => number;

const Clock = createContext<ServerNow>(() => Date.now());

export const useServerNow = (): ServerNow => useContext(Clock);

/**
 * Measures the offset on connecting, on return to the page, and at intervals. Its users are rendered anew only when the
 * clock jumps, as on the first measurement of a device whose clock is wrong.
 */
export function ServerClock({ children }: { children: ReactNode }) {
  const askTime = useAction(api.focus.clock.now);
  const online = useConnection() === "online";
  const offsetMs = useRef(0);
  const [now, setNow] = useState<ServerNow>(() => () => Date.now() + offsetMs.current);

  const measure = useCallback(
    async (stopped: () => boolean) => {
      const samples: Sample[] = [];
      for (let count = 0; count < SAMPLES && !stopped(); count++) {
        const sentAt = Date.now();
        const serverAt = await askTime({});
        samples.push({ sentAt, serverAt, receivedAt: Date.now() });
      }
      const measured = stopped() ? null : offsetOf(samples);
      if (measured === null) return;
      const jumps = Math.abs(measured - offsetMs.current) >= JUMP_MS;
      offsetMs.current = measured;
      if (jumps) setNow(() => () => Date.now() + offsetMs.current);
    },
    [askTime],
  );

  useEffect(() => {
    if (!online) return;
    let stopped = false;
    const run = () => {
      if (document.visibilityState === "hidden") return;
      // A failed measurement keeps the last offset until the next one.
      measure(() => stopped).catch(() => undefined);
    };
    run();
    const timer = setInterval(run, MEASURE_EVERY_MS);
    document.addEventListener("visibilitychange", run);
    return () => {
      stopped = true;
      clearInterval(timer);
      document.removeEventListener("visibilitychange", run);
    };
  }, [online, measure]);

  return <Clock value={now}>{children}</Clock>;
}
