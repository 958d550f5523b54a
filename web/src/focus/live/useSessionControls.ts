import type { OptimisticLocalStore } from "convex/browser";
import { useMutation } from "convex/react";
import { useCallback, useMemo, useState } from "react";
import { api } from "@/lib/api";
import { readFailure } from "@/lib/errors";
import { useServerNow } from "@/lib/time/ServerClock";
import type { LiveSession } from "../types";
import { focusedMsAt } from "./liveXp";

export type EndReason = "manual" | "abandoned" | "crash_recovered";

/**
 * Pauses, resumes and finishes a session. Pause and resume show at once and are corrected by the server's answer;
 * offline they wait for the connection. `problem` is the reason why the last action failed.
 */
export function useSessionControls(sessionId: string) {
  const serverNow = useServerNow();
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const pauseIt = useMutation(api.focus.sessions.pause);
  const resumeIt = useMutation(api.focus.sessions.resume);
  const complete = useMutation(api.focus.sessions.complete);

  const shown = useMemo(() => {
    const expecting = (change: (session: LiveSession, now: number) => LiveSession) => (store: OptimisticLocalStore) => {
      const session = store.getQuery(api.focus.sessions.current, {});
      if (session?.id === sessionId) store.setQuery(api.focus.sessions.current, {}, change(session, serverNow()));
    };
    return {
      pause: expecting((session, now) => ({
        ...session,
        status: "paused",
        focusedMs: focusedMsAt(session, now),
        runningSince: null,
        pausedAt: now,
      })),
      resume: expecting((session, now) => ({
        ...session,
        status: "active",
        runningSince: now,
        pausedAt: null,
        pausedMs: session.pausedMs + (session.pausedAt === null ? 0 : Math.max(0, now - session.pausedAt)),
      })),
    };
  }, [sessionId, serverNow]);

  const attempt = useCallback(async <Result>(act: () => Promise<Result>): Promise<boolean> => {
    setProblem(null);
    setBusy(true);
    try {
      await act();
      return true;
    } catch (error) {
      setProblem(readFailure(error).message);
      return false;
    } finally {
      setBusy(false);
    }
  }, []);

  return {
    pause: () => attempt(() => pauseIt.withOptimisticUpdate(shown.pause)({ sessionId })),
    resume: () => attempt(() => resumeIt.withOptimisticUpdate(shown.resume)({ sessionId })),
    finish: (reason: EndReason) => attempt(() => complete({ sessionId, reason })),
    problem,
    busy,
  };
}
