import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { join } from "node:path";
import sirv from "sirv";
import { writeSettings } from "../../../web/build/pageSettings";
import { COMPRESSED, compress } from "../../../web/build/precompress";
import { deploymentUrl } from "../../../web/src/lib/deploymentUrl";
import type { PageSettings } from "../../../web/src/lib/pageSettings";
import { formatAnswered, getRequestId, watchAnswers } from "../../deployment/gateway/http";
import { wantsJsonLogs } from "./json-logs";

export interface SiteOptions {
  /** The folder of the built application. The settings are written into its page. */
  dir: string;
  port: number;
  host: string;
  settings: PageSettings & { convexUrl: string };
}

/** Serves the built web application. */
export async function serveSite({ dir, port, host, settings }: SiteOptions): Promise<{ close(): Promise<void> }> {
  const server = createServer(answerFrom(dir, writePage(dir, settings), settings.convexUrl));
  if (wantsJsonLogs()) watchAnswers(server, (request) => console.log(formatAnswered(request)));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => resolve());
  });
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Writes the settings into the page of the build, and the page compressed as the build writes it. → the page */
function writePage(dir: string, settings: PageSettings): string {
  const path = join(dir, "index.html");
  const built = readFileSync(path, "utf8");
  const page = writeSettings(built, settings);
  if (page !== built) {
    // In this order a start that is killed in between leaves no compressed page with other settings.
    for (const form of COMPRESSED) rmSync(path + form, { force: true });
    writeFileSync(path, page);
    compress(path);
  }
  return page;
}

/**
 * Answers with the files in `dir`, compressed where the build has written them so, and with the page for every address
 * that can be a page's. A file that is missing is 404: a script of an older build must not be answered with the page.
 */
function answerFrom(dir: string, page: string, convexUrl: string): RequestListener {
  const scripts = inlineScriptHashes(page);
  const forms = { etag: true, brotli: true, gzip: true };
  const files = sirv(dir, forms);
  // By itself this takes every address with a dot for a file's, and ids may have dots.
  const pages = sirv(dir, { ...forms, single: true, ignores: false });
  const isFile = fileTest(dir);
  return (request, response) => {
    const path = pathOf(request);
    const headers = { ...SAFETY, "Content-Security-Policy": policyFor(request, convexUrl, scripts) };
    response.setHeader("X-Request-Id", getRequestId(response));
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.setHeader("Allow", "GET, HEAD");
      return endWith(response, 405, "Method not allowed");
    }
    response.setHeader("Cache-Control", isFile(path) ? cacheControlOf(path) : "no-cache");
    // What people share by a link is for those who have it.
    if (path.startsWith("/s/")) response.setHeader("X-Robots-Tag", "noindex, nofollow");
    // Also on 304, which sirv answers without it.
    response.setHeader("Vary", "Accept-Encoding");
    const serve = isFile(path) ? files : pages;
    serve(request, response, () => endWith(response, 404, "Not found"));
  };
}

/** → whether a path is a file's: in a folder of the build, a name with an extension beside the page, or hidden */
function fileTest(dir: string): (path: string) => boolean {
  const entries = readdirSync(dir, { withFileTypes: true });
  const folders = new Set(entries.filter((entry) => entry.isDirectory()).map(({ name }) => name));
  return (path) => {
    const [first = "", ...rest] = decoded(path).split("/").filter(Boolean);
    return folders.has(first) || first.startsWith(".") || (rest.length === 0 && /\.\w+$/.test(first));
  };
}

/** A path as it is read, or as it was written where its escapes are malformed. */
function decoded(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}

function endWith(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status;
  response.setHeader("Cache-Control", "no-store");
  response.setHeader("Content-Type", "text/plain; charset=utf-8");
  response.end(`${text}\n`);
}

const SAFETY = {
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "strict-origin-when-cross-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "geolocation=(), payment=(), usb=()",
};

const pathOf = (request: IncomingMessage): string => (request.url ?? "/").split(/[?#]/)[0] ?? "/";

/**
 * The header of files. Names under `/assets/` carry the digest of their content. The page and the service worker name
 * the newest build.
 */
function cacheControlOf(path: string): string {
  if (path.startsWith("/assets/")) return "public, max-age=31536000, immutable";
  return /\.(?:png|svg|txt|webmanifest)$/.test(path) ? "public, max-age=3600" : "no-cache";
}

function policyFor(request: IncomingMessage, convexUrl: string, scripts: readonly string[]): string {
  const directives = {
    "default-src": ["'self'"],
    "script-src": ["'self'", ...scripts],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:", "blob:"],
    "connect-src": ["'self'", ...deploymentOrigins(request, convexUrl)],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
  };
  return Object.entries(directives)
    .map(([name, sources]) => [name, ...sources].join(" "))
    .join("; ");
}

/** The deployment as the page will call it, over HTTP and as a socket, and as upload addresses name it. */
function deploymentOrigins(request: IncomingMessage, convexUrl: string): string[] {
  const called = deploymentUrl(convexUrl, { protocol: "http:", hostname: hostnameOf(request) ?? "localhost" });
  const origins = [called, convexUrl].map((url) => new URL(url).origin);
  return [...new Set(origins.flatMap((origin) => [origin, origin.replace(/^http/, "ws")]))];
}

/** Null for a `Host` that is none: what stands in the policy comes from a parsed address only. */
function hostnameOf({ headers: { host } }: IncomingMessage): string | null {
  const address = `http://${host ?? ""}`;
  return URL.canParse(address) ? new URL(address).hostname : null;
}

/** The sources that allow the page's own inline scripts, and no others. */
const inlineScriptHashes = (page: string): string[] =>
  [...page.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(
    ([, script = ""]) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`,
  );
