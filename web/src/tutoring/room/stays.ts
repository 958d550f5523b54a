/** Which tab of this browser is in which room. A reload comes back; a second tab takes over from the first. */
import { useEffect, useState } from "react";
import { inTab, recall, remember } from "@/lib/storage";

const keyOf = (id: number) => `room-inside-${id}`;

export const wasInside = (id: number): boolean => recall(keyOf(id), inTab) !== null;
export const noteInside = (id: number, inside: boolean): void => remember(keyOf(id), inside ? "1" : null, inTab);

/** Tells the other tabs that this one is in the room now. Returns true once another one is later. */
export function useOnlyTab(id: number): boolean {
  const [isTaken, setIsTaken] = useState(false);
  useEffect(() => {
    const channel = new BroadcastChannel(`room ${id}`);
    channel.addEventListener("message", () => setIsTaken(true));
    channel.postMessage("taken");
    return () => channel.close();
  }, [id]);
  return isTaken;
}
