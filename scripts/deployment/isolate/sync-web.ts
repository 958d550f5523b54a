/**
 * Bodies and WebAssembly for queries and mutations, which run to their end without a turn of the event loop: Node reads
 * blobs and compiles elsewhere and answers later, so these classes keep their bytes and answer at once.
 */

/** Evaluates, in a sandbox whose shared globals are in place, to nothing. */
export const SYNC_WEB_SOURCE = String.raw`"use strict";
(() => {
const g = globalThis;
const define = (name, value) => Object.defineProperty(g, name, { value, writable: true, configurable: true });

// ---- WebAssembly
const { Module, Instance } = WebAssembly;
const compile = async (bytes) => new Module(bytes);
const instantiate = async (source, imports) => {
  if (source instanceof Module) return new Instance(source, imports);
  const module = new Module(source);
  return { module, instance: new Instance(module, imports) };
};
const readWhole = async (source) => (await source).arrayBuffer();
Object.assign(WebAssembly, {
  compile,
  instantiate,
  compileStreaming: async (source) => compile(await readWhole(source)),
  instantiateStreaming: async (source, imports) => instantiate(await readWhole(source), imports),
});

// ---- blobs
const HostBlob = g.Blob;
/** The bytes of blobs, requests and responses made here. */
const contents = new WeakMap();
const encoder = new TextEncoder();
const decode = (bytes) => new TextDecoder().decode(bytes);
function copyBytes(part) {
  const known = contents.get(part);
  if (known !== undefined) return known;
  if (ArrayBuffer.isView(part)) return new Uint8Array(part.buffer, part.byteOffset, part.byteLength).slice();
  if (part instanceof ArrayBuffer || part instanceof SharedArrayBuffer) return new Uint8Array(part).slice();
  return encoder.encode(String(part));
}
function join(parts) {
  if (parts.length === 1) return parts[0];
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
const makeBlobClass = (Host, name) => ({ [name]: class extends Host {
  constructor(parts = [], ...rest) {
    const bytes = join([...parts].map(copyBytes));
    super([bytes], ...rest);
    contents.set(this, bytes);
  }
  async arrayBuffer() { return contents.get(this).slice().buffer; }
  async bytes() { return contents.get(this).slice(); }
  async text() { return decode(contents.get(this)); }
  slice(start, end, type = "") { return new g.Blob([contents.get(this).subarray(start, end)], { type }); }
  static [Symbol.hasInstance](value) { return Function.prototype[Symbol.hasInstance].call(Host, value); }
} })[name];
define("Blob", makeBlobClass(HostBlob, "Blob"));
define("File", makeBlobClass(g.File, "File"));

// ---- requests and responses
const readBody = (body) => {
  if (body === null || body === undefined) return new Uint8Array();
  return body instanceof ReadableStream || body instanceof FormData ? null : copyBytes(body);
};
function makeBodyClass(Host, name, findBody) {
  const used = new WeakSet();
  const forms = new WeakMap();
  const take = (whole) => {
    if (whole.bodyUsed) throw new TypeError("Body is unusable: Body has already been read");
    used.add(whole);
    return contents.get(whole);
  };
  return ({ [name]: class extends Host {
    constructor(first, init) {
      super(first, init);
      const body = findBody(first, init);
      if (body instanceof FormData) forms.set(this, body);
      const bytes = contents.get(body) ?? readBody(body);
      if (bytes !== null) contents.set(this, bytes);
    }
    get bodyUsed() { return used.has(this) || super.bodyUsed; }
    async arrayBuffer() { return contents.has(this) ? take(this).slice().buffer : super.arrayBuffer(); }
    async bytes() { return new Uint8Array(await this.arrayBuffer()); }
    async text() { return contents.has(this) ? decode(take(this)) : super.text(); }
    async json() { return JSON.parse(await this.text()); }
    async blob() {
      const type = this.headers.get("content-type") ?? "";
      return new g.Blob([await this.arrayBuffer()], { type });
    }
    async formData() {
      const form = forms.get(this);
      if (form === undefined && !/^application\/x-www-form-urlencoded\b/.test(this.headers.get("content-type") ?? ""))
        return super.formData();
      const copy = new FormData();
      for (const [key, value] of form ?? new URLSearchParams(await this.text())) copy.append(key, value);
      return copy;
    }
    clone() {
      if (this.bodyUsed) throw new TypeError("Body has already been consumed.");
      const copy = Object.setPrototypeOf(super.clone(), Object.getPrototypeOf(this));
      if (contents.has(this)) contents.set(copy, contents.get(this));
      if (forms.has(this)) forms.set(copy, forms.get(this));
      return copy;
    }
    static [Symbol.hasInstance](value) { return Function.prototype[Symbol.hasInstance].call(Host, value); }
  } })[name];
}
const Response = makeBodyClass(g.Response, "Response", (body) => body);
Response.json = (data, init) => {
  const headers = new Headers(init?.headers);
  if (!headers.has("content-type")) headers.set("content-type", "application/json");
  return new Response(JSON.stringify(data), { ...init, headers });
};
define("Response", Response);
define("Request", makeBodyClass(g.Request, "Request", (input, init) => init?.body ?? (contents.has(input) ? input : null)));
})();`;
