import { useEffect, useState } from "react";
import { MINUTE_MS } from "./time";

/** This device's time, renewed every `everyMs`, for relative times. */
export function useNow(everyMs = MINUTE_MS / 2): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
