/**
 * The `Request` of actions. Node's makes a signal and, for a body, a stream (10 µs, 30 with a body, on the machine this
 * was measured on, and as much again to read it), which few handlers ask for. This one keeps what a server received as
 * it came and turns into Node's only for what needs that.
 */
const NodeRequest = globalThis.Request;

/** A request as a server has it: valid, its body whole. */
export class Received {
  readonly method: string;
  /** Absolute, as a URL parser gives it. */
  readonly url: string;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer> | null;
  /** Aborted when the client leaves before the answer; made for those who ask. */
  readonly signal: (() => AbortSignal) | undefined;

  constructor(request: Pick<Received, "method" | "url" | "headers" | "body"> & { signal?: Received["signal"] }) {
    this.method = request.method;
    this.url = request.url;
    this.headers = request.headers;
    this.body = request.body;
    this.signal = request.signal;
  }
}

/** Inherits from Node's class, so that `instanceof Request` holds on both sides; every member is its own. */
class Lean {
  readonly #received: Received | null = null;
  /** Set when it was made from anything else, or something was asked for that only Node's has. */
  #node: Request | null = null;
  #used = false;
  readonly #headers: Headers;

  constructor(input: RequestInfo | URL | Received, init?: RequestInit) {
    if (input instanceof Received) {
      this.#received = input;
      this.#headers = input.headers;
    } else {
      this.#node = input instanceof Lean ? Lean.toNode(input, init) : new NodeRequest(input, init);
      this.#headers = this.#node.headers;
    }
  }

  /** Node's request to go on with in its place; the body goes along, unless `init` has another. */
  static toNode(request: Lean, init?: RequestInit): Request {
    return new NodeRequest(request.#asNode(), { headers: request.#headers, ...init });
  }

  /** Reads a member that only Node's request has. */
  static ofNode(request: Lean, name: keyof Request): unknown {
    const node = request.#asNode();
    const member: unknown = Reflect.get(node, name);
    return typeof member === "function" ? (...args: unknown[]) => Reflect.apply(member, node, args) as unknown : member;
  }

  get method(): string {
    return this.#received?.method ?? this.#asNode().method;
  }
  get url(): string {
    return this.#received?.url ?? this.#asNode().url;
  }
  get headers(): Headers {
    return this.#headers;
  }
  get signal(): AbortSignal {
    return this.#received?.signal?.() ?? this.#asNode().signal;
  }
  get body(): ReadableStream<Uint8Array> | null {
    return this.#received?.body === null ? null : this.#asNode().body;
  }
  get bodyUsed(): boolean {
    return this.#node ? this.#node.bodyUsed : this.#used;
  }

  async text(): Promise<string> {
    return this.#node ? this.#node.text() : new TextDecoder().decode(this.#take());
  }
  async arrayBuffer(): Promise<ArrayBuffer> {
    return this.#node ? this.#node.arrayBuffer() : this.#take().buffer;
  }
  async bytes(): Promise<Uint8Array> {
    return new Uint8Array(await this.arrayBuffer());
  }
  clone(): Request {
    const Same = this.constructor as new (input: Request | Received) => Request;
    if (this.#node) return new Same(this.#node.clone());
    if (this.#used) throw new TypeError("Request.clone: Body has already been consumed.");
    return new Same(new Received({ ...this.#received!, headers: new Headers(this.#headers) }));
  }

  /** A copy: a Buffer may be part of a larger one, and a clone has the same. */
  #take(): Uint8Array<ArrayBuffer> {
    if (this.#used) throw new TypeError("Body is unusable: Body has already been read");
    const body = this.#received?.body ?? null;
    this.#used = body !== null;
    return new Uint8Array(body ?? []);
  }

  #asNode(): Request {
    if (this.#node) return this.#node;
    const { method, url, body } = this.#received!;
    this.#node = new NodeRequest(url, { method, headers: this.#headers, body });
    if (this.#used) void this.#node.arrayBuffer();
    return this.#node;
  }
}
Object.setPrototypeOf(Lean.prototype, NodeRequest.prototype);
for (const name of Object.keys(Object.getOwnPropertyDescriptors(NodeRequest.prototype)) as (keyof Request)[]) {
  if (Object.hasOwn(Lean.prototype, name)) continue;
  Object.defineProperty(Lean.prototype, name, {
    get(this: Lean) {
      return Lean.ofNode(this, name);
    },
    configurable: true,
    enumerable: true,
  });
}

export const LeanRequest = Lean as unknown as new (input: RequestInfo | URL | Received, init?: RequestInit) => Request;

/** Converts `input` to what Node's own functions accept. */
export function convertToNodeRequest(input: RequestInfo | URL): RequestInfo | URL {
  return input instanceof LeanRequest ? Lean.toNode(input as unknown as Lean) : input;
}
