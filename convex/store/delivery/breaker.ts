/**
 * A circuit breaker for what a request reads from the permanent store. A store that refuses says so at once; one that
 * takes connections and never answers would make every request wait. After a read that waited in vain the others fail
 * at once for a while, then one of them finds out.
 */
import { AppError } from "../../lib/errors";
import { SECOND_MS } from "../../lib/time";

/** A request waits no longer for the store. */
const WAIT_MS = 5 * SECOND_MS;
/** A read that fails sooner has been refused: the next one costs nobody any time. */
const SLOW_MS = SECOND_MS;
export const PAUSE_MS = 10 * SECOND_MS;

/** When the last read that waited in vain ended, ms; null while reads are answered. */
let failedAt: number | null = null;
let answeredAt = 0;

/** Whether a read waited in vain less than `withinMs` ago, and none has been answered since. */
export function isStoreSilent(withinMs: number): boolean {
  const agoMs = Date.now() - (failedAt ?? -Infinity);
  return agoMs >= 0 && agoMs < withinMs;
}

/** Forgets what this process knows of the store. */
export function forgetStore(): void {
  failedAt = null;
  answeredAt = 0;
}

/** The answer of the store to `ask`. `UNAVAILABLE` when it does not come in time, or is known not to come. */
export async function askStore<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  if (isStoreSilent(PAUSE_MS)) throw new AppError("UNAVAILABLE", "The permanent store does not answer.");
  const startedAt = Date.now();
  // This read finds out; those beside it need not.
  if (failedAt !== null) failedAt = startedAt;
  try {
    const answer = await limitTime(WAIT_MS, ask());
    failedAt = null;
    answeredAt = Date.now();
    return answer;
  } catch (error) {
    const isSilent = Date.now() - startedAt >= SLOW_MS && answeredAt < startedAt;
    failedAt = isSilent ? Date.now() : null;
    throw error;
  }
}

async function limitTime<Answer>(limitMs: number, answer: Promise<Answer>): Promise<Answer> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new AppError("UNAVAILABLE", `The permanent store did not answer within ${limitMs} ms.`)),
      limitMs,
    );
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
