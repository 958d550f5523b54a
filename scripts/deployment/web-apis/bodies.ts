/** Evaluates, after the blobs, to requests and responses whose bodies are read without a turn of the event loop. */
export const BODIES_SOURCE = String.raw`((define, support, blobs) => {
"use strict";
const encoder = new TextEncoder();
const isStream = (value) => support.hasStreams() && value instanceof ReadableStream;

/** @returns the body's bytes or stream, and the content type that it brings. */
function readInit(body) {
  if (body === null || body === undefined) return { bytes: null, stream: null, type: null };
  if (isStream(body)) {
    if (body.locked) throw new TypeError("The stream of the body is locked.");
    return { bytes: null, stream: body, type: null };
  }
  if (body instanceof Blob) return { bytes: blobs.contents.get(body), stream: null, type: body.type || null };
  if (blobs.isBytes(body)) return { bytes: blobs.copyBytes(body), stream: null, type: null };
  if (body instanceof FormData) return { ...blobs.writeForm(body), stream: null };
  const isQuery = body instanceof URLSearchParams;
  const type = isQuery ? "application/x-www-form-urlencoded;charset=UTF-8" : "text/plain;charset=UTF-8";
  return { bytes: encoder.encode(String(body)), stream: null, type };
}

class Body {
  #bytes;
  #stream;
  #isUsed = false;
  #headers;
  constructor({ bytes, stream, type }, headers) {
    this.#bytes = bytes;
    this.#stream = stream;
    this.#headers = headers;
    if (type !== null && !headers.has("content-type")) headers.set("content-type", type);
  }
  get headers() { return this.#headers; }
  get bodyUsed() { return this.#isUsed || (this.#stream !== null && support.isDisturbed(this.#stream)); }
  get body() {
    if (this.#stream === null && this.#bytes !== null) {
      this.#stream = support.streamBytes(this.#isUsed ? new Uint8Array() : this.#bytes.slice());
      this.#bytes = null;
    }
    return this.#stream;
  }
  async #take() {
    if (this.bodyUsed || this.#stream?.locked) throw new TypeError("Body is unusable: Body has already been read");
    if (this.#bytes !== null || this.#stream !== null) this.#isUsed = true;
    if (this.#stream === null) return this.#bytes ?? new Uint8Array();
    const parts = [];
    for await (const part of this.#stream) {
      if (!ArrayBuffer.isView(part)) throw new TypeError("The stream of a body must consist of bytes.");
      parts.push(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
    }
    return blobs.join(parts);
  }
  async bytes() { return (await this.#take()).slice(); }
  async arrayBuffer() { return (await this.bytes()).buffer; }
  async text() { return new TextDecoder().decode(await this.#take()); }
  async json() { return JSON.parse(await this.text()); }
  async blob() { return new Blob([await this.#take()], { type: this.#headers.get("content-type") ?? "" }); }
  async formData() {
    const type = this.#headers.get("content-type") ?? "";
    return blobs.readForm(await this.#take(), type);
  }
  /** Half of the body, for a copy of the whole. */
  static share(from) {
    if (from.bodyUsed || from.#stream?.locked) throw new TypeError("Body has already been consumed.");
    if (from.#stream === null) return { bytes: from.#bytes, stream: null, type: null };
    const [own, other] = from.#stream.tee();
    from.#stream = own;
    return { bytes: null, stream: other, type: null };
  }
  /** The body of a request that another one is made from. */
  static move(from) {
    const moved = share(from);
    from.#isUsed = from.#bytes !== null || from.#stream !== null;
    return moved;
  }
}
const { share, move } = Body;
delete Body.share;
delete Body.move;

const EMPTY_STATUS = [204, 205, 304];
const toJson = (data) => {
  const text = JSON.stringify(data);
  if (text === undefined) throw new TypeError("Response.json: data is not JSON serializable");
  return text;
};
class Response extends Body {
  #status;
  #statusText;
  constructor(body = null, init = {}) {
    const status = init?.status === undefined ? 200 : Number(init.status);
    if (!Number.isInteger(status) || status < 200 || status > 599)
      throw new RangeError("Response: the status " + status + " is outside of 200 to 599.");
    const found = readInit(body);
    if (EMPTY_STATUS.includes(status) && (found.bytes !== null || found.stream !== null))
      throw new TypeError("Response: a response of status " + status + " has no body.");
    super(found, new Headers(init?.headers));
    this.#status = status;
    this.#statusText = String(init?.statusText ?? "");
  }
  get status() { return this.#status; }
  get statusText() { return this.#statusText; }
  get ok() { return this.#status >= 200 && this.#status <= 299; }
  get redirected() { return false; }
  get type() { return "default"; }
  get url() { return ""; }
  clone() {
    const { bytes, stream } = share(this);
    const { status, statusText } = this;
    return new Response(stream ?? bytes, { status, statusText, headers: this.headers });
  }
  static json(data, init) {
    const headers = new Headers(init?.headers);
    if (!headers.has("content-type")) headers.set("content-type", "application/json");
    return new Response(toJson(data), { ...init, headers });
  }
  static redirect(url, status = 302) {
    if (![301, 302, 303, 307, 308].includes(status)) throw new RangeError("Invalid status code " + status);
    return new Response(null, { status, headers: { location: new URL(url).href } });
  }
  static error() { return new Response(null, { status: 500 }); }
  get [Symbol.toStringTag]() { return "Response"; }
}

class Request extends Body {
  #url;
  #method;
  #signal;
  #options;
  constructor(input, init = {}) {
    const from = input instanceof Request ? input : null;
    const given = init ?? {};
    const method = String(given.method ?? from?.method ?? "GET");
    const upper = method.toUpperCase();
    const known = ["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"].includes(upper) ? upper : method;
    const isOwnBody = given.body !== undefined && given.body !== null;
    if (isOwnBody && (known === "GET" || known === "HEAD"))
      throw new TypeError("Request: a " + known + " request has no body.");
    const url = from ? from.url : new URL(String(input)).href;
    const found = isOwnBody || from === null ? readInit(given.body) : move(from);
    super(found, new Headers(given.headers ?? from?.headers));
    this.#url = url;
    this.#method = known;
    this.#signal = given.signal ?? from?.signal ?? new AbortController().signal;
    this.#options = { from, given };
  }
  #read(name, otherwise) { return this.#options.given[name] ?? this.#options.from?.[name] ?? otherwise; }
  get url() { return this.#url; }
  get method() { return this.#method; }
  get signal() { return this.#signal; }
  get cache() { return this.#read("cache", "default"); }
  get credentials() { return this.#read("credentials", "same-origin"); }
  get destination() { return ""; }
  get integrity() { return this.#read("integrity", ""); }
  get keepalive() { return this.#read("keepalive", false); }
  get mode() { return this.#read("mode", "cors"); }
  get redirect() { return this.#read("redirect", "follow"); }
  get referrer() { return this.#read("referrer", "about:client"); }
  get referrerPolicy() { return this.#read("referrerPolicy", ""); }
  clone() {
    const { bytes, stream } = share(this);
    const { method, headers, signal } = this;
    return new Request(this.#url, { ...this.#options.given, method, headers, signal, body: stream ?? bytes });
  }
  get [Symbol.toStringTag]() { return "Request"; }
}
define("Response", Response);
define("Request", Request);
})`;
