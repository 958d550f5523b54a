import { useMutation } from "convex/react";
import { useEffect } from "react";
import { api } from "@/lib/api";
import { useQueryState } from "@/lib/live/useQueryState";

const BEAT_MS = 30_000;

/** Counts this page as a viewer of the session while it is open. Returns the number of viewers, 0 while unknown. */
export function usePresence(id: number, liveKey: string): number {
  const beat = useMutation(api.tutoring.presence.beat);
  const leave = useMutation(api.tutoring.presence.leave);
  const people = useQueryState(api.tutoring.presence.people, { liveKey });
  useEffect(() => {
    const visit = { id, visitId: crypto.getRandomValues(new Uint32Array(4)).join("-") };
    // A lost message costs nothing: the server forgets pages that stop sending.
    const look = () => document.visibilityState === "visible" && void beat(visit).catch(() => undefined);
    look();
    const timer = setInterval(look, BEAT_MS);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
      void leave(visit).catch(() => undefined);
    };
  }, [id, beat, leave]);
  return people.kind === "ready" ? people.data : 0;
}
