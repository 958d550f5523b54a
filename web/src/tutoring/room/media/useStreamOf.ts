import { useMemo } from "react";

/** A stream of one's own track, for a picture of it on this page. */
export const useStreamOf = (track: MediaStreamTrack | null): MediaStream | null =>
  useMemo(() => (track ? new MediaStream([track]) : null), [track]);
