import { useConvexConnectionState } from "convex/react";
import { useEffect, useState, useSyncExternalStore } from "react";

/** Shorter interruptions are not worth mentioning. */
const GRACE_MS = 1_500;
/** After this long without an answer to a write, the connection counts as lost. */
const STALLED_MS = 8_000;

export type Connection = "connecting" | "online" | "offline";

/**
 * Tells whether live values are current. `connecting` only until the first connection; short interruptions stay
 * `online`.
 */
export function useConnection(): Connection {
  const { isWebSocketConnected, hasEverConnected, inflightMutations } = useConvexConnectionState();
  const networkUp = useNetworkUp();
  const broken = useLasting(!isWebSocketConnected, GRACE_MS);
  const stalled = useLasting(inflightMutations > 0, STALLED_MS);
  if (!networkUp || broken || stalled) return "offline";
  return isWebSocketConnected || hasEverConnected ? "online" : "connecting";
}

export const useOnline = (): boolean => useConnection() !== "offline";

/** True once `holds` has been true for `ms` without a break. */
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

/** The browser's own view of the network. It notices a pulled cable long before a socket does. */
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
