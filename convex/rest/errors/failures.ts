/**
 * Failures of requests, on their way to the operations page. Those of a kind are written together, a few times a
 * minute, so that an endpoint which always fails costs no stream of writes.
 */
import { internal } from "../../_generated/api";
import type { ActionCtx } from "../../_generated/server";
import { SECOND_MS } from "../../lib/time";

const WRITE_AFTER_MS = 5 * SECOND_MS;
/** Different failures that are held at a time; more are in the log alone. */
const HELD_MAX = 20;
const TEXT_MAX = 8_000;

type Failure = { name: string; message: string; stack: string; place: string; count: number };

const failures = new Map<string, Failure>();
let savedAt = 0;

/** @param place the endpoint, without what its path says of somebody */
export async function noteFailure(ctx: ActionCtx, error: unknown, place: string): Promise<void> {
  const { name, message, stack = "" } = error instanceof Error ? error : { name: "Error", message: String(error) };
  const key = `${place} ${name} ${message}`;
  const known = failures.get(key);
  if (known) known.count += 1;
  else if (failures.size < HELD_MAX)
    failures.set(key, {
      name,
      message: message.slice(0, TEXT_MAX),
      stack: stack.slice(0, TEXT_MAX),
      place,
      count: 1,
    });
  const now = Date.now();
  if (now - savedAt < WRITE_AFTER_MS && now >= savedAt) return;
  savedAt = now;
  const held = [...failures.values()];
  failures.clear();
  await ctx
    .runMutation(internal.operations.errors.save, { failures: held })
    .catch((failed: unknown) => console.error(failed));
}
