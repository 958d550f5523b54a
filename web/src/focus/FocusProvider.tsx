import { createContext, useContext, type ReactNode } from "react";
import { api } from "@/lib/api";
import { useQueryState, type QueryState } from "@/lib/useQueryState";
import type { Absence } from "./absence";
import type { Activity, Goal, LiveSession } from "./api";
import { useAttention } from "./useAttention";

type Focus = {
  session: QueryState<LiveSession | null>;
  /** Of the running session; null while loading or when none runs. */
  goal: Goal | null;
  activity: Activity | null;
  absence: Absence | null;
  dismissAbsence: () => void;
};

const Context = createContext<Focus | null>(null);

/** The running focus session, for the shell and the focus pages alike, attended from whichever page is open. */
export function FocusProvider({ children }: { children: ReactNode }) {
  const session = useQueryState(api.focus.sessions.current, {});
  const live = session.kind === "ready" ? session.data : null;
  const goal = useQueryState(api.focus.goals.get, live ? { goalId: live.goalId } : "skip");
  const activities = useQueryState(api.focus.activities.list, live ? {} : "skip");
  const { absence, dismiss } = useAttention(live);
  return (
    <Context
      value={{
        session,
        goal: goal.kind === "ready" ? goal.data : null,
        activity: activities.kind === "ready" ? (activities.data.find(({ id }) => id === live?.activityId) ?? null) : null,
        absence,
        dismissAbsence: dismiss,
      }}
    >
      {children}
    </Context>
  );
}

export function useFocus(): Focus {
  const focus = useContext(Context);
  if (!focus) throw new Error("useFocus needs a FocusProvider above it.");
  return focus;
}
