import { useEffect, useRef } from "react";
import { cn } from "@/lib/cn";

type Props = {
  stream: MediaStream | null;
  label: string;
  /** Without sound, for one's own picture and for screens. */
  silent?: boolean;
  mirrored?: boolean;
  /** Screens are shown whole, faces fill their tile. */
  whole?: boolean;
  hidden?: boolean;
  /** The browser does not play sound that nobody asked for. */
  onBlocked?: () => void;
};

/** A stream of a camera or screen, played as long as it is there. */
export function StreamVideo({ stream, label, silent, mirrored, whole, hidden, onBlocked }: Props) {
  const video = useRef<HTMLVideoElement | null>(null);
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    element.srcObject = stream;
    if (stream)
      element.play().catch((error: unknown) => {
        if (error instanceof DOMException && error.name === "NotAllowedError") onBlocked?.();
      });
    return () => {
      element.srcObject = null;
    };
  }, [stream, onBlocked]);
  return (
    <video
      ref={video}
      aria-label={label}
      autoPlay
      playsInline
      muted={silent ?? false}
      className={cn(
        "absolute inset-0 size-full",
        whole ? "object-contain" : "object-cover",
        mirrored && "-scale-x-100",
        hidden && "invisible",
      )}
    />
  );
}
