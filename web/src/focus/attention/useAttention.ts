import { HEARTBEAT_INTERVAL_MS } from "@convex/focus/rules";
import { useMutation } from "convex/react";
import { useEffect, useEffectEvent, useState } from "react";
import { api } from "@/lib/api";
import { recall, remember } from "@/lib/storage";
import { useServerNow } from "@/lib/time/ServerClock";
import { useLatest } from "@/lib/useLatest";
import { useSingleFlight } from "@/lib/live/useSingleFlight";
import { absenceOf, look, parseSeen, SEEN_KEY, wasAway, type Absence } from "./absence";
import type { LiveSession } from "../api";

/** How often a tab that can be seen notes down what it sees. */
const LOOK_MS = 5_000;
const TAB = crypto.getRandomValues(new Uint32Array(2)).join("-");

const isHidden = () => document.visibilityState === "hidden";
const lastSeen = () => parseSeen(recall(SEEN_KEY));

/**
 * Tells the server that somebody attends the running session, every 30 s and on each change of visibility, and finds
 * out on return what an absence cost. → the last absence until it is dismissed.
 *
 * All tabs of a browser are one device to the server, so a hidden tab keeps quiet while another one is being looked at.
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
  /** After a heartbeat was answered: then the session is what the server made of the absence. */
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
      // The live values of the answer have arrived with it and are rendered before a timer runs.
      setTimeout(weighAbsence);
    } catch {
      // The session may just have ended, or the line is down; the live queries say which.
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
      // A machine that slept fires no visibility change; its timers only find that time has jumped.
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

  // Another tab was the last to be hidden and said so, while this one is still looked at.
  useEffect(() => {
    if (declaredHidden && !isHidden()) beat();
  }, [declaredHidden]);

  // A pause is noted as it happens, so that it is never taken for an absence.
  useEffect(() => {
    if (sessionId && !active) keepLook();
  }, [sessionId, active]);

  return { absence, dismiss: () => setAbsence(null) };
}
