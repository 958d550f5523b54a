const SLICE_MS = 8;

/** Makes a pause for long work: awaited now and then, it gives others the event loop after each slice. */
export function makeTimeSlices(): () => Promise<void> | null {
  let since = performance.now();
  return () => {
    if (performance.now() - since < SLICE_MS) return null;
    return new Promise((resolve) =>
      setImmediate(() => {
        since = performance.now();
        resolve();
      }),
    );
  };
}
