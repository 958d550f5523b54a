import { useMutation } from "convex/react";
import { useEffect, useRef, useState } from "react";
import { api } from "@/lib/api";
import { useQueryState } from "@/lib/live/useQueryState";
import { useLatest } from "@/lib/hooks/useLatest";
import type { Signal } from "./messages";

/**
 * Takes the signals for this user as they come. What was there before this page was meant for an earlier one and is put
 * away. Returns whether that is done: only then may others know that one is here.
 */
export function useSignals(id: number, take: (signal: Signal) => void): boolean {
  const inbox = useQueryState(api.tutoring.signals.inbox, { id });
  const received = useMutation(api.tutoring.signals.received);
  const seen = useRef(new Set<string>());
  const [isClear, setIsClear] = useState(false);
  const latestTake = useLatest(take);
  const signals = inbox.kind === "ready" ? inbox.data : null;
  useEffect(() => {
    if (!signals) return;
    const fresh = signals.filter(({ id: signalId }) => !seen.current.has(signalId));
    for (const signal of fresh) {
      seen.current.add(signal.id);
      if (isClear) latestTake.current(signal);
    }
    if (fresh.length === 0 && isClear) return;
    // What is not put away now goes by itself within a minute, and `seen` knows it until then.
    const putAway =
      fresh.length === 0 ? Promise.resolve() : received({ id, signals: fresh.map(({ id: signalId }) => signalId) });
    void putAway.catch(() => undefined).then(() => setIsClear(true));
  }, [signals, isClear, id, received, latestTake]);
  return isClear;
}
