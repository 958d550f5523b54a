/**
 * The service worker: keeps one build's files, so that a reload without a connection shows the application, and pages
 * that were never opened open at once. It never serves an old build where the new one can be reached: the page itself
 * is fetched from the network first, and the files that it names carry the digest of their content.
 */

/** The files of this build and their digest, set by `offlineShell.ts`. */
declare const FILES: readonly string[];
declare const VERSION: string;
export {};

// The DOM's types have no service workers.
type ExtendableEvent = Event & { waitUntil(work: Promise<unknown>): void };
type FetchEvent = ExtendableEvent & { request: Request; respondWith(answer: Promise<Response>): void };
type Worker = {
  addEventListener(type: "install" | "activate", listen: (event: ExtendableEvent) => void): void;
  addEventListener(type: "fetch", listen: (event: FetchEvent) => void): void;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
  location: Location;
};
const worker = globalThis as unknown as Worker;

const PREFIX = "build-";
const CACHE = PREFIX + VERSION;
/** The page of every address. */
const PAGE = "/";
/** Tabs that were opened before the newest build still load their own parts from the build before. */
const KEPT_BUILDS = 2;

worker.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll([new Request(PAGE, { cache: "no-cache" }), ...FILES]))
      .then(() => worker.skipWaiting()),
  );
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(dropOldBuilds().then(() => worker.clients.claim()));
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== worker.location.origin) return;
  if (request.mode === "navigate") event.respondWith(answerPage(request));
  else if (url.pathname.startsWith("/assets/")) event.respondWith(answerFile(request));
});

/** `caches.keys` lists in the order of creation. */
async function dropOldBuilds(): Promise<void> {
  const builds = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
  const old = builds.filter((name) => name !== CACHE).slice(0, 1 - KEPT_BUILDS);
  await Promise.all(old.map((name) => caches.delete(name)));
}

/** The addresses of files, which are the only ones that can be missing. */
const FILE = /^\/(?:assets|icons)\/|^\/[^/]*\.\w+$/;

/**
 * The page from the network; as it was kept when the server cannot be reached or its proxy says so, or when a server
 * takes a page's address for that of a missing file, such as that of an id with a dot.
 */
async function answerPage(request: Request): Promise<Response> {
  const answer = await fetch(request).catch(() => null);
  const isMistaken = answer?.status === 404 && !FILE.test(new URL(request.url).pathname);
  if (answer && answer.status < 500 && !isMistaken) return answer;
  const kept = await caches.open(CACHE).then((cache) => cache.match(PAGE));
  return kept ?? answer ?? Response.error();
}

const answerFile = async (request: Request): Promise<Response> => (await caches.match(request)) ?? fetch(request);
