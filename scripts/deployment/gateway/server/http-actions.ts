import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable, Transform } from "node:stream";
import { LeanRequest, Received, findWholeBody } from "../../actions";
import type { Engine } from "../../engine";
import { type Identity, makeUnknownIdentity, TokenError, type TokenVerifier } from "../../identity";
import { HttpError } from "../../lib";
import {
  chooseCoding,
  type Coding,
  describeRequestFailure,
  encode,
  type FailureEntry,
  getRequestId,
  isCompressible,
  readBearerToken,
  readClientInfo,
  readRawBody,
  sendError,
  sendText,
  setRequestId,
  varyByEncoding,
} from "../http";

/**
 * The limits of the body of a request to an HTTP action, and of its response. Source: the platform's documented limit.
 */
const MAX_BODY_BYTES = 20 * 1024 * 1024;
const MAX_ANSWER_BYTES = 20 * 1024 * 1024;
/** Bodies up to here are read whole: that is cheaper than a stream, and one packet or few brings them anyway. */
const WHOLE_BODY_BYTES = 1024 * 1024;
/** Methods that a lean request takes as they are. The Fetch standard forbids scripts TRACE; a server answers it. */
const LEAN_METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]);
/** Set by Node for the connection at hand, so a value from the action must not get in between. */
const CONNECTION_HEADERS = new Set(["connection", "keep-alive", "transfer-encoding", "upgrade"]);
/** Answers that have no body, and whose head says no length of one. */
const LENGTHLESS_STATUSES = new Set([204, 304]);

export interface HttpActionHost {
  engine: Engine;
  tokens: TokenVerifier;
  /** Public origin, used when the request names no host. */
  siteUrl: string;
  onFailure(failure: FailureEntry): void;
}

/**
 * One request to the site: node:http in, a standard Request through the app's router, its Response out.
 * @param path path and query as the action should see them.
 */
export async function handleHttpAction(
  host: HttpActionHost,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  try {
    const { authorization } = request.headers;
    const identity = authorization === undefined ? null : await identify(authorization, host.tokens);
    const body = isBodyAllowed(request) ? await readBody(request) : null;
    const received = makeRequest(
      request,
      findOrigin(request, host.siteUrl) + escapePath(path),
      body,
      makeSignal(response),
    );
    const answer = await host.engine.httpAction(received, identity, readClientInfo(request));
    response.once("finish", () => discardRest(request));
    if (answer === null) {
      response.setHeader("X-Request-Id", getRequestId(response));
      sendText(response, 404, "No matching routes found", "text/plain; charset=utf-8");
      return;
    }
    if (answer.status === 500 && overlong.has(request)) throw makeBodyTooLargeError();
    await sendResponse(answer, response, request.method === "HEAD");
  } catch (error) {
    const requestId = getRequestId(response);
    if (!response.headersSent) response.setHeader("X-Request-Id", requestId);
    if (sendError(response, error))
      host.onFailure(describeRequestFailure(request.method ?? "GET", path, requestId, error));
  }
}

/**
 * The rest of a body that the action did not read must still leave the connection, or the next request on it would not
 * be seen. Not before the answer has gone: it may be made of the request's body.
 */
function discardRest(request: IncomingMessage): void {
  if (request.complete) return;
  // The stream that the body was piped to has stopped taking it, and would hold the rest back.
  request.unpipe();
  request.resume();
}

/**
 * A token that proves nothing fails only the action that asks who is calling: others may have a scheme of their own in
 * this header.
 */
async function identify(authorization: string, tokens: TokenVerifier): Promise<Identity | null> {
  const token = readBearerToken(authorization);
  if (token === null) return makeUnknownIdentity("InvalidAuthHeader: the Authorization header has no Bearer token.");
  try {
    return (await tokens.verify(token)).identity;
  } catch (error) {
    return makeUnknownIdentity(error instanceof TokenError ? error.message : "The token could not be verified.");
  }
}

const BODILESS = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);
const isBodyAllowed = ({ method = "GET" }: IncomingMessage): boolean => !BODILESS.has(method);

type Body = Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null;

async function readBody(request: IncomingMessage): Promise<Body> {
  const length = request.headers["content-length"];
  if (length === "0") return null;
  if (length !== undefined && Number(length) <= WHOLE_BODY_BYTES)
    return (await readRawBody(request, WHOLE_BODY_BYTES)) as Uint8Array<ArrayBuffer>;
  if (length === undefined && request.headers["transfer-encoding"] === undefined) return null;
  if (Number(length ?? 0) > MAX_BODY_BYTES) throw makeBodyTooLargeError();
  return Readable.toWeb(request.pipe(limitBody(request))) as ReadableStream<Uint8Array>;
}

/**
 * A signal that is aborted when the client leaves before it has the answer; made when first asked for, as few actions
 * do.
 */
function makeSignal(response: ServerResponse): () => AbortSignal {
  let controller: AbortController | undefined;
  return () => {
    if (controller) return controller.signal;
    const made = (controller = new AbortController());
    const abort = (): void => {
      if (!response.writableFinished) made.abort();
    };
    if (response.closed) abort();
    else response.once("close", abort);
    return made.signal;
  };
}

function makeRequest(request: IncomingMessage, target: string, body: Body, signal: () => AbortSignal): Request {
  const method = request.method ?? "GET";
  try {
    const url = new URL(target);
    const headers = new Headers();
    const raw = request.rawHeaders;
    for (let i = 0; i < raw.length; i += 2) headers.append(raw[i]!, raw[i + 1]!);
    if (body instanceof ReadableStream || !LEAN_METHODS.has(method)) {
      const init: RequestInit & { duplex: "half" } = { method, headers, body, duplex: "half", signal: signal() };
      return new LeanRequest(url, init);
    }
    return new LeanRequest(new Received({ method, url: url.href, headers, body, signal }));
  } catch {
    throw new HttpError(400, "BadRequest", "The method, URL or headers of the request are not valid.");
  }
}

/** Requests whose body turned out to be over the limit while an action was reading it. */
const overlong = new WeakSet<IncomingMessage>();

const makeBodyTooLargeError = () => new HttpError(413, "BodyTooLarge", `The body exceeds ${MAX_BODY_BYTES} bytes.`);

/** @returns the size of an answer so far. @throws HttpError when it is over the limit. */
function mustFit(bytes: number): number {
  if (bytes <= MAX_ANSWER_BYTES) return bytes;
  throw new HttpError(500, "HttpResponseTooLarge", "HTTP actions support responses up to 20 MiB.");
}

function limitBody(request: IncomingMessage): Transform {
  let size = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size <= MAX_BODY_BYTES) return done(null, chunk);
      overlong.add(request);
      done(makeBodyTooLargeError());
    },
  });
}

/**
 * The path so that parsing it gives it back. A URL parser resolves dot segments, reads `\` as `/` and cuts at `#`: an
 * action would answer for a path that was never sent. Escaped they stay what they are.
 */
function escapePath(path: string): string {
  if (!/[\\#]|\/(?:\.|%2e)/i.test(path)) return path;
  const queryAt = path.indexOf("?");
  const query = queryAt < 0 ? "" : path.slice(queryAt);
  const segments = (queryAt < 0 ? path : path.slice(0, queryAt))
    .split("/")
    .map((segment) => (/^(?:\.|%2e){1,2}$/i.test(segment) ? segment.replace(/\.|%2e/gi, "%252E") : segment));
  return (segments.join("/").replaceAll("\\", "%5C") + query).replaceAll("#", "%23");
}

/** This server's origin as the client sees it, also behind a proxy that ends TLS. */
function findOrigin(request: IncomingMessage, siteUrl: string): string {
  const host = request.headers.host;
  if (host === undefined || !/^[\w.:[\]-]+$/.test(host)) return siteUrl;
  const forwarded = request.headers["x-forwarded-proto"];
  return `${forwarded === "https" || forwarded === "http" ? forwarded : "http"}://${host}`;
}

async function sendResponse(answer: Response, response: ServerResponse, bodiless: boolean): Promise<void> {
  const whole = findWholeBody(answer);
  if (typeof whole === "string" || whole instanceof Uint8Array)
    return await sendWhole(answer, response, whole, bodiless);
  const body = answer.body;
  if (body === null || bodiless) {
    const isEmptyBody = body === null && !bodiless && answer.status >= 200 && !LENGTHLESS_STATUSES.has(answer.status);
    // A 304 and the answer to HEAD vary by the same request headers as the answer with its body.
    const unchanged = answer.status === 304 && answer.headers.get("etag")?.startsWith("W/") === true;
    const varies = unchanged || (bodiless && mayBeCoded(answer, Infinity));
    sendHead(answer, response, isEmptyBody ? 0 : null, varies ? { coding: null } : undefined);
    response.end();
    void body?.cancel();
    return;
  }
  await sendStream(answer, body, response);
}

function mayBeCoded({ status, headers }: Response, lengthBytes: number): boolean {
  const get = (name: string) => headers.get(name);
  return isCompressible({ status, type: get("content-type"), get }, lengthBytes);
}

async function sendWhole(
  answer: Response,
  response: ServerResponse,
  whole: string | Uint8Array,
  bodiless: boolean,
): Promise<void> {
  const lengthBytes = mustFit(Buffer.byteLength(whole));
  if (!mayBeCoded(answer, lengthBytes)) {
    sendHead(answer, response, lengthBytes);
    response.end(bodiless ? undefined : whole);
    return;
  }
  const coding = chooseCoding(response.req.headers["accept-encoding"]);
  const body = coding === null ? whole : await encode(whole, coding);
  sendHead(answer, response, Buffer.byteLength(body), { coding });
  response.end(bodiless ? undefined : body);
}

async function sendStream(answer: Response, body: ReadableStream<Uint8Array>, response: ServerResponse): Promise<void> {
  const reader = body.getReader();
  const { chunks, pending } = await readAhead(reader);
  if (pending === null) return await sendWhole(answer, response, Buffer.concat(chunks), false);
  try {
    sendHead(answer, response, null);
    response.flushHeaders();
    response.on("close", () => void reader.cancel().catch(() => {}));
    let sentBytes = 0;
    for (const chunk of chunks) {
      sentBytes = mustFit(sentBytes + chunk.byteLength);
      await writeChunk(response, chunk);
    }
    for (let next = await pending; !next.done; next = await reader.read()) {
      sentBytes = mustFit(sentBytes + next.value.byteLength);
      await writeChunk(response, next.value);
    }
    response.end();
  } catch (error) {
    if (!response.headersSent) throw error;
    // The head is sent: only a cut connection shows the client that the body is not whole.
    cutOff(response);
  }
}

/** The first parts of a body, and the read that is under way; null when they were all. */
interface Beginning {
  chunks: Uint8Array[];
  pending: Promise<Read> | null;
}

/**
 * Reads a body as far as it goes at once: a short one is sent whole. As on the platform a stream that fails that early
 * has no response, even when it gave chunks before.
 */
async function readAhead(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Beginning> {
  const chunks: Uint8Array[] = [];
  for (let bytes = 0; ;) {
    const read = reader.read();
    if (bytes > WHOLE_BODY_BYTES) return { chunks, pending: read };
    const result = await settleSoon(read, chunks.length === 0 ? FIRST_CHUNK_MS : 0);
    if ("pending" in result) return { chunks, pending: result.pending };
    if (result.done) return { chunks, pending: null };
    bytes = mustFit(bytes + result.value.byteLength);
    chunks.push(result.value);
  }
}

/** The head waits this long for the first part of the body, which for blobs and the like is all of it. */
const FIRST_CHUNK_MS = 10;
/** A client that takes nothing more is cut off after this time. */
const LAST_BYTES_MS = 10_000;

/** Cuts the connection once what was written has left. */
function cutOff(response: ServerResponse): void {
  const { socket } = response;
  if (socket === null) return void response.destroy();
  setTimeout(() => socket.destroy(), LAST_BYTES_MS).unref();
  socket.destroySoon();
}

/**
 * @param lengthBytes the length of the body, null when it is not known; a header of the action's own takes its place.
 * @param coded for a body that may be compressed: how it is
 */
function sendHead(
  answer: Response,
  response: ServerResponse,
  lengthBytes: number | null,
  coded?: { coding: Coding | null },
): void {
  const headers: string[] = [];
  let needsNoLength = lengthBytes === null;
  let requestId: string | undefined;
  for (const [name, value] of answer.headers) {
    // Iteration gives every Set-Cookie by itself and all other names joined and in lower case.
    if (CONNECTION_HEADERS.has(name)) continue;
    if (coded && (name === "vary" || name === "content-length")) continue;
    needsNoLength ||= name === "content-length";
    if (name === "x-request-id") setRequestId(response, (requestId = value));
    headers.push(name, value);
  }
  if (!needsNoLength) headers.push("content-length", String(lengthBytes));
  if (coded) headers.push("vary", varyByEncoding(answer.headers.get("vary")));
  if (coded?.coding) headers.push("content-encoding", coded.coding);
  if (requestId === undefined) headers.push("x-request-id", getRequestId(response));
  response.writeHead(answer.status, answer.statusText || undefined, headers);
}

type Read = ReadableStreamReadResult<Uint8Array>;

/**
 * The read if it ends within the job and `waitMs`, as the end of a body without a stream behind it does; else it, still
 * pending.
 */
async function settleSoon(read: Promise<Read>, waitMs: number): Promise<Read | { pending: Promise<Read> }> {
  let isSettled = false;
  const settle = () => (isSettled = true);
  read.then(settle, settle);
  // Most are settled by then; a turn of the event loop for each would cost more.
  for (let i = 0; i < 6 && !isSettled; i++) await Promise.resolve();
  if (isSettled) return read;
  let timer: NodeJS.Timeout | undefined;
  const later = new Promise<{ pending: Promise<Read> }>((resolve) => {
    const giveUp = () => resolve({ pending: read });
    if (waitMs === 0) setImmediate(giveUp);
    else timer = setTimeout(giveUp, waitMs);
  });
  try {
    return await Promise.race([read, later]);
  } finally {
    clearTimeout(timer);
  }
}

async function writeChunk(response: ServerResponse, chunk: Uint8Array): Promise<void> {
  if (response.destroyed) throw new Error("The client has gone.");
  if (response.write(chunk)) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      response.off("drain", done);
      response.off("close", done);
      resolve();
    };
    response.on("drain", done);
    response.on("close", done);
  });
}
