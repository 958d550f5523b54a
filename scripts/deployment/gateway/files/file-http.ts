import { createReadStream } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { FunctionError, HttpError } from "../../lib";
import { readRawBody, sendJson } from "../http";
import type { FileStorage, OpenFile } from "./file-storage";

/** Uploads are held in memory while they are hashed. */
const MAX_UPLOAD_BYTES = 256 * 1024 * 1024;

/** `POST /api/storage/upload?token=…` → `{storageId}`. */
export async function handleUpload(
  storage: FileStorage,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const component = storage.requireUpload(url.searchParams.get("token"));
  const bytes = await readRawBody(request, MAX_UPLOAD_BYTES);
  try {
    const storageId = await storage.save(
      component,
      bytes,
      request.headers["content-type"] ?? null,
      readDigest(request.headers["digest"]),
    );
    sendJson(response, 200, { storageId });
  } catch (error) {
    if (error instanceof FunctionError) throw new HttpError(400, "DigestMismatch", error.message);
    throw error;
  }
}

function readDigest(header: string | string[] | undefined): string | null {
  if (header === undefined) return null;
  const match = /(?:^|,)\s*sha-256=([A-Za-z0-9+/=]+)/i.exec(String(header));
  if (match === null) throw new HttpError(400, "BadDigest", 'The Digest header must be "sha-256=<base64>".');
  return match[1]!;
}

/** `GET /api/storage/<uuid>`, whole or one `Range` of it. */
export async function handleDownload(
  file: OpenFile | null,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (file === null) throw new HttpError(404, "FileNotFound", "There is no such file.");
  response.setHeader("Accept-Ranges", "bytes");
  response.setHeader("Cache-Control", "private, max-age=2592000");
  response.setHeader("Digest", `sha-256=${file.sha256}`);
  // Uploaded content must not run as a page of this origin.
  response.setHeader("X-Content-Type-Options", "nosniff");
  response.setHeader(
    "Content-Security-Policy",
    "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'",
  );
  if (file.contentType !== null) response.setHeader("Content-Type", file.contentType);
  const range = parseRange(request.headers.range, file.size);
  if (range === "unsatisfiable") {
    response.setHeader("Content-Range", `bytes */${file.size}`);
    throw new HttpError(416, "RangeNotSatisfiable", `The file has ${file.size} bytes.`);
  }
  const { start, end } = range ?? { start: 0, end: file.size - 1 };
  response.setHeader("Content-Length", end - start + 1);
  if (range === null) response.writeHead(200);
  else response.writeHead(206, { "Content-Range": `bytes ${start}-${end}/${file.size}` });
  if (request.method === "HEAD" || file.size === 0) {
    response.end();
    return;
  }
  await pipeline(createReadStream(file.path, { start, end }), response);
}

/**
 * One byte range, both ends inclusive. Null, that is everything, for what RFC 9110 lets a server ignore: several
 * ranges, other units.
 */
export function parseRange(
  header: string | undefined,
  size: number,
): { start: number; end: number } | "unsatisfiable" | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? "");
  if (match === null || (match[1] === "" && match[2] === "")) return null;
  const first = match[1] === "" ? null : Number(match[1]);
  const last = match[2] === "" ? null : Number(match[2]);
  if (first === null) {
    if (last === 0 || size === 0) return "unsatisfiable";
    return { start: Math.max(0, size - last!), end: size - 1 };
  }
  if (first >= size) return "unsatisfiable";
  if (last !== null && last < first) return null;
  return { start: first, end: Math.min(last ?? size - 1, size - 1) };
}
