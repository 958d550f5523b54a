import { wantsJsonLogs } from "./json-logs";

const ERASE_LINE = "\r\x1b[K";
const SAY_AGAIN_MS = 10_000;

/**
 * One line per step, with the time it took, and one every ten seconds while it goes on, so that a start is never
 * silent.
 *
 * @param work gets a function that takes what it is doing at the moment
 */
export async function step<T>(
  what: string,
  work: (say: (doing: string) => void) => Promise<T>,
  note?: (result: T) => string,
): Promise<T> {
  const startedAt = performance.now();
  const seconds = (digits: number) => ((performance.now() - startedAt) / 1000).toFixed(digits);
  let doing = "";
  const live = process.stdout.isTTY && !wantsJsonLogs();
  if (live) process.stdout.write(`  … ${what}`);
  else console.log(`  … ${what}`);
  const timer = setInterval(() => {
    const line = `  … ${what}${doing && `: ${doing}`} (${seconds(0)} s)`;
    if (live) process.stdout.write(`${ERASE_LINE}${line}`);
    else console.log(line);
  }, SAY_AGAIN_MS);
  try {
    const result = await work((text) => (doing = text));
    console.log(`${live ? ERASE_LINE : ""}  ✓ ${what}${note ? ` ${note(result)}` : ""} (${seconds(1)} s)`);
    return result;
  } catch (error) {
    console.log(`${live ? ERASE_LINE : ""}  ✗ ${what}`);
    throw error;
  } finally {
    clearInterval(timer);
  }
}
