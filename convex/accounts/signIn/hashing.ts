/**
 * The queue for hashing passwords. Hashing takes a third of a second of a core, so that a rush of sign-ins waits in
 * line; here rather than in the actions that hash, where nobody can tell who has left meanwhile.
 */
import { AppError } from "../../lib/errors";

const AT_ONCE = 2;

let underway = 0;
const waiting: (() => void)[] = [];

/**
 * Runs `hash` in its turn, unless by then nobody wants it any more: then `UNAVAILABLE`, which nobody hears. At once
 * where there is no telling.
 */
export async function hashInTurn<Result>(hash: () => Promise<Result>, hasLeft?: () => boolean): Promise<Result> {
  if (!hasLeft) return await hash();
  if (underway < AT_ONCE) underway++;
  else await new Promise<void>((resolve) => waiting.push(resolve));
  try {
    if (hasLeft()) throw new AppError("UNAVAILABLE", "The client has left.");
    return await hash();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else underway--;
  }
}
