/** Finds the action that a piece of asynchronous work belongs to. */
import { AsyncLocalStorage, executionAsyncId } from "node:async_hooks";

/** One run of an action, as far as this folder knows it. */
export interface TrackedRun {
  /** Ends the run with an error that nothing in it handles. @returns false when the run is over already. */
  fail(thrown: unknown): boolean;
}

export const actionContext = new AsyncLocalStorage<TrackedRun | undefined>();

/**
 * Whether Node keeps async context in frames, as from version 24 on, instead of following it with hooks. Frames cost
 * nothing. But `disable` changes the frame that an action's pending work shares, and whoever runs a context's own
 * microtasks comes back with an empty one.
 */
const KEEPS_CONTEXT_IN_FRAMES = Number(process.versions.node.split(".", 1)[0]) >= 24;
const outsideActions = AsyncLocalStorage.snapshot();

/**
 * Runs synchronous work that belongs to no action. Without the hooks by which Node before 24 follows actions through
 * promises: transactions make many promises, none of which outlives them, and the hooks were an eighth of what a
 * mutation cost.
 */
export function runOutsideActions<T>(work: () => T): T {
  if (KEEPS_CONTEXT_IN_FRAMES) return outsideActions(work);
  const run = actionContext.getStore();
  actionContext.disable();
  try {
    return work();
  } finally {
    // Following goes on where it was. A cut by the time limit leaves Node's top-level resource, which belongs to
    // nobody.
    actionContext.enterWith(executionAsyncId() === 0 ? undefined : run);
  }
}
