import { api } from "@/lib/api";
import { useQueryState, type QueryState } from "@/lib/live/useQueryState";
import type { Watched } from "../api";

/**
 * A session, live. Session and seats are read without identity under the key that `viewer` hands out, so that the server
 * runs them once for a change, however many watch.
 */
export function useWatched(id: number): QueryState<Watched> {
  const viewer = useQueryState(api.tutoring.sessions.viewer, { id });
  const key = viewer.kind === "ready" ? { liveKey: viewer.data.liveKey } : "skip";
  const session = useQueryState(api.tutoring.live.session, key);
  const seats = useQueryState(api.tutoring.live.seats, key);
  for (const part of [viewer, session, seats]) if (part.kind === "error") return part;
  // Null for a moment when the session is deleted, until `viewer` says so.
  if (viewer.kind !== "ready" || session.kind !== "ready" || seats.kind !== "ready" || !session.data || !seats.data)
    return { kind: "loading" };
  return { kind: "ready", data: { session: session.data, seats: seats.data, viewer: viewer.data } };
}
