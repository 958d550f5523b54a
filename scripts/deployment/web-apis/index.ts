/** The web's and the language's built-ins that sandboxes have beside those of their context. */
import { type Context, Script } from "node:vm";
import { BLOBS_SOURCE } from "./blobs";
import { BODIES_SOURCE } from "./bodies";
import { CLONE_SOURCE } from "./clone";
import { PERFORMANCE_SOURCE } from "./performance";
import { convertBytes, STREAM_NAMES, STREAMS, TRANSFORM_NAMES, TRANSFORMS_SOURCE } from "./streams";
import { WASM_SOURCE } from "./wasm";

export { syncSubtle } from "./crypto";
export { SyncCryptoKey } from "./crypto-keys";
export { completeSharedClasses, MODERN_SOURCE } from "./modern";

/** What of a host's classes a sandbox replaces by its own. */
export const OWN_NAMES = ["Blob", "File", "FormData", "Request", "Response", ...STREAM_NAMES, ...TRANSFORM_NAMES];

const CLONE = new Script(
  `(transfer) => Object.defineProperty(globalThis, "structuredClone",
    { value: ${CLONE_SOURCE}(transfer), writable: true, configurable: true })`,
  { filename: "convex-runtime" },
);

/** Streams are made when first asked for, since few functions do and they take longer to load than the rest. */
const SETUP = new Script(
  String.raw`((host) => {
"use strict";
const g = globalThis;
const define = (name, value) => Object.defineProperty(g, name, { value, writable: true, configurable: true });
${WASM_SOURCE};

let streams = null;
const transforms = ${TRANSFORMS_SOURCE};
function loadStreams() {
  if (streams !== null) return streams;
  streams = host.loadStreams();
  Object.assign(streams, transforms(streams, host.convertBytes));
  for (const name of host.streamNames)
    if (Object.getOwnPropertyDescriptor(g, name)?.get?.isLazy) define(name, streams[name]);
  return streams;
}
for (const name of host.streamNames)
  Object.defineProperty(g, name, {
    get: Object.assign(() => loadStreams()[name], { isLazy: true }),
    set: (value) => void define(name, value),
    configurable: true,
  });
const support = {
  hasStreams: () => streams !== null,
  isDisturbed: (stream) => stream._disturbed === true,
  streamBytes: (bytes) => new (loadStreams().ReadableStream)({
    type: "bytes",
    pull(controller) {
      if (bytes.length > 0) controller.enqueue(bytes);
      bytes = new Uint8Array();
      controller.close();
      controller.byobRequest?.respond(0);
    },
  }),
  randomName: () => Math.random().toString(36).slice(2) + Math.random().toString(36).slice(2),
};
const blobs = ${BLOBS_SOURCE}(define, support);
${BODIES_SOURCE}(define, support, blobs);
${PERFORMANCE_SOURCE}(define);
})`,
  { filename: "convex-runtime" },
);

/** Gives a context, whose shared globals are in place, a `structuredClone` that makes objects of its realm. */
export function installClone(context: Context): void {
  const transfer = (buffer: ArrayBuffer): ArrayBuffer => structuredClone(buffer, { transfer: [buffer] });
  (CLONE.runInContext(context) as (transfer: (buffer: ArrayBuffer) => ArrayBuffer) => void)(transfer);
}

/** Gives a sandbox, whose shared globals are in place, its own web APIs. */
export function installWebApis(context: Context): void {
  (SETUP.runInContext(context) as (host: Record<string, unknown>) => void)({
    loadStreams: () => STREAMS.runInContext(context) as unknown,
    streamNames: [...STREAM_NAMES, ...TRANSFORM_NAMES],
    convertBytes,
  });
}
