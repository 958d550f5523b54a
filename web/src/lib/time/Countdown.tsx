import { useEffect, useState } from "react";
import { formatClock } from "./time";
import { useServerNow } from "./ServerClock";

/** The time left until `until`, which the server decides; 0 once it has passed. Renewed each second. */
export function useTimeLeft(until: number): number {
  const serverNow = useServerNow();
  const [now, setNow] = useState(() => serverNow());
  useEffect(() => {
    const timer = setInterval(() => setNow(serverNow()), 1_000);
    return () => clearInterval(timer);
  }, [serverNow]);
  return Math.max(0, until - now);
}

/** A clock that runs down. Screen readers find it when they ask; it does not interrupt each second. */
export function Countdown({ until }: { until: number }) {
  const leftMs = useTimeLeft(until);
  return (
    <span role="timer" aria-live="off" className="figures font-semibold">
      {formatClock(leftMs)}
    </span>
  );
}
