import { afterEach, beforeEach, expect, test, vi } from "vitest";

type Listener = (event: object) => void;

const ORIGIN = "https://studio.example";
const KEPT = "the page as it was kept";
let fetched: ReturnType<typeof vi.fn>;
let listeners: Map<string, Listener>;

beforeEach(async () => {
  listeners = new Map();
  fetched = vi.fn();
  const cache = { match: async () => new Response(KEPT) };
  vi.stubGlobal("FILES", []);
  vi.stubGlobal("VERSION", "1");
  vi.stubGlobal("addEventListener", (type: string, listen: Listener) => listeners.set(type, listen));
  vi.stubGlobal("location", { origin: ORIGIN });
  vi.stubGlobal("caches", { open: async () => cache, match: async () => undefined });
  vi.stubGlobal("fetch", fetched);
  vi.resetModules();
  await import("./serviceWorker");
});
afterEach(() => vi.unstubAllGlobals());

/** Opens an address as a browser does. → what the worker answers */
async function open(path: string): Promise<Response> {
  return await new Promise<Response>((resolve) =>
    listeners.get("fetch")?.({
      request: { method: "GET", mode: "navigate", url: ORIGIN + path },
      respondWith: resolve,
    }),
  );
}

test.each(["/reports/a.b", "/reports/a.png", "/nowhere"])(
  "%s is a page also behind a server that takes it for a missing file",
  async (path) => {
    fetched.mockResolvedValue(new Response("Not found", { status: 404 }));
    expect(await (await open(path)).text()).toBe(KEPT);
  },
);

test.each(["/assets/gone.js", "/gone.png", "/icons/gone.png"])("%s is missing", async (path) => {
  fetched.mockResolvedValue(new Response("Not found", { status: 404 }));
  expect((await open(path)).status).toBe(404);
});

test("the page comes from the network, and as it was kept where there is none", async () => {
  fetched.mockResolvedValueOnce(new Response("newest"));
  expect(await (await open("/reports/a.b")).text()).toBe("newest");
  fetched.mockResolvedValueOnce(new Response("down", { status: 502 }));
  expect(await (await open("/reports/a.b")).text()).toBe(KEPT);
  fetched.mockRejectedValueOnce(new TypeError("offline"));
  expect(await (await open("/reports/a.b")).text()).toBe(KEPT);
});
