/**
 * Deadlines that follow the machine. Whoever waits for something that must happen sooner or later, tests above all,
 * gives it as long as it may take on an idle machine, times one factor that is measured when a run starts.
 */
import { pbkdf2 } from "node:crypto";
import { availableParallelism } from "node:os";
import { promisify } from "node:util";

/** Set for everything that a run starts, so that all of it waits alike. */
export const FACTOR_VARIABLE = "DEADLINE_FACTOR";

/** Work for every core, and the ms that it takes on an idle two-core server of 2024. */
const WORK = { iterations: 400_000, idleMs: 330 };
/** A machine that is slower than this by far would not end a run of the tests in any useful time. */
const MOST = 20;

/**
 * @param ms on an idle machine
 * @returns ms on this one, as far as the run that this belongs to has measured it
 */
export const deadlineMs = (ms: number): number => Math.ceil(ms * Number(process.env[FACTOR_VARIABLE] ?? 1));

/** The factor by which everything takes longer at the moment than on an idle machine; at least 1. */
export async function measureDeadlineFactor(): Promise<number> {
  const work = promisify(pbkdf2);
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: availableParallelism() }, () => work("password", "salt", WORK.iterations, 64, "sha512")),
  );
  return Math.min(MOST, Math.max(1, (performance.now() - startedAt) / WORK.idleMs));
}
