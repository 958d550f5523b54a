import { useMutation } from "convex/react";
import { useEffect, useState } from "react";
import { api } from "@/lib/api";
import { readFailure, type Failure } from "@/lib/errors";
import { useConnection } from "@/lib/live/useOnline";

const ENTER_EVERY_MS = 30_000;

/**
 * Enters the room, says every 30 s that this page is still there, and leaves with the page. A reload does not leave:
 * the page is back sooner than the server takes anybody for gone.
 */
export function useStay(id: number, isReady: boolean) {
  const enter = useMutation(api.tutoring.room.enter);
  const leave = useMutation(api.tutoring.room.leave);
  const [iceServers, setIceServers] = useState<RTCIceServer[] | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const isOnline = useConnection() === "online";

  useEffect(() => {
    if (!isReady || !isOnline) return;
    let isOver = false;
    const stay = () =>
      enter({ id }).then(
        (answer) => {
          if (isOver) return;
          setFailure(null);
          setIceServers((before) =>
            JSON.stringify(before) === JSON.stringify(answer.iceServers) ? before : answer.iceServers,
          );
        },
        (error: unknown) => !isOver && setFailure(readFailure(error)),
      );
    void stay();
    const timer = setInterval(() => void stay(), ENTER_EVERY_MS);
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [id, isReady, isOnline, enter]);

  return { iceServers, failure, leave: () => leave({ id }).catch(() => undefined) };
}
