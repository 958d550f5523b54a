/**
 * The script of a process for "use node" modules. It is text, because it starts from JavaScript whatever tool loads
 * this project's TypeScript. Messages are described by `ToWorker` and `FromWorker` in node-pool.ts; the one argument is
 * the directory of the modules.
 */
import { EXTRACT_SOURCE } from "../isolate";

export const NODE_ENTRY_SOURCE = String.raw`
const { AsyncLocalStorage } = require("node:async_hooks");
const { pathToFileURL } = require("node:url");
const { join } = require("node:path");
const { inspect } = require("node:util");
const os = require("node:os");
const directory = process.argv[1];
// Heavy work here must not delay the process that carries every live update, nor starve where others load the machine.
try { os.setPriority(Math.min(19, os.getPriority() + 5)); } catch {}
// It ends with its deployment, which alone hears of signals to the group: actions under way are finished first.
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => {});
process.on("disconnect", () => process.exit());
process.on("uncaughtException", (error) => {
  process.send({ type: "crash", message: error?.message ?? String(error) }, () => process.exit(1));
});
const post = (message) => process.send(message);

const running = new AsyncLocalStorage();
const pending = new Map();
let nextCall = 1;
const ask = (message) => new Promise((resolve, reject) => {
  const run = running.getStore();
  if (run === undefined) return reject(new Error("This operation is only available while an action is running."));
  const call = nextCall++;
  pending.set(call, { resolve, reject });
  post({ ...message, run, call });
});
// As pack and unpack in node-pool.ts.
const pack = async (value) =>
  value instanceof Blob ? { blobBytes: new Uint8Array(await value.arrayBuffer()), type: value.type } : value;
const unpack = (value) =>
  value?.blobBytes instanceof Uint8Array ? new Blob([value.blobBytes], { type: value.type }) : value;
globalThis.Convex = {
  syscall(op) { throw new Error("Unknown operation " + op); },
  asyncSyscall: (op, json) => ask({ type: "syscall", op, json }),
  async jsSyscall(op, args) {
    const entries = Object.entries(args).map(async ([name, value]) => [name, await pack(value)]);
    return unpack(await ask({ type: "object", op, args: Object.fromEntries(await Promise.all(entries)) }));
  },
};
// The notes that Node makes on promises, to follow the action that they belong to, are not the developer's.
const NOTED = ["async_id_symbol", "trigger_async_id_symbol", "kResourceStore"];
Object.defineProperty(Promise.prototype, inspect.custom, {
  value(depth, options) {
    for (const key of Object.getOwnPropertySymbols(this))
      if (NOTED.includes(key.description)) Object.defineProperty(this, key, { enumerable: false });
    return inspect(this, { ...options, customInspect: false });
  },
  writable: true,
  configurable: true,
});
const levels = { debug: "DEBUG", error: "ERROR", info: "INFO", log: "LOG", warn: "WARN", trace: "LOG" };
for (const [method, level] of Object.entries(levels)) {
  console[method] = (...args) => {
    const run = running.getStore();
    const messages = args.map((value) => inspect(value, { maxStringLength: 32768 }));
    if (run !== undefined) post({ type: "log", run, level, messages });
  };
}
const base = pathToFileURL(join(directory, "/")).href;
const describe = (thrown) => {
  if (thrown === null || typeof thrown !== "object") return { name: "", message: String(thrown), stack: "" };
  const stack = String(thrown.stack ?? "").replaceAll(base, "convex-node:");
  const described = { name: String(thrown.name ?? ""), message: String(thrown.message ?? ""), stack };
  const hasData = thrown.ConvexErrorSymbol === Symbol.for("ConvexError") && typeof thrown.data === "string";
  if (hasData) described.data = thrown.data;
  return described;
};
const load = (path) => import(pathToFileURL(join(directory, path)).href);
const extract = ${EXTRACT_SOURCE};
const handlers = {
  async run({ run, module, name, args, requestId }) {
    const exports = await load(module);
    if (!Object.hasOwn(exports, name)) throw new Error('Couldn\'t find "' + name + '" in module "' + module + '".');
    return exports[name].invokeAction(requestId, args);
  },
  async inspect({ module }) { return extract(await load(module)); },
};
process.on("message", (message) => {
  if (message.type === "reply") {
    const call = pending.get(message.call);
    pending.delete(message.call);
    if (message.failure === undefined) return call?.resolve(message.value);
    const error = new Error(message.failure.message);
    if (message.failure.data !== undefined) error.data = JSON.parse(message.failure.data);
    return call?.reject(error);
  }
  running.run(message.run, () => handlers[message.type](message)).then(
    (value) => post({ type: "result", run: message.run, value }),
    (thrown) => post({ type: "result", run: message.run, error: describe(thrown) }),
  );
});
`;
