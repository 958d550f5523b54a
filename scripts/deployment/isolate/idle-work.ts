/**
 * Work that waits until no function has run for a moment, such as preparing the next context. Functions run within a
 * time limit that may cut them anywhere, so that inside it a task is only noted, by one operation of the language.
 */
const QUIET_MS = 10;

class IdleWork {
  readonly #tasks: (() => void)[] = [];
  #timer: NodeJS.Timeout | null = null;

  /** Notes a task. Safe to be cut; `schedule` has to follow outside the time limit. */
  note(task: () => void): void {
    this.#tasks.push(task);
  }

  /** Begins, or begins again, to wait for quiet. */
  schedule(): void {
    if (this.#tasks.length === 0) return;
    if (this.#timer) this.#timer.refresh();
    else this.#timer = setTimeout(() => this.#work(), QUIET_MS).unref();
  }

  /** One task a turn of the event loop, so that calls go first. */
  #work(): void {
    this.#timer = null;
    this.#tasks.shift()?.();
    this.schedule();
  }
}

export const idleWork = new IdleWork();
