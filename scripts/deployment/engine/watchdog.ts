/**
 * Ends a process when a function runs without end. Queries and mutations have a time limit of their own
 * (isolate/time-limit.ts), but an action shares its thread and its microtask queue with everything else: V8 can cut it
 * short only together with every continuation that happens to wait beside it, and requests would hang for good. So an
 * endless loop in an action ends the process, in which nothing answered is lost, and the process that started the
 * deployment starts it again.
 */
import { Worker } from "node:worker_threads";

const BEAT_MS = 500;

/**
 * Runs in a thread of its own, so text (see isolate/prelude.ts). When the heart stops it asks the main thread where it
 * is: only code that was pushed counts, since a slow disk or a large import may hold the thread as long.
 */
const THREAD_SOURCE = String.raw`
const { workerData: { beat, stuckAfterMs, beatMs } } = require("node:worker_threads");
const { Session } = require("node:inspector");
const { writeSync } = require("node:fs");
const heart = new Int32Array(beat);
let last = -1;
let stillTicks = 0;

// Counted in ticks of this thread: time during which the whole process slept is nobody's fault.
setInterval(() => {
  const now = Atomics.load(heart, 0);
  stillTicks = now === last ? stillTicks + 1 : 0;
  last = now;
  if (stillTicks > 0 && (stillTicks * beatMs) % stuckAfterMs < beatMs) look();
}, beatMs);

function look() {
  const session = new Session();
  session.connectToMainThread();
  // Frames name their script by number only.
  const pushed = new Map();
  session.on("Debugger.scriptParsed", ({ params: { scriptId, url } }) => {
    const path = /^convex-module:\d+\/(.*)$/.exec(url);
    if (path) pushed.set(scriptId, path[1]);
  });
  session.on("Debugger.paused", ({ params }) => {
    const frame = params.callFrames.find(({ location }) => pushed.has(location.scriptId));
    if (!frame) {
      session.post("Debugger.resume");
      session.disconnect();
      return;
    }
    const where = pushed.get(frame.location.scriptId) + ":" + (frame.location.lineNumber + 1);
    writeSync(2, "A function has not come back for " + stuckAfterMs / 1000 + " s (" + (frame.functionName || "anonymous") +
      " in " + where + ") and holds up all others; the deployment ends.\n");
    process.kill(process.pid, "SIGKILL");
  });
  session.post("Debugger.enable");
  session.post("Debugger.pause");
}
`;

/**
 * Watches the calling thread from another one.
 * @param stuckAfterMs how long pushed code may run without letting other work run
 * @returns stops watching.
 */
export function startWatchdog(stuckAfterMs: number): () => Promise<void> {
  const beat = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const heart = new Int32Array(beat);
  const timer = setInterval(() => Atomics.add(heart, 0, 1), BEAT_MS).unref();
  const thread = new Worker(THREAD_SOURCE, {
    eval: true,
    execArgv: [],
    workerData: { beat, stuckAfterMs, beatMs: BEAT_MS },
  });
  thread.unref();
  return async () => {
    clearInterval(timer);
    await thread.terminate();
  };
}
