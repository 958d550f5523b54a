/** A process that does a part of the work; `exited` resolves with how it ended, such as `SIGKILL` or `code 1`. */
export interface Running {
  exited: Promise<string>;
  stop(): Promise<void>;
}

const RESTART_AFTER_MS = { first: 500, most: 30_000 };
/** One that has run this long was not brought down by its start. */
const STEADY_AFTER_MS = 60_000;

/**
 * Starts a process again whenever it ends by itself, sooner after a long run than after a short one, until `close`.
 *
 * @param launch as it was first started; rejects with one line when it cannot be
 * @param name as the log lines call it, such as "embedded store"
 */
export function keepRunning<R extends Running>(
  first: R,
  launch: () => Promise<R>,
  { name, log }: { name: string; log: (line: string) => void },
): { current: () => R; close: () => Promise<void> } {
  let current = first;
  let closing = false;
  let delayMs = RESTART_AFTER_MS.first;
  let timer: NodeJS.Timeout | undefined;

  const restartLater = () => {
    timer = setTimeout(() => void restart(), delayMs);
    delayMs = Math.min(delayMs * 2, RESTART_AFTER_MS.most);
  };
  const watch = (running: R) => {
    const startedAt = performance.now();
    void running.exited.then((how) => {
      if (closing) return;
      if (performance.now() - startedAt > STEADY_AFTER_MS) delayMs = RESTART_AFTER_MS.first;
      log(`The ${name} ended (${how}); starting it again in ${delayMs} ms.`);
      restartLater();
    });
  };
  const restart = async () => {
    try {
      const next = await launch();
      if (closing) return await next.stop();
      current = next;
      log(`The ${name} runs again.`);
      watch(next);
    } catch (error) {
      if (closing) return;
      log(`The ${name} cannot be started: ${error instanceof Error ? error.message : String(error)}`);
      restartLater();
    }
  };
  watch(first);
  return {
    current: () => current,
    async close() {
      closing = true;
      clearTimeout(timer);
      await current.stop();
    },
  };
}
