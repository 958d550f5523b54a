import { useConvexConnectionState } from "convex/react";
import { useEffect, useState, useSyncExternalStore } from "react";

/** Shorter interruptions mend themselves and are not worth a word. */
const GRACE_MS = 1_500;
/** A write unanswered for this long: the line is dead although nobody has said so yet. */
const STALLED_MS = 8_000;

export type Connection = "connecting" | "online" | "offline";

/** Whether live values are current. `connecting` only until the first connection; short interruptions stay `online`. */
export function useConnection(): Connection {
  const { isWebSocketConnected, hasEverConnected, inflightMutations } = useConvexConnectionState();
  const networkUp = useNetworkUp();
  const broken = useLasting(!isWebSocketConnected, GRACE_MS);
  const stalled = useLasting(inflightMutations > 0, STALLED_MS);
  if (!networkUp || broken || stalled) return "offline";
  return isWebSocketConnected || hasEverConnected ? "online" : "connecting";
}

export const useOnline = (): boolean => useConnection() !== "offline";

/** Whether `holds` has been true for `ms` without a break. */
function useLasting(holds: boolean, ms: number): boolean {
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    if (!holds) return;
    const timer = setTimeout(() => setLasting(true), ms);
    return () => {
      clearTimeout(timer);
      setLasting(false);
    };
  }, [holds, ms]);
  return holds && lasting;
}

/** What the browser knows of the network; it hears of a pulled cable long before a socket does. */
function useNetworkUp(): boolean {
  return useSyncExternalStore(subscribeNetwork, () => navigator.onLine);
}

function subscribeNetwork(listener: () => void) {
  window.addEventListener("online", listener);
  window.addEventListener("offline", listener);
  return () => {
    window.removeEventListener("online", listener);
    window.removeEventListener("offline", listener);
  };
}
