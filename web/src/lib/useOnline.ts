import { useConvexConnectionState } from "convex/react";
import { useEffect, useState } from "react";

/** Shorter interruptions mend themselves and are not worth a word. */
const GRACE_MS = 1_500;

export type Connection = "connecting" | "online" | "offline";

/** Whether live values are current. `connecting` only until the first connection; short interruptions stay `online`. */
export function useConnection(): Connection {
  const { isWebSocketConnected, hasEverConnected } = useConvexConnectionState();
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    if (isWebSocketConnected) return;
    const timer = setTimeout(() => setLasting(true), GRACE_MS);
    return () => {
      clearTimeout(timer);
      setLasting(false);
    };
  }, [isWebSocketConnected]);
  if (isWebSocketConnected) return "online";
  if (lasting) return "offline";
  return hasEverConnected ? "online" : "connecting";
}

export const useOnline = (): boolean => useConnection() !== "offline";
