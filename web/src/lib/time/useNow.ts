import { useEffect, useState } from "react";
import { useServerNow } from "./ServerClock";
import { MINUTE_MS } from "./time";

/** The server's time, renewed every `everyMs` and when the clock jumps, for relative times. */
export function useNow(everyMs = MINUTE_MS / 2): number {
  const clock = useServerNow();
  const [read, setRead] = useState(() => ({ clock, now: clock() }));
  if (read.clock !== clock) setRead({ clock, now: clock() });
  useEffect(() => {
    const timer = setInterval(() => setRead({ clock, now: clock() }), everyMs);
    return () => clearInterval(timer);
  }, [clock, everyMs]);
  return read.now;
}
