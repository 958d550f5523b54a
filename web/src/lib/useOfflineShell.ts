import { useEffect } from "react";

/** The pause after which a page that has loaded has nothing better to do. */
const SETTLED_MS = 2_000;

/**
 * Fetches the rest of the application once the page is at rest, so that every page opens at once and without a
 * connection. The service worker does it, and keeps it across visits; browsers offer none to pages that came over plain
 * HTTP from another machine, where `prefetch` does it for this visit.
 */
export function useOfflineShell(prefetch: () => Promise<void>): void {
  useEffect(() => {
    if (!import.meta.env.PROD) return;
    const start = () => {
      if (!("serviceWorker" in navigator)) return void prefetch();
      // Private windows and blocked storage refuse it; every page is then fetched when it is opened.
      navigator.serviceWorker.register("/sw.js").catch(() => undefined);
    };
    return whenIdle(start);
  }, [prefetch]);
}

/** Safari has no `requestIdleCallback`. Returns what takes the call back. */
function whenIdle(call: () => void): () => void {
  let cancelIdle = () => undefined as void;
  const timer = setTimeout(() => {
    if (typeof requestIdleCallback !== "function") return call();
    const handle = requestIdleCallback(call);
    cancelIdle = () => cancelIdleCallback(handle);
  }, SETTLED_MS);
  return () => {
    clearTimeout(timer);
    cancelIdle();
  };
}
