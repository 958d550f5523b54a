import type { IncomingMessage, ServerResponse } from "node:http";
import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate } from "node:zlib";
import { HttpError } from "../../lib";

const DECODERS = { br: promisify(brotliDecompress), gzip: promisify(gunzip), deflate: promisify(inflate) };

/**
 * The request's body, decompressed.
 * @param limitBytes counted before and after decompression; beyond it HttpError 413.
 */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  const raw = await readRawBody(request, limitBytes);
  const encoding = request.headers["content-encoding"];
  if (encoding === undefined || encoding === "identity") return raw;
  if (encoding !== "br" && encoding !== "gzip" && encoding !== "deflate") {
    throw new HttpError(415, "UnsupportedContentEncoding", `Content-Encoding "${encoding}" is not supported.`);
  }
  try {
    return await DECODERS[encoding](raw, { maxOutputLength: limitBytes });
  } catch (error) {
    if (error instanceof RangeError) throw makeBodyTooLargeError(limitBytes);
    throw new HttpError(400, "BadBody", `The body is not valid ${encoding}.`);
  }
}

/** Reads a body without decompression: HTTP actions and uploads see the bytes the client sent. */
export function readRawBody(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  const declared = Number(request.headers["content-length"] ?? 0);
  if (declared > limitBytes) return Promise.reject(makeBodyTooLargeError(limitBytes));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > limitBytes) {
        request.removeAllListeners("data");
        request.resume();
        reject(makeBodyTooLargeError(limitBytes));
        return;
      }
      chunks.push(chunk);
    });
    request.on("end", () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size)));
    request.on("error", (error) => reject(request.complete ? error : makeAbortedError()));
    request.on("close", () => {
      if (!request.complete) reject(makeAbortedError());
    });
  });
}

const makeAbortedError = (): HttpError =>
  new HttpError(400, "BodyAborted", "The client closed the connection inside the body.");

function makeBodyTooLargeError(limitBytes: number): HttpError {
  return new HttpError(413, "BodyTooLarge", `The body exceeds ${limitBytes} bytes.`);
}

/** The body as a JSON object. */
export async function readJson(request: IncomingMessage, limitBytes: number): Promise<Record<string, unknown>> {
  const text = (await readBody(request, limitBytes)).toString("utf8");
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new HttpError(400, "BadJsonBody", "The body is not valid JSON.");
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw new HttpError(400, "BadJsonBody", "The body must be a JSON object.");
  }
  return parsed as Record<string, unknown>;
}

export function requireString(body: Record<string, unknown>, field: string): string {
  const value = body[field];
  if (typeof value !== "string") throw new HttpError(400, "BadJsonBody", `Field "${field}" must be a string.`);
  return value;
}

/** Sends `text` as JSON in one write. */
export function sendText(
  response: ServerResponse,
  status: number,
  text: string,
  contentType = "application/json",
): void {
  const body = Buffer.from(text, "utf8");
  response.writeHead(status, { "Content-Type": contentType, "Content-Length": body.length });
  response.end(body);
}

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  sendText(response, status, JSON.stringify(value));
}

/**
 * Answers with the error; once a head has gone out all that is left is to cut the connection.
 * @returns whether the error is none of the request's, so that an operator has to know.
 */
export function sendError(response: ServerResponse, error: unknown): boolean {
  const expected = error instanceof HttpError;
  if (response.headersSent) response.destroy();
  else if (expected) {
    if (error.status === 413) response.setHeader("Connection", "close");
    sendJson(response, error.status, { code: error.code, message: error.message });
  } else {
    const message = error instanceof Error ? error.message : String(error);
    sendJson(response, 500, { code: "InternalServerError", message });
  }
  return !expected;
}
