/**
 * Ends synchronous code that runs too long, from a thread that waits for that all the time. `vm` has two ways to end
 * code: `timeout` starts a thread for every run and joins it (80 µs on an idle machine, 400 on a busy one), and
 * `breakOnSigint` ends it when the process gets SIGINT. While some thread is inside a run with `breakOnSigint`, which
 * this one is, another such run costs 1 µs. So this thread sends the signal when the deadline of a run has passed.
 *
 * Only for processes in which nothing else needs SIGINT: its listeners are taken away meanwhile, and one that is added
 * later would take the signal.
 */
import { once } from "node:events";
import { createContext, type RunningCodeOptions, Script } from "node:vm";
import { Worker } from "node:worker_threads";

/** How far behind its deadline a run may be ended, at most, on an idle machine. */
const TICK_MS = 10;
/** Without any run for so long, the thread sleeps until the next one. */
const QUIET_TICKS = 100;
/** The trial's limit, and when it gives up. */
const TRIAL_MS = { limit: 1, most: 2_000 };

const ENDED_BY_SIGNAL: RunningCodeOptions = { breakOnSigint: true };

/** Places in the memory that both threads share: numbers of runs first, then times in ms. */
const [RUN, RUNS, ASLEEP, STOPPED, CUTS, STANDING] = [0, 1, 2, 3, 4, 5] as const;
const [DEADLINE, SEEN_AT, USED_BEFORE] = [3, 4, 5] as const;
const SHARED_BYTES = 6 * Float64Array.BYTES_PER_ELEMENT;

/** Runs of the thread, one within the other. */
const LAYERS = 4;
/** A signal that had no effect for so long was lost. */
const LOST_MS = 1_000;
/** A run waits at most so long for those of the thread. */
const STANDING_WITHIN_MS = 1_000;

/**
 * A signal goes to the run that began last. So this thread's runs must all begin before any other, or the signal comes
 * back to it and never reaches the other. One that comes too late for its run ends the innermost of those here, which
 * begins again while no other is under way: the next one waits for that. Several are one within the other, because
 * without any the signal would end the process; and none is sent before the effect of the last was seen, because on a
 * busy machine signals come late.
 */
const THREAD_SOURCE = String.raw`
const { parentPort, workerData: { shared, tickMs, quietTicks, layers, lostMs } } = require("node:worker_threads");
const { createContext, Script } = require("node:vm");
const runs = new Int32Array(shared);
const times = new Float64Array(shared);
const [RUN, RUNS, ASLEEP, STOPPED, CUTS, STANDING] = [0, 1, 2, 3, 4, 5];
const [DEADLINE, SEEN_AT, USED_BEFORE] = [3, 4, 5];
const now = () => Number(process.hrtime.bigint()) / 1e6;
const isStopped = () => Atomics.load(runs, STOPPED) === 1;
const isBusy = () => Atomics.load(runs, RUN) !== 0 && !isStopped();

/** Signals whose effect was seen: a run that was cut, or one of those here. */
let hits = 0;
const countEffects = () => hits + Atomics.load(runs, CUTS);
let sent = { effects: -1, at: 0 };

let seen = 0;
function tick(graceMs = 0) {
  Atomics.wait(runs, STOPPED, 0, tickMs);
  const run = Atomics.load(runs, RUN);
  if (run === 0) return;
  if (run !== seen) {
    seen = run;
    const { user, system } = process.cpuUsage();
    times[USED_BEFORE] = (user + system) / 1000;
    times[SEEN_AT] = now();
  }
  const at = now();
  const effects = countEffects();
  if (at <= times[DEADLINE] + graceMs || (effects === sent.effects && at < sent.at + lostMs)) return;
  if (Atomics.load(runs, RUN) !== run) return;
  sent = { effects, at };
  process.kill(process.pid, "SIGINT");
}

function watch() {
  parentPort.postMessage("ready");
  Atomics.store(runs, STANDING, 1);
  Atomics.notify(runs, STANDING);
  let last = 0;
  let quiet = 0;
  while (!isStopped()) {
    tick();
    const count = Atomics.load(runs, RUNS);
    quiet = Atomics.load(runs, RUN) === 0 && count === last ? quiet + 1 : 0;
    last = count;
    if (quiet < quietTicks) continue;
    Atomics.store(runs, ASLEEP, 1);
    // A run that began meanwhile may not have seen that this thread sleeps.
    if (Atomics.load(runs, RUN) === 0) Atomics.wait(runs, ASLEEP, 1);
    Atomics.store(runs, ASLEEP, 0);
    quiet = 0;
  }
}

function runUntilSignal(work) {
  try {
    new Script("work()").runInContext(createContext({ work }), { breakOnSigint: true });
  } catch (error) {
    if (error.code !== "ERR_SCRIPT_EXECUTION_INTERRUPTED") throw error;
    Atomics.store(runs, STANDING, 0);
    hits++;
  }
}

/** Watches within so many runs. */
function watchWithin(layers) {
  runUntilSignal(() => {
    if (layers === 0) return watch();
    while (!isStopped()) {
      watchWithin(layers - 1);
      while (isBusy()) tick();
    }
  });
}

while (!isStopped()) {
  watchWithin(layers);
  // None is left here. A run that is under way so long after its time will not end by itself just now.
  while (isBusy()) tick(lostMs);
}
`;

class Interrupter {
  #isReady = false;
  #runs = new Int32Array(new SharedArrayBuffer(0));
  #times = new Float64Array(new SharedArrayBuffer(0));
  /** Added to `performance.now()`, it gives the clock that threads share. */
  #clockOffset = 0;
  #startedMs = 0;

  get isReady(): boolean {
    return this.#isReady;
  }

  /**
   * Starts the thread, and tries it. Where it ends nothing, as on systems without signals, `isReady` stays false.
   * @returns ends it, and lets the listeners hear SIGINT again.
   */
  async start(): Promise<() => Promise<void>> {
    const listeners = process.listeners("SIGINT");
    process.removeAllListeners("SIGINT");
    const shared = new SharedArrayBuffer(SHARED_BYTES);
    this.#runs = new Int32Array(shared);
    this.#times = new Float64Array(shared);
    this.#clockOffset = Number(process.hrtime.bigint()) / 1e6 - performance.now();
    const thread = new Worker(THREAD_SOURCE, {
      eval: true,
      execArgv: [],
      workerData: { shared, tickMs: TICK_MS, quietTicks: QUIET_TICKS, layers: LAYERS, lostMs: LOST_MS },
    });
    thread.unref();
    await once(thread, "message");
    this.#isReady = this.#canInterrupt();
    const stop = async () => {
      this.#isReady = false;
      Atomics.store(this.#runs, STOPPED, 1);
      Atomics.notify(this.#runs, STOPPED);
      this.#wake();
      await thread.terminate();
      for (const listener of listeners.splice(0)) process.on("SIGINT", listener);
    };
    if (!this.#isReady) await stop();
    return stop;
  }

  /** Before a run. → the options of `vm` that it must have */
  begin(limitMs: number): RunningCodeOptions {
    for (;;) {
      this.#noteStart(limitMs);
      Atomics.store(this.#runs, RUN, Atomics.add(this.#runs, RUNS, 1) + 1 || 1);
      if (Atomics.load(this.#runs, ASLEEP) === 1) this.#wake();
      // Looked at in this order, the thread sees this run, or this run sees that the thread's do not all stand.
      if (Atomics.load(this.#runs, STANDING) === 1) return ENDED_BY_SIGNAL;
      Atomics.store(this.#runs, RUN, 0);
      if (Atomics.wait(this.#runs, STANDING, 0, STANDING_WITHIN_MS) === "timed-out") break;
    }
    this.#noteStart(limitMs);
    // The thread, which would note this as well, knows of no run.
    const { user, system } = process.cpuUsage();
    this.#times[SEEN_AT] = this.#startedMs + this.#clockOffset;
    this.#times[USED_BEFORE] = (user + system) / 1000;
    return { timeout: limitMs };
  }

  #noteStart(limitMs: number): void {
    this.#startedMs = performance.now();
    this.#times[DEADLINE] = this.#startedMs + this.#clockOffset + limitMs;
  }

  /** After it, however it ended. */
  end(wasCut: boolean): void {
    if (wasCut) Atomics.add(this.#runs, CUTS, 1);
    Atomics.store(this.#runs, RUN, 0);
  }

  /**
   * Whether the run's time is over. When it was ended and this is false, the signal was meant for the run before it.
   */
  get isOverdue(): boolean {
    return performance.now() + this.#clockOffset >= this.#times[DEADLINE]!;
  }

  /**
   * The ms of processor that this process has used since the run began; those before the thread saw it, by the clock.
   */
  get usedMs(): number {
    const { user, system } = process.cpuUsage();
    const unseen = this.#times[SEEN_AT]! - this.#clockOffset - this.#startedMs;
    return (user + system) / 1000 - this.#times[USED_BEFORE]! + Math.max(0, unseen);
  }

  #wake(): void {
    Atomics.store(this.#runs, ASLEEP, 0);
    Atomics.notify(this.#runs, ASLEEP);
  }

  /** Whether a loop is ended before it ends by itself. */
  #canInterrupt(): boolean {
    if (process.platform === "win32") return false;
    const until = performance.now() + TRIAL_MS.most;
    const loop = () => {
      while (performance.now() < until);
    };
    const script = new Script("loop()");
    const context = createContext({ loop });
    let isCut = false;
    try {
      script.runInContext(context, this.begin(TRIAL_MS.limit));
    } catch {
      isCut = true;
    }
    this.end(isCut);
    return isCut;
  }
}

export const interrupter = new Interrupter();
