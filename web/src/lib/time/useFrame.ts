import { useEffect, useEffectEvent } from "react";

const reducedMotion = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * Calls `draw` on every animation frame while `moving`, and once whenever `moving` or `version` changes. With reduced
 * motion, once a second, so that the figures stay true.
 */
export function useFrame(moving: boolean, version: unknown, draw: () => void): void {
  const latest = useEffectEvent(draw);
  useEffect(() => {
    latest();
    if (!moving) return;
    if (reducedMotion()) {
      const timer = setInterval(() => latest(), 1_000);
      return () => clearInterval(timer);
    }
    let frame = requestAnimationFrame(function next() {
      latest();
      frame = requestAnimationFrame(next);
    });
    return () => cancelAnimationFrame(frame);
  }, [moving, version]);
}
