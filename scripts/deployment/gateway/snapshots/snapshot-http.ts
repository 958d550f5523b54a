import { createReadStream } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { HttpError } from "../../lib";
import { readJson, readRawBody, requireAdmin, requireString, sendJson } from "../http";
import type { AdminKeys } from "../../identity";
import type { Exports } from "./exports";
import type { Imports } from "./imports";

const MAX_PART_BYTES = 256 * 1024 * 1024;
const MAX_CONTROL_BYTES = 4 * 1024 * 1024;

export interface SnapshotHost {
  keys: AdminKeys;
  exports: Exports;
  imports: Imports;
}

/** `convex export` and `convex import`. False when the path is neither's. */
export async function handleSnapshot(
  host: SnapshotHost,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<boolean> {
  const { pathname, searchParams } = url;
  const zip = /^\/api\/export\/zip\/(-?\d+)$/.exec(pathname)?.[1];
  const known =
    zip !== undefined ||
    /^\/api\/(export\/request\/zip|import\/(start_upload|upload_part|finish_upload)|perform_import)$/.test(pathname);
  if (!known) return false;
  requireAdmin(request, host.keys, url);
  if (zip !== undefined) {
    const path = host.exports.findPath(zip);
    if (path === null) throw new HttpError(404, "ExportNotFound", "There is no such export.");
    response.writeHead(200, {
      "Content-Type": "application/zip",
      "Content-Disposition": `attachment; filename=snapshot_${zip}.zip`,
    });
    await pipeline(createReadStream(path), response);
    return true;
  }
  if (request.method !== "POST") throw new HttpError(405, "MethodNotAllowed", `${pathname} must be called with POST.`);
  switch (pathname) {
    case "/api/export/request/zip":
      host.exports.begin(searchParams.get("includeStorage") === "true");
      sendJson(response, 200, null);
      break;
    case "/api/import/start_upload":
      sendJson(response, 200, { uploadToken: host.imports.startUpload() });
      break;
    case "/api/import/upload_part":
      host.imports.addPart(
        searchParams.get("uploadToken") ?? "",
        Number(searchParams.get("partNumber")),
        await readRawBody(request, MAX_PART_BYTES),
      );
      sendJson(response, 200, searchParams.get("partNumber"));
      break;
    case "/api/import/finish_upload": {
      const body = await readJson(request, MAX_CONTROL_BYTES);
      sendJson(response, 200, {
        importId: host.imports.finishUpload(
          requireString(body, "uploadToken"),
          (body["import"] ?? {}) as Record<string, unknown>,
        ),
      });
      break;
    }
    case "/api/perform_import":
      host.imports.perform(requireString(await readJson(request, MAX_CONTROL_BYTES), "importId"));
      sendJson(response, 200, null);
  }
  return true;
}
