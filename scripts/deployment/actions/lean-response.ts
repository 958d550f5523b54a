/**
 * The `Response` of actions. Node's builds a stream for every body (about 100 µs from construction to text on the
 * machine this was measured on), which would be most of what a REST request costs. This one keeps text and bytes as
 * they are and turns into Node's only for what needs a stream.
 */
const NodeResponse = globalThis.Response;

type WholeBody = string | Uint8Array | null;

/** Statuses whose responses may not have a body. Source: Fetch standard, "null body status". */
const BODILESS_STATUSES = new Set([101, 103, 204, 205, 304]);

/** Inherits from Node's class, so that `instanceof Response` holds on both sides; every member is its own. */
class Lean {
  #body: WholeBody = null;
  /** Set when the body is no plain text or bytes, or a stream of it was asked for. */
  #node: Response | null = null;
  #used = false;
  readonly #headers: Headers;
  readonly #status: number;
  readonly #statusText: string;

  constructor(body?: BodyInit | null, init: ResponseInit = {}) {
    const status = init.status ?? 200;
    const whole = readWholeBody(body);
    const plain = whole !== undefined && Number.isInteger(status) && status >= 200 && status <= 599;
    if (!plain || (whole !== null && BODILESS_STATUSES.has(status)) || init.statusText) {
      this.#node = new NodeResponse(body, init);
      this.#headers = this.#node.headers;
      this.#status = this.#node.status;
      this.#statusText = this.#node.statusText;
      return;
    }
    this.#body = whole;
    this.#status = status;
    this.#statusText = "";
    this.#headers = new Headers(init.headers);
    if (typeof whole === "string" && !this.#headers.has("content-type")) {
      this.#headers.set("content-type", "text/plain;charset=UTF-8");
    }
  }

  /** The body when it is at hand and unread; undefined when only a stream gives it. */
  static findWholeBody(response: unknown): WholeBody | undefined {
    if (!(response instanceof Lean)) return undefined;
    return response.#node || response.#used ? undefined : response.#body;
  }

  get status(): number {
    return this.#status;
  }
  get statusText(): string {
    return this.#statusText;
  }
  get ok(): boolean {
    return this.#status >= 200 && this.#status < 300;
  }
  get headers(): Headers {
    return this.#headers;
  }
  get type(): ResponseType {
    return this.#node?.type ?? "default";
  }
  get url(): string {
    return "";
  }
  get redirected(): boolean {
    return false;
  }
  get body(): ReadableStream<Uint8Array> | null {
    return this.#body === null && !this.#node ? null : this.#asNode().body;
  }
  get bodyUsed(): boolean {
    return this.#used || (this.#node?.bodyUsed ?? false);
  }

  async text(): Promise<string> {
    if (this.#node) return this.#node.text();
    const body = this.#take();
    return typeof body === "string" ? body : new TextDecoder().decode(body ?? undefined);
  }
  async arrayBuffer(): Promise<ArrayBuffer> {
    if (this.#node) return this.#node.arrayBuffer();
    const body = this.#take();
    const bytes = typeof body === "string" ? new TextEncoder().encode(body) : (body ?? new Uint8Array());
    return bytes.slice().buffer;
  }
  async bytes(): Promise<Uint8Array> {
    return new Uint8Array(await this.arrayBuffer());
  }
  blob(): Promise<Blob> {
    return this.#asNode().blob();
  }
  formData(): Promise<FormData> {
    return this.#asNode().formData();
  }
  clone(): Response {
    if (this.#used) throw new TypeError("Response.clone: Body has already been consumed.");
    const init = { status: this.#status, statusText: this.#statusText, headers: this.#headers };
    const Same = this.constructor as typeof Response;
    return this.#node ? new Same(this.#node.clone().body, init) : new Same(this.#body as BodyInit | null, init);
  }

  #take(): WholeBody {
    if (this.#used) throw new TypeError("Body is unusable: Body has already been read");
    this.#used = this.#body !== null;
    return this.#body;
  }

  #asNode(): Response {
    if (this.#node) return this.#node;
    const body = this.#take() as BodyInit | null;
    return (this.#node = new NodeResponse(body, { status: this.#status, headers: this.#headers }));
  }
}
Object.setPrototypeOf(Lean.prototype, NodeResponse.prototype);

/** Text and bytes as they are (bytes copied, as the standard asks); undefined for anything that needs Node's class. */
function readWholeBody(body: unknown): WholeBody | undefined {
  if (body === undefined || body === null) return null;
  if (typeof body === "string") return body;
  if (body instanceof ArrayBuffer) return new Uint8Array(body.slice(0));
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice();
  return undefined;
}

export const LeanResponse = Lean as unknown as typeof Response;

/**
 * The body of an HTTP action's response without going through a stream: text, bytes, or null when there is none.
 * Undefined when it must be streamed.
 */
export const findWholeBody: (response: Response) => WholeBody | undefined = (response) => Lean.findWholeBody(response);
