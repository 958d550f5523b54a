import { api } from "@/lib/api";
import { useQueryState, type QueryState } from "@/lib/live/useQueryState";
import type { Watched } from "../types";

/**
 * A session, live. Session and seats are read without identity, under a key from `viewer`, so that the server runs
 * these queries once a change for all viewers.
 */
export function useWatched(id: number): QueryState<Watched> {
  const viewer = useQueryState(api.tutoring.sessions.viewer, { id });
  const key = viewer.kind === "ready" ? { liveKey: viewer.data.liveKey } : "skip";
  const session = useQueryState(api.tutoring.live.session, key);
  const seats = useQueryState(api.tutoring.live.seats, key);
  for (const part of [viewer, session, seats]) if (part.kind === "error") return part;
  // Both are null for a moment after a deletion, until `viewer` reports it.
  if (viewer.kind !== "ready" || session.kind !== "ready" || seats.kind !== "ready" || !session.data || !seats.data)
    return { kind: "loading" };
  return { kind: "ready", data: { session: session.data, seats: seats.data, viewer: viewer.data } };
}
