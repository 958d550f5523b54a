import { useEffect } from "react";
import { useLocation } from "react-router";
import { api } from "@/lib/api";
import { useSendAside } from "@/lib/server/useSendAside";
import { pageName } from "./pageNames";

/** Whether this browser asks not to be followed: it is then not counted either. */
function asksNotToBeCounted(): boolean {
  const { doNotTrack, globalPrivacyControl } = navigator as Navigator & { globalPrivacyControl?: boolean };
  return doNotTrack === "1" || globalPrivacyControl === true;
}

/** Counts the pages that are opened, by their names alone. */
export function useNoteVisits(): void {
  const { pathname } = useLocation();
  const send = useSendAside();
  useEffect(() => {
    if (!asksNotToBeCounted()) send.current(api.analytics.note, { page: pageName(pathname) });
  }, [pathname, send]);
}
