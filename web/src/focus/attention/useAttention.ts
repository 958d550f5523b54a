import { HEARTBEAT_INTERVAL_MS } from "@convex/focus/rules";
import { useMutation } from "convex/react";
import { useEffect, useEffectEvent, useState } from "react";
import { api } from "@/lib/api";
import { recall, remember } from "@/lib/storage";
import { useServerNow } from "@/lib/time/ServerClock";
import { useLatest } from "@/lib/hooks/useLatest";
import { useSingleFlight } from "@/lib/live/useSingleFlight";
import { absenceOf, look, parseSeen, SEEN_KEY, wasAway, type Absence } from "./absence";
import type { LiveSession } from "../types";

/** The interval at which a visible tab stores what it sees. */
const LOOK_MS = 5_000;
const TAB = crypto.getRandomValues(new Uint32Array(2)).join("-");

const isHidden = () => document.visibilityState === "hidden";
const lastSeen = () => parseSeen(recall(SEEN_KEY));

/**
 * Tells the server that somebody attends the running session, every 30 s and on each change of visibility, and finds
 * out on return what an absence cost. Returns the last absence until it is dismissed.
 *
 * All tabs of a browser are one device to the server, so a hidden tab sends nothing while another one is visible.
 */
export function useAttention(session: LiveSession | null): { absence: Absence | null; dismiss: () => void } {
  const sendHeartbeat = useMutation(api.focus.sessions.heartbeat);
  const serverNow = useServerNow();
  const [absence, setAbsence] = useState<Absence | null>(null);
  const sessionId = session?.id ?? null;
  const active = session?.status === "active";
  const declaredHidden = active && session.runningSince === null;

  const keepLook = useEffectEvent(() => {
    if (session && !isHidden()) remember(SEEN_KEY, JSON.stringify(look(session, serverNow(), TAB)));
  });
  const latest = useLatest(session);
  /** Runs after a heartbeat was answered, when the session already shows the server's verdict on the absence. */
  const weighAbsence = () => {
    if (!latest.current || isHidden()) return;
    const found = absenceOf(lastSeen(), latest.current, serverNow());
    if (found) setAbsence(found);
    remember(SEEN_KEY, JSON.stringify(look(latest.current, serverNow(), TAB)));
  };
  const send = useSingleFlight(async (hidden: boolean) => {
    if (!sessionId) return;
    try {
      await sendHeartbeat({ sessionId, hidden });
      // The answer brings the live values with it, and they are rendered before a timer runs.
      setTimeout(weighAbsence);
    } catch {
      // The session may have ended, or the connection may be lost. The live queries tell which.
    }
  });
  const beat = useEffectEvent(() => {
    const seen = lastSeen();
    const elsewhere = seen !== null && seen.tab !== TAB && serverNow() - seen.at < 2 * LOOK_MS;
    if (!isHidden() || !elsewhere) send(isHidden());
  });

  useEffect(() => {
    if (!sessionId || !active) return;
    const onChange = () => beat();
    beat();
    const heartbeat = setInterval(() => beat(), HEARTBEAT_INTERVAL_MS);
    const looking = setInterval(() => {
      const seen = lastSeen();
      // A machine that slept fires no visibility change. Its timers only find that time has jumped.
      if (seen?.sessionId === sessionId && wasAway(seen, serverNow())) beat();
      else keepLook();
    }, LOOK_MS);
    document.addEventListener("visibilitychange", onChange);
    return () => {
      clearInterval(heartbeat);
      clearInterval(looking);
      document.removeEventListener("visibilitychange", onChange);
    };
  }, [sessionId, active, serverNow]);

  // Another tab reported itself hidden last, while this one is still visible.
  useEffect(() => {
    if (declaredHidden && !isHidden()) beat();
  }, [declaredHidden]);

  // A pause is stored at once, so that it is never taken for an absence.
  useEffect(() => {
    if (sessionId && !active) keepLook();
  }, [sessionId, active]);

  return { absence, dismiss: () => setAbsence(null) };
}
