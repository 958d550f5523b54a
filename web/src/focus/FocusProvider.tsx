import { createContext, useContext, type ReactNode } from "react";
import { api } from "@/lib/api";
import { useQueryState, type QueryState } from "@/lib/live/useQueryState";
import type { Absence } from "./attention/absence";
import type { LiveSession } from "./types";
import { useAttention } from "./attention/useAttention";

type Focus = { session: QueryState<LiveSession | null>; absence: Absence | null; dismissAbsence: () => void };

const Context = createContext<Focus | null>(null);

/** Provides the running focus session to the shell and the focus pages, and attends it from whichever page is open. */
export function FocusProvider({ children }: { children: ReactNode }) {
  const session = useQueryState(api.focus.sessions.current, {});
  const { absence, dismiss } = useAttention(session.kind === "ready" ? session.data : null);
  return <Context value={{ session, absence, dismissAbsence: dismiss }}>{children}</Context>;
}

export function useFocus(): Focus {
  const focus = useContext(Context);
  if (!focus) throw new Error("useFocus needs a FocusProvider above it.");
  return focus;
}
