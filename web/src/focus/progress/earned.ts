import { useEffect } from "react";
import { recall, remember } from "@/lib/storage";

const EARNED = "focus:earned";

/** Whether this browser has shown XP before, by which the cards know how much room their values will take. */
export const hasEarned = (): boolean => recall(EARNED) !== null;

export function useNoteEarned(isEarned: boolean): void {
  useEffect(() => {
    if (isEarned) remember(EARNED, "yes");
  }, [isEarned]);
}
