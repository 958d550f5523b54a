import { useRef, useState } from "react";

/** Runs one act at a time. Another one is refused until it has ended, also before the page shows `busy`. */
export function useExclusive(): { busy: boolean; run: (act: () => Promise<void>) => void } {
  const [busy, setBusy] = useState(false);
  const running = useRef(false);
  const run = (act: () => Promise<void>) => {
    if (running.current) return;
    running.current = true;
    setBusy(true);
    void act().finally(() => {
      running.current = false;
      setBusy(false);
    });
  };
  return { busy, run };
}
