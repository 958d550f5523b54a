/**
 * Streams of a sandbox, which need no turn of the event loop: those of web-streams-polyfill, and streams made of them.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Script } from "node:vm";
import { deflateRawSync, deflateSync, gunzipSync, gzipSync, inflateRawSync, inflateSync } from "node:zlib";

const polyfill = readFileSync(createRequire(import.meta.url).resolve("web-streams-polyfill"), "utf8");

/** Evaluates to the classes of the streams standard, of the realm that it runs in. */
export const STREAMS = new Script(
  `(() => { const exports = {}, module = { exports }; ${polyfill}\n; return module.exports; })()`,
  { filename: "convex-runtime" },
);

export const STREAM_NAMES = [
  "ReadableStream",
  "ReadableStreamDefaultController",
  "ReadableByteStreamController",
  "ReadableStreamBYOBRequest",
  "ReadableStreamDefaultReader",
  "ReadableStreamBYOBReader",
  "WritableStream",
  "WritableStreamDefaultController",
  "WritableStreamDefaultWriter",
  "ByteLengthQueuingStrategy",
  "CountQueuingStrategy",
  "TransformStream",
  "TransformStreamDefaultController",
];

const FORMATS = {
  gzip: { compress: gzipSync, decompress: gunzipSync },
  deflate: { compress: deflateSync, decompress: inflateSync },
  "deflate-raw": { compress: deflateRawSync, decompress: inflateRawSync },
};

/** @returns null when the bytes are not of the format. */
export function convertBytes(
  format: keyof typeof FORMATS,
  direction: "compress" | "decompress",
  bytes: Uint8Array,
): Uint8Array | null {
  try {
    return new Uint8Array(FORMATS[format][direction](bytes));
  } catch {
    return null;
  }
}

/** Evaluates to what makes the streams that are made of a TransformStream, by their names. */
export const TRANSFORMS_SOURCE = String.raw`((streams, convert) => {
"use strict";
const toView = (chunk) => {
  if (ArrayBuffer.isView(chunk)) return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  if (chunk instanceof ArrayBuffer || chunk instanceof SharedArrayBuffer) return new Uint8Array(chunk);
  throw new TypeError("The stream takes bytes only.");
};
class Pair {
  #transform;
  constructor(transformer) { this.#transform = new streams.TransformStream(transformer); }
  get readable() { return this.#transform.readable; }
  get writable() { return this.#transform.writable; }
}
class TextDecoderStream extends Pair {
  #decoder;
  constructor(label, options) {
    const decoder = new TextDecoder(label, options);
    super({
      transform(chunk, controller) {
        const text = decoder.decode(toView(chunk), { stream: true });
        if (text !== "") controller.enqueue(text);
      },
      flush(controller) {
        const text = decoder.decode();
        if (text !== "") controller.enqueue(text);
      },
    });
    this.#decoder = decoder;
  }
  get encoding() { return this.#decoder.encoding; }
  get fatal() { return this.#decoder.fatal; }
  get ignoreBOM() { return this.#decoder.ignoreBOM; }
}
class TextEncoderStream extends Pair {
  constructor() {
    const encoder = new TextEncoder();
    let high = "";
    super({
      transform(chunk, controller) {
        let text = high + String(chunk);
        // Half a character waits for its other half.
        high = /[\uD800-\uDBFF]$/.test(text) ? text.slice(-1) : "";
        if (high !== "") text = text.slice(0, -1);
        if (text !== "") controller.enqueue(encoder.encode(text));
      },
      flush(controller) { if (high !== "") controller.enqueue(encoder.encode(high)); },
    });
  }
  get encoding() { return "utf-8"; }
}
const makeCompression = (direction) => class extends Pair {
  constructor(format) {
    if (!["gzip", "deflate", "deflate-raw"].includes(format)) throw new TypeError("Unsupported compression format: " + format);
    const parts = [];
    super({
      transform(chunk) { parts.push(toView(chunk).slice()); },
      async flush(controller) {
        const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
        const converted = convert(format, direction, bytes);
        if (converted === null) throw new TypeError("The compressed data is not valid.");
        if (converted.length > 0) controller.enqueue(converted);
      },
    });
  }
};
const CompressionStream = { CompressionStream: class extends makeCompression("compress") {} }.CompressionStream;
const DecompressionStream = { DecompressionStream: class extends makeCompression("decompress") {} }.DecompressionStream;
return { TextDecoderStream, TextEncoderStream, CompressionStream, DecompressionStream };
})`;

export const TRANSFORM_NAMES = ["TextDecoderStream", "TextEncoderStream", "CompressionStream", "DecompressionStream"];
