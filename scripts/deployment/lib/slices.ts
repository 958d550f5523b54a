const SLICE_MS = 8;

/** For long work: awaited now and then, it lets others have the event loop when they have waited for a slice. */
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
