import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request, type IncomingHttpHeaders } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serveSite } from "./site";
import { freePorts } from "../free-ports";

const SCRIPT = `document.documentElement.dataset.early = "yes";`;
const page = (settings: string) =>
  `<!doctype html><meta name="live-sessions" content="${settings}" /><script>${SCRIPT}</script><script type="module" src="/assets/index-abc.js"></script>`;
const CONVEX = "http://127.0.0.1:3210";
const SETTINGS = { convexUrl: CONVEX, offersGoogle: false, demoLogins: [] };
const PAGE = page(JSON.stringify(SETTINGS).replaceAll('"', "&quot;"));

let dir: string;
let port: number;
let site: Awaited<ReturnType<typeof serveSite>>;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "site-"));
  for (const folder of ["assets", "icons"]) mkdirSync(join(dir, folder));
  const files = {
    "index.html": page(""),
    "index.html.br": "as it was built",
    "sw.js": "0;",
    "robots.txt": "User-agent: *\n",
    "icons/icon-192.png": "png",
    "assets/index-abc.js": "plain",
    "assets/index-abc.js.br": "brotli",
    "assets/index-abc.js.gz": "gzip",
    "assets/small-abc.js": "1;",
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
  ({ web: port } = await freePorts());
  site = await serveSite({ dir, port, host: "127.0.0.1", settings: SETTINGS });
});
afterAll(async () => {
  await site?.close();
  rmSync(dir, { recursive: true, force: true });
});

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Without a client of our own that decodes bodies or changes headers. */
const ask = (path: string, headers: Record<string, string> = {}, method = "GET"): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, path, headers, method }, (answer) => {
      let body = "";
      answer.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }));
    });
    sent.on("error", reject).end();
  });

describe("files of the build", () => {
  test.each([
    ["gzip, deflate, br, zstd", "br", "brotli"],
    ["gzip, deflate", "gzip", "gzip"],
    ["identity", undefined, "plain"],
  ])("for a client that takes %s", async (accepted, encoding, body) => {
    const answer = await ask("/assets/index-abc.js", { "Accept-Encoding": accepted });
    expect(answer).toMatchObject({ status: 200, body });
    expect(answer.headers["content-encoding"]).toBe(encoding);
    expect(answer.headers).toMatchObject({
      "cache-control": "public, max-age=31536000, immutable",
      "content-type": "text/javascript",
      vary: "Accept-Encoding",
      "x-content-type-options": "nosniff",
    });
  });

  test("without a compressed form they come as they are", async () => {
    const answer = await ask("/assets/small-abc.js", { "Accept-Encoding": "br" });
    expect(answer).toMatchObject({ status: 200, body: "1;" });
    expect(answer.headers["content-encoding"]).toBeUndefined();
  });

  test.each([
    "/assets/index-gone.js",
    "/assets/gone",
    "/assets/",
    "/gone.png",
    "/assets/%2e%2e/index.html.map",
    "/%00.js",
    "/%2eenv",
    "/.well-known/security.txt",
    "/icons/gone.png",
    "/gone.webmanifest",
  ])("%s is not there, and nothing else is answered for it", async (path) => {
    const answer = await ask(path, { Accept: "*/*" });
    expect(answer).toMatchObject({ status: 404, body: "Not found\n" });
    expect(answer.headers).toMatchObject({ "cache-control": "no-store", "content-type": "text/plain; charset=utf-8" });
  });
});

describe("the page", () => {
  test.each([
    "/",
    "/index.html",
    "/tutoring/7",
    "/reports/3f0a?x=a.js",
    "/reports/a.b",
    "/reports/a.png",
    "/reports/.b",
    "/reports/robots.txt",
    "/reports/~1.2_3-4.js",
    "/%E0%A4%A",
    "/reports/%E0%A4%A.b",
  ])("%s", async (path) => {
    const answer = await ask(path);
    expect(answer).toMatchObject({ status: 200, body: PAGE });
    expect(answer.headers).toMatchObject({ "cache-control": "no-cache", "content-type": "text/html;charset=utf-8" });
  });

  test.each(["br", "gzip"])("has its settings in %s too", async (encoding) => {
    const { body, headers } = await fetch(`http://127.0.0.1:${port}/focus`, {
      headers: { "Accept-Encoding": encoding },
    }).then(async (answer) => ({ body: await answer.text(), headers: answer.headers }));
    expect([headers.get("content-encoding"), body]).toEqual([encoding, PAGE]);
  });

  test("is validated by its tag", async () => {
    const { headers } = await ask("/");
    const again = await ask("/focus", { "If-None-Match": headers.etag ?? "" });
    expect([again.status, again.body]).toEqual([304, ""]);
    expect(again.headers["content-security-policy"]).toBe(headers["content-security-policy"]);
    expect((await ask("/", { "If-None-Match": '"other"' })).status).toBe(200);
  });

  test("may run its own scripts alone, is in no frame, and calls the deployment", async () => {
    const { headers } = await ask("/");
    const policy = String(headers["content-security-policy"]);
    // The digest of SCRIPT, as a browser computes it.
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(SCRIPT));
    expect(policy).toContain(`script-src 'self' 'sha256-${Buffer.from(digest).toString("base64")}';`);
    expect(policy).toContain(`connect-src 'self' ${CONVEX} ws://127.0.0.1:3210;`);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*/);
    expect(headers).toMatchObject({
      "x-frame-options": "DENY",
      "x-content-type-options": "nosniff",
      "referrer-policy": "strict-origin-when-cross-origin",
    });
  });

  test.each([
    ["studio.example:5173", "http://studio.example:3210 ws://studio.example:3210"],
    ["localhost:5173", CONVEX],
    ["a b;script-src *", CONVEX],
  ])("opened at %j it calls %s", async (host, origins) => {
    const { headers } = await ask("/", { Host: host });
    const policy = String(headers["content-security-policy"]);
    expect(policy).toContain(`connect-src 'self' ${origins}`);
    expect(policy).not.toContain("*");
  });
});

test("the service worker and the robots file are no pages", async () => {
  expect((await ask("/sw.js")).headers).toMatchObject({
    "cache-control": "no-cache",
    "content-type": "text/javascript",
  });
  for (const [path, type] of [
    ["/robots.txt", "text/plain"],
    ["/icons/icon-192.png", "image/png"],
  ] as const)
    expect((await ask(path)).headers).toMatchObject({ "cache-control": "public, max-age=3600", "content-type": type });
});

test("HEAD is answered, other methods are not", async () => {
  expect(await ask("/", {}, "HEAD")).toMatchObject({ status: 200, body: "" });
  const refused = await ask("/", {}, "POST");
  expect([refused.status, refused.headers.allow]).toEqual([405, "GET, HEAD"]);
  expect(refused.headers).toMatchObject({
    "cache-control": "no-store",
    "content-security-policy": expect.stringContaining("frame-ancestors 'none'"),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
  });
});
