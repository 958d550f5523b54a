/**
 * The script that makes a fresh `vm` context a Convex realm. It runs inside the context, so that promises, errors and
 * functions handed to user code belong to that realm; the host only ever exchanges strings and plain values with it.
 *
 * Text rather than a function: a bundler or test runner that rewrites this file must not leave references to its own
 * helpers in code that runs elsewhere.
 *
 * The script evaluates to `(host) => slot`. `host` is the object given to `installPrelude`, `slot` a `Slot`
 * (sandbox.ts).
 */
export const PRELUDE_SOURCE = String.raw`(function (host) {
"use strict";
const g = globalThis;
const transactional = host.mode === "transaction";
const slot = {
  fn: undefined, method: "", args: "", state: "idle", value: undefined, error: undefined,
  now: host.importTime, sawTime: false, sawRandom: false, seeded: false, timeOrigin: 0,
};
const define = (name, value) =>
  Object.defineProperty(g, name, { value, writable: true, configurable: true, enumerable: false });
for (const name of Object.keys(host.globals)) define(name, host.globals[name]);
define("self", g);

function raise(failure) {
  const error = new Error(failure.message);
  if (failure.name !== undefined) error.name = failure.name;
  if (failure.data !== undefined) error.data = JSON.parse(failure.data);
  return error;
}
const forbidden = (what) => () => {
  throw new Error(
    "Can't use " + what + " in queries and mutations. Please consider using an action. " +
      "See https://docs.convex.dev/functions/actions for more details.",
  );
};

// ---- stacks: frames of pushed code alone, at the positions of its own files
const rawFrames = new WeakMap();
let readsRaw = false;
const formatFrames = (raw) => host.formatFrames(raw).trimEnd();
// Called when a stack is read for the first time.
Object.defineProperty(g.Error, "prepareStackTrace", {
  value(error, sites) {
    const raw = "\n" + sites.map((site) => "    at " + site).join("\n");
    rawFrames.set(error, raw);
    return Error.prototype.toString.call(error) + (readsRaw ? raw : formatFrames(raw));
  },
  writable: true, configurable: true,
});
function readFrames(error) {
  readsRaw = true;
  try {
    const stack = String(error.stack ?? "");
    return rawFrames.get(error) ?? stack;
  } finally {
    readsRaw = false;
  }
}

// ---- clock and chance
if (transactional) {
  const RealDate = g.Date;
  const now = () => { slot.sawTime = true; return slot.now; };
  function Date(...args) {
    if (new.target === undefined) return new RealDate(now()).toString();
    if (args.length === 0) args = [now()];
    return Reflect.construct(RealDate, args, new.target === Date ? RealDate : new.target);
  }
  Object.defineProperty(Date, "length", { value: 7 });
  Date.prototype = RealDate.prototype;
  Date.prototype.constructor = Date;
  Date.now = now;
  Date.parse = RealDate.parse;
  Date.UTC = RealDate.UTC;
  define("Date", Date);

  let a = 0, b = 0, c = 0, d = 0;
  Math.random = function random() {
    slot.sawRandom = true;
    if (!slot.seeded) {
      [a, b, c, d] = host.seed();
      slot.seeded = true;
    }
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 4294967296;
  };
  define("performance", {
    now() { slot.sawTime = true; return host.performanceNow(); },
    get timeOrigin() { return slot.now; },
  });
  class WeakRef {
    #target;
    constructor(target) { this.#target = target; }
    deref() { return this.#target; }
    get [Symbol.toStringTag]() { return "WeakRef"; }
  }
  class FinalizationRegistry {
    register() {}
    unregister() { return false; }
    get [Symbol.toStringTag]() { return "FinalizationRegistry"; }
  }
  define("WeakRef", WeakRef);
  define("FinalizationRegistry", FinalizationRegistry);
}

// ---- environment and console
define("process", {
  env: new Proxy({}, {
    get(target, name) {
      if (typeof name !== "string") return Reflect.get(target, name);
      const value = host.env(name);
      if (value === undefined && name === "inspect") return () => "[process.env]";
      return value;
    },
    has: (target, name) => typeof name === "string" && host.env(name) !== undefined,
  }),
});
// Source of the options: the platform's console, which has no other methods either.
let print;
const inspect = (value) => {
  print ??= host.loadInspect();
  try {
    return print(value, { indent: 2, maxStringLength: 32768, customInspect: true });
  } catch (error) {
    // A getter or proxy that throws must not fail the call.
    return "[not printable: " + (error instanceof Error ? error.message : "inspection failed") + "]";
  }
};
{
  const log = (level) => (...args) => { host.console(level, args.map(inspect)); };
  const timers = new Map();
  const missing = (label) => { host.console("WARN", ["Timer '" + label + "' does not exist"]); };
  const elapsed = (label) => label + ": " + (host.performanceNow() - timers.get(label)) + "ms";
  define("console", Object.assign(Object.create({}), {
    debug: log("DEBUG"), error: log("ERROR"), info: log("INFO"), log: log("LOG"), warn: log("WARN"),
    trace: (...args) => { host.console("LOG", [args.map(inspect).join(" ") + formatFrames(readFrames(new Error()))]); },
    time(name) {
      const label = String(name ?? "default");
      if (timers.has(label)) host.console("WARN", ["Timer '" + label + "' already exists"]);
      else timers.set(label, host.performanceNow());
    },
    timeLog(name, ...args) {
      const label = String(name ?? "default");
      if (timers.has(label)) host.console("INFO", [elapsed(label), ...args.map(inspect)]);
      else missing(label);
    },
    timeEnd(name) {
      const label = String(name ?? "default");
      if (timers.has(label)) host.console("INFO", [elapsed(label)]);
      else missing(label);
      timers.delete(label);
    },
  }));
}

// ---- work that is asynchronous elsewhere
define("queueMicrotask", (callback) => {
  if (typeof callback !== "function") throw new TypeError("queueMicrotask expects a function");
  Promise.resolve().then(callback);
});
if (transactional) {
  define("fetch", forbidden("fetch()"));
  for (const name of ["setTimeout", "setInterval", "setImmediate"]) define(name, forbidden(name));
  for (const name of ["clearTimeout", "clearInterval", "clearImmediate"]) define(name, () => {});

  class SubtleCrypto {}
  for (const name of host.subtleNames) {
    SubtleCrypto.prototype[name] = async function (...args) {
      const result = host.subtle(name, args);
      if (result.failure !== undefined) throw raise(result.failure);
      const value = result.value;
      // A JSON Web Key is a plain object and belongs in this realm; buffers and keys are shared classes.
      return name === "exportKey" && args[0] === "jwk" ? JSON.parse(JSON.stringify(value)) : value;
    };
  }
  class Crypto {
    get subtle() { return subtle; }
    getRandomValues(array) { slot.sawRandom = true; return host.fillRandom(array); }
    randomUUID() { slot.sawRandom = true; return host.randomUUID(); }
  }
  const subtle = new SubtleCrypto();
  define("SubtleCrypto", SubtleCrypto);
  define("Crypto", Crypto);
  define("crypto", new Crypto());
} else {
  const live = new Map();
  let nextTimer = 1;
  const timer = (start, stop, repeats) => [
    (callback, delay, ...args) => {
      const id = nextTimer++;
      live.set(id, start(() => {
        if (!repeats) live.delete(id);
        // An exception in a timer has no caller; it must not reach the host's event loop.
        try { callback(...args); } catch (error) { end(id, stop); host.failCurrentRun(error); }
      }, delay));
      return id;
    },
    (id) => end(id, stop),
  ];
  const end = (id, stop) => { const handle = live.get(id); live.delete(id); if (handle !== undefined) stop(handle); };
  slot.stopTimers = () => {
    for (const handle of live.values()) host.clearTimeout(handle);
    live.clear();
  };
  const timeout = timer(host.setTimeout, host.clearTimeout, false);
  const interval = timer(host.setInterval, host.clearInterval, true);
  define("setTimeout", timeout[0]);
  define("clearTimeout", timeout[1]);
  define("setInterval", interval[0]);
  define("clearInterval", interval[1]);

  // Objects parsed by the host have the host's prototypes, so that "instanceof Array" and "instanceof Error" fail.
  const localError = (error) => {
    if (error === null || typeof error !== "object" || error instanceof Error) return error;
    const Local = { TypeError, SyntaxError, RangeError }[error.name] ?? Error;
    const local = new Local(error.message, error.cause === undefined ? undefined : { cause: localError(error.cause) });
    if (error.name !== local.name) local.name = error.name;
    if (error.code !== undefined) local.code = error.code;
    return local;
  };
  const HostResponse = host.globals.Response;
  define("Request", class Request extends host.LeanRequest {
    async json() { return JSON.parse(await super.text()); }
  });
  class FetchedResponse extends HostResponse {
    async json() { return JSON.parse(await super.text()); }
  }
  define("Response", class Response extends host.LeanResponse {
    async json() { return JSON.parse(await super.text()); }
    // Responses of fetch and of the host are responses too, though of another class.
    static [Symbol.hasInstance](value) { return Function.prototype[Symbol.hasInstance].call(HostResponse, value); }
    static json(data, init) {
      const text = JSON.stringify(data);
      if (text === undefined) throw new TypeError("Response.json: data is not JSON serializable");
      const headers = new Headers(init?.headers);
      if (!headers.has("content-type")) headers.set("content-type", "application/json");
      return new Response(text, { status: init?.status, statusText: init?.statusText, headers });
    }
    static redirect(url, status = 302) {
      if (![301, 302, 303, 307, 308].includes(status)) throw new RangeError("Invalid status code " + status);
      return new Response(null, { status, headers: { location: new URL(url).href } });
    }
    static error() { return HostResponse.error(); }
  });
  const hostFetch = host.fetch;
  define("fetch", async (input, init) => {
    try {
      const response = await hostFetch(host.nodeRequest(input), init);
      Object.setPrototypeOf(response, FetchedResponse.prototype);
      return response;
    } catch (error) {
      throw localError(error);
    }
  });
}

// ---- the database and everything else of the deployment
define("Convex", transactional ? {
  syscall(op, json) {
    const result = host.syscall(op, json);
    if (typeof result === "string") return result;
    throw raise(result);
  },
  asyncSyscall(op, json) {
    const result = host.asyncSyscall(op, json);
    return typeof result === "string" ? Promise.resolve(result) : Promise.reject(raise(result));
  },
  jsSyscall(op) { throw new Error("Unknown JS syscall: " + op); },
} : {
  syscall(op) { throw new Error("Unknown operation " + op); },
  asyncSyscall: (op, json) => new Promise((resolve, reject) => {
    host.asyncSyscall(op, json, (result) => typeof result === "string" ? resolve(result) : reject(raise(result)));
  }),
  jsSyscall: (op, args) => new Promise((resolve, reject) => {
    host.jsSyscall(op, args, (value, failure) => failure === null ? resolve(value) : reject(raise(failure)));
  }),
});

// ---- calls from the host
const errorSymbol = Symbol.for("ConvexError");
slot.describe = (thrown) => {
  const described = { name: "", message: "", stack: "" };
  try {
    if (thrown !== null && (typeof thrown === "object" || typeof thrown === "function")) {
      described.name = String(thrown.name ?? "");
      described.message = String(thrown.message ?? "");
      described.stack = readFrames(thrown);
      if (thrown.ConvexErrorSymbol === errorSymbol && typeof thrown.data === "string") described.data = thrown.data;
    } else {
      described.message = String(thrown);
    }
  } catch {
    described.message = "an error that cannot be read";
  }
  return described;
};
const settled = (value) => { slot.value = value; slot.state = "done"; };
const failed = (thrown) => { slot.error = slot.describe(thrown); slot.state = "failed"; };
// A global, because the call must go through a script: leaving it is what drains this context's microtasks.
Object.defineProperty(g, "__convexCall", { value: () => {
  slot.state = "pending";
  try { slot.fn[slot.method](slot.args).then(settled, failed); } catch (error) { failed(error); }
} });
// The error class of the realm, for failures of loading modules.
slot.fail = (message) => { throw new Error(message); };
return slot;
})`;
