/** Random names for requests and executions, drawn from a pool: asking the system for each costs as much as a query. */
import { randomFillSync } from "node:crypto";

const pool = Buffer.alloc(4_096);
let next = pool.length;

/** `bytes` random bytes in hexadecimal. */
export function makeRandomHex(bytes: number): string {
  if (next + bytes > pool.length) {
    randomFillSync(pool);
    next = 0;
  }
  next += bytes;
  return pool.toString("hex", next - bytes, next);
}
