/** Which action a piece of asynchronous work belongs to. */
import { AsyncLocalStorage } from "node:async_hooks";
import type { ActionRun } from "./action-syscalls";

export const running = new AsyncLocalStorage<ActionRun>();

/**
 * Runs synchronous work without the hooks by which Node follows actions through promises: transactions make many promises,
 * none of which outlives them, and the hooks were an eighth of what a mutation cost.
 */
export function untracked<T>(work: () => T): T {
  const run = running.getStore();
  running.disable();
  try {
    return work();
  } finally {
    // Following goes on where it was.
    running.enterWith(run as ActionRun);
  }
}
