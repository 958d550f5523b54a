import { useMutation } from "convex/react";
import { useEffect, useRef, useState } from "react";
import { api } from "@/lib/api";
import { Mesh } from "./mesh";
import type { Standing } from "./messages";
import type { LocalMedia, RemoteView } from "./peer";
import { useSignals } from "./useSignals";

type Options = {
  id: number;
  ownId: number;
  /** The integer ids of those inside. */
  people: readonly number[];
  media: LocalMedia;
  standing: Standing;
  /** Null before the room is entered. */
  iceServers: RTCIceServer[] | null;
};

/** Connects this page with everybody else in the room. */
export function useMesh({ id, ownId, people, media, standing, iceServers }: Options) {
  const send = useMutation(api.tutoring.signals.send);
  const [views, setViews] = useState<RemoteView[]>([]);
  const mesh = useRef<Mesh | null>(null);
  const isClear = useSignals(id, (signal) => mesh.current?.takeSignal(signal));
  const isInside = iceServers !== null;

  useEffect(() => {
    if (!isInside) return;
    const made = new Mesh({
      ownId,
      // A signal that is lost is made up for when the connection is renewed.
      send: (to, kind, body) => void send({ id, to, kind, body }).catch((error: unknown) => console.debug(error)),
      onChange: setViews,
    });
    mesh.current = made;
    return () => {
      made.close();
      mesh.current = null;
      setViews([]);
    };
  }, [isInside, id, ownId, send]);

  const peopleKey = people.join(" ");
  const { microphone, camera, screen } = media;
  const { isMuted, hasCamera, wantsToSend } = standing;
  // In this order: what a new connection begins with is set before it is made.
  useEffect(() => mesh.current?.setIceServers(iceServers ?? []), [iceServers]);
  useEffect(
    () => mesh.current?.setMedia({ microphone, camera, screen }),
    [microphone, camera, screen, isInside, id, ownId],
  );
  useEffect(
    () => mesh.current?.setStanding({ isMuted, hasCamera, wantsToSend }),
    [isMuted, hasCamera, wantsToSend, isInside, id, ownId],
  );
  useEffect(
    () => mesh.current?.setPeople(peopleKey === "" ? [] : peopleKey.split(" ").map(Number)),
    [peopleKey, isInside, id, ownId],
  );
  return { views, isClear };
}
