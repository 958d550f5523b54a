/**
 * What a worker for "use node" modules runs. Text, because a worker starts from JavaScript whatever tool loads this
 * project's TypeScript. Messages are described by `ToWorker` and `FromWorker` in node-pool.ts.
 */
import { extractSource } from "./extract";

export const nodeEntrySource = String.raw`
const { parentPort, workerData } = require("node:worker_threads");
const { AsyncLocalStorage } = require("node:async_hooks");
const { pathToFileURL } = require("node:url");
const { join } = require("node:path");
const { inspect } = require("node:util");
const os = require("node:os");
// Heavy work here must not delay the main thread, which carries every live update. On Linux, 0 is this thread.
if (process.platform === "linux") { try { os.setPriority(0, 10); } catch {} }

const running = new AsyncLocalStorage();
const pending = new Map();
let nextCall = 1;
const ask = (message) => new Promise((resolve, reject) => {
  const run = running.getStore();
  if (run === undefined) return reject(new Error("This operation is only available while an action is running."));
  const call = nextCall++;
  pending.set(call, { resolve, reject });
  parentPort.postMessage({ ...message, run, call });
});
globalThis.Convex = {
  syscall(op) { throw new Error("Unknown operation " + op); },
  asyncSyscall: (op, json) => ask({ type: "syscall", op, json }),
  jsSyscall: (op, args) => ask({ type: "object", op, args }),
};
for (const [method, level] of Object.entries({ debug: "DEBUG", error: "ERROR", info: "INFO", log: "LOG", warn: "WARN", trace: "LOG" })) {
  console[method] = (...args) => {
    const run = running.getStore();
    const messages = args.map((value) => inspect(value, { depth: 6, maxStringLength: 32768 }));
    if (run !== undefined) parentPort.postMessage({ type: "log", run, level, messages });
  };
}
const base = pathToFileURL(join(workerData.directory, "/")).href;
const describe = (thrown) => {
  if (thrown === null || typeof thrown !== "object") return { name: "", message: String(thrown), stack: "" };
  const described = { name: String(thrown.name ?? ""), message: String(thrown.message ?? ""), stack: String(thrown.stack ?? "").replaceAll(base, "convex-node:") };
  if (thrown.ConvexErrorSymbol === Symbol.for("ConvexError") && typeof thrown.data === "string") described.data = thrown.data;
  return described;
};
const load = (path) => import(pathToFileURL(join(workerData.directory, path)).href);
const extract = ${extractSource};
const handlers = {
  async run({ run, module, name, args, requestId }) {
    const exports = await load(module);
    if (!Object.hasOwn(exports, name)) throw new Error('Couldn\'t find "' + name + '" in module "' + module + '".');
    return exports[name].invokeAction(requestId, args);
  },
  async inspect({ module }) { return extract(await load(module)); },
};
parentPort.on("message", (message) => {
  if (message.type === "reply") {
    const call = pending.get(message.call);
    pending.delete(message.call);
    if (message.failure === undefined) return call?.resolve(message.value);
    const error = new Error(message.failure.message);
    if (message.failure.data !== undefined) error.data = JSON.parse(message.failure.data);
    return call?.reject(error);
  }
  running.run(message.run, () => handlers[message.type](message)).then(
    (value) => parentPort.postMessage({ type: "result", run: message.run, value }),
    (thrown) => parentPort.postMessage({ type: "result", run: message.run, error: describe(thrown) }),
  );
});
`;
