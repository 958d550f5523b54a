import type { Engine } from "../engine";
import type { FunctionCall } from "../functions";
import type { Store } from "../transactions";
import type { CronDefinition } from "./cron-definitions";
import { findNextRun } from "./cron-times";

const PREFIX = "cron/";
const RETRY_MS = 1_000;
const MAX_TIMER_MS = 2 ** 31 - 1;

/** A cron of a component, by its name. */
export interface DeclaredCron {
  component: string;
  identifier: string;
  definition: CronDefinition;
}

/** The stored state of a cron. It lives as long as its definition stays the same, over pushes and restarts. */
interface CronState extends DeclaredCron {
  /** When the next (or running) run is due, ms since the epoch. */
  nextMs: number;
  /** An action was started for `nextMs` and has not been seen to end. */
  running: boolean;
}

/**
 * Runs crons: one run of each at a time, the next time set when a run ends. A mutation's run and its next time are one
 * commit, so it happens exactly once; an action that was cut off is not repeated.
 */
export class Crons {
  readonly #store: Store;
  #engine: Engine | null = null;
  #states = new Map<string, CronState>();
  readonly #busy = new Set<string>();
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(store: Store) {
    this.#store = store;
  }

  start(engine: Engine): void {
    this.#engine = engine;
    this.#load();
    for (const [key, state] of this.#states) if (state.running) this.#put(key, this.#advance(state));
    this.#bringForward();
    this.#arm();
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  /** Inside the commit that serves a push: keeps unchanged crons, plans new ones and removes the others. */
  reconcile(declared: DeclaredCron[]): void {
    const nowMs = Date.now();
    const wanted = new Set<string>();
    for (const { component, identifier, definition } of declared) {
      const key = makeCronKey(component, identifier);
      wanted.add(key);
      const text = this.#store.meta.get(key);
      const known = text === null ? null : (JSON.parse(text) as CronState);
      if (known !== null && JSON.stringify(known.definition) === JSON.stringify(definition)) continue;
      const nextMs = findNextRun(definition.schedule, identifier, null, nowMs);
      const state: CronState = { component, identifier, definition, nextMs, running: false };
      this.#store.meta.put(key, JSON.stringify(state));
    }
    for (const [key] of [...this.#store.meta.list(PREFIX)]) if (!wanted.has(key)) this.#store.meta.delete(key);
  }

  /** Call after that commit. */
  reload(): void {
    this.#load();
    this.#arm();
  }

  #load(): void {
    this.#states = new Map(
      [...this.#store.meta.list(PREFIX)].map(([key, text]) => [key, JSON.parse(text) as CronState]),
    );
  }

  /**
   * Gives another time to crons that are put off for longer than two of their runs: then the clock was ahead of time
   * when theirs was set. Less can be a clock that is put right by seconds, and must not run a cron twice.
   */
  #bringForward(): void {
    const nowMs = Date.now();
    for (const [key, state] of this.#states) {
      if (this.#busy.has(key)) continue;
      const { definition, identifier } = state;
      const followingMs = findNextRun(definition.schedule, identifier, nowMs, nowMs);
      if (state.nextMs > findNextRun(definition.schedule, identifier, followingMs, followingMs))
        this.#put(key, { ...state, nextMs: findNextRun(definition.schedule, identifier, null, nowMs) });
    }
  }

  #arm(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#stopped || this.#engine === null) return;
    let earliestMs = Infinity;
    for (const [key, state] of this.#states) if (!this.#busy.has(key)) earliestMs = Math.min(earliestMs, state.nextMs);
    if (earliestMs === Infinity) return;
    this.#timer = setTimeout(() => this.#runDue(), Math.min(Math.max(earliestMs - Date.now(), 0), MAX_TIMER_MS));
  }

  #runDue(): void {
    const nowMs = Date.now();
    this.#bringForward();
    for (const [key, state] of this.#states) {
      if (state.nextMs > nowMs || this.#busy.has(key)) continue;
      this.#busy.add(key);
      this.#run(key, state)
        .catch(async (error: unknown) => {
          // State that a failed commit put into memory is not on disk.
          if (!this.#stopped) this.#load();
          console.error(`Cron "${state.identifier}" could not be run and will be tried again:`, error);
          await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref());
        })
        .finally(() => {
          this.#busy.delete(key);
          this.#arm();
        });
    }
    this.#arm();
  }

  async #run(key: string, state: CronState): Promise<void> {
    const engine = this.#engine!;
    const { name, args } = state.definition;
    const call: FunctionCall = {
      component: state.component,
      path: name,
      args: args[0] ?? {},
      identity: null,
      reach: "all",
    };
    if (engine.resolve(call.component, call.path, "all") === "mutation") {
      await engine.mutationWith(call, {
        admit: () => this.#isCurrent(key, state),
        settle: () => this.#put(key, this.#advance(state)),
      });
      return;
    }
    this.#put(key, { ...state, running: true });
    await engine.action(call);
    // A push may have replaced or removed this cron while it ran.
    if (!this.#stopped && this.#isCurrent(key, state)) this.#put(key, this.#advance(state));
  }

  #isCurrent(key: string, state: CronState): boolean {
    const now = this.#states.get(key);
    return (
      now !== undefined &&
      now.nextMs === state.nextMs &&
      JSON.stringify(now.definition) === JSON.stringify(state.definition)
    );
  }

  #advance(state: CronState): CronState {
    return {
      ...state,
      nextMs: findNextRun(state.definition.schedule, state.identifier, state.nextMs, Date.now()),
      running: false,
    };
  }

  #put(key: string, state: CronState): void {
    this.#store.meta.put(key, JSON.stringify(state));
    this.#states.set(key, state);
  }
}

function makeCronKey(component: string, identifier: string): string {
  return `${PREFIX}${component}\n${identifier}`;
}
