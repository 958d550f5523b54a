import { useAction } from "convex/react";
import { createContext, useCallback, useContext, useEffect, useMemo, useRef, type ReactNode } from "react";
import { api } from "../api";
import { offsetOf, type Sample } from "./clockOffset";
import { MINUTE_MS } from "./time";
import { useConnection } from "../live/useOnline";

const SAMPLES = 3;
/** The interval between measurements. A clock that drifts by 50 ppm is off by 30 ms after it. */
const MEASURE_EVERY_MS = 10 * MINUTE_MS;

/** The server's time in ms, estimated on this device. */
export type ServerNow = () => number;

const Clock = createContext<ServerNow>(() => Date.now());

export const useServerNow = (): ServerNow => useContext(Clock);

/** Measures the offset on connecting, on return to the page, and at intervals. */
export function ServerClock({ children }: { children: ReactNode }) {
  const askTime = useAction(api.focus.clock.now);
  const online = useConnection() === "online";
  const offsetMs = useRef(0);

  const measure = useCallback(
    async (stopped: () => boolean) => {
      const samples: Sample[] = [];
      for (let count = 0; count < SAMPLES && !stopped(); count++) {
        const sentAt = Date.now();
        const serverAt = await askTime({});
        samples.push({ sentAt, serverAt, receivedAt: Date.now() });
      }
      if (!stopped()) offsetMs.current = offsetOf(samples) ?? offsetMs.current;
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

  const now = useMemo((): ServerNow => () => Date.now() + offsetMs.current, []);
  return <Clock value={now}>{children}</Clock>;
}
