import { describe, expect, test } from "vitest";
import { LeanRequest, convertToNodeRequest, Received } from "./lean-request";

const url = "http://site.test/path?q=1";
const bytes = (text: string) => new TextEncoder().encode(text);
const form = "multipart/form-data; boundary=b";
const part = '--b\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n--b--\r\n';

interface Sent {
  method: string;
  headers: Record<string, string>;
  body: Uint8Array<ArrayBuffer> | null;
}
const sent: [string, Sent][] = [
  ["GET", { method: "GET", headers: { "X-A": "1" }, body: null }],
  ["POST without a body", { method: "POST", headers: {}, body: null }],
  ["POST of JSON", { method: "POST", headers: { "content-type": "application/json" }, body: bytes('{"a":[1]}') }],
  ["PUT of a part of a buffer", { method: "PUT", headers: {}, body: bytes("some bytes").subarray(5) }],
  ["POST of a form", { method: "POST", headers: { "content-type": form }, body: bytes(part) }],
];
const lean = ({ method, headers, body }: Sent) =>
  new LeanRequest(new Received({ method, url, headers: new Headers(headers), body }));
const plain = (init: Sent) => new Request(url, init);

/** Another request made from it. */
const again = (request: Request, init: RequestInit): Request =>
  new (request.constructor as typeof Request)(request, { method: "POST", ...init });

async function drain({ body }: Request): Promise<number> {
  let bytes = 0;
  const reader = body?.getReader();
  for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) bytes += next.value.length;
  return bytes;
}

/** Everything of a request that can be observed, its body read by `read`; or the error's name. */
async function observe(request: Request, read: (request: Request) => unknown): Promise<unknown> {
  const members = () =>
    Object.fromEntries(
      Object.getOwnPropertyNames(Request.prototype)
        .map((name) => [name, Reflect.get(request, name) as unknown] as const)
        .filter(([, value]) => typeof value !== "function" && typeof value !== "object"),
    );
  try {
    const { bodyUsed } = request;
    const result = await read(request);
    return { bodyUsed, result, usedAfter: request.bodyUsed, headers: [...request.headers], members: members() };
  } catch (error) {
    return { error: (error as Error).name, usedAfter: request.bodyUsed, members: members() };
  }
}

const ways: [string, (request: Request) => unknown][] = [
  ["text", (r) => r.text()],
  ["json", (r) => r.json()],
  ["arrayBuffer", async (r) => Buffer.from(await r.arrayBuffer()).toString()],
  ["blob", async (r) => (await r.blob()).text()],
  ["blob's type", async (r) => (await r.blob()).type],
  ["formData", async (r) => [...(await r.formData())]],
  ["stream", async (r) => (r.body === null ? null : await new Response(r.body).text())],
  ["text twice", async (r) => [await r.text(), await r.text()]],
  ["text after a look at the signal", async (r) => [r.signal.aborted, await r.text(), r.signal.aborted]],
  ["text, then a look at the signal", async (r) => [await r.text(), r.signal.aborted]],
  ["clone", async (r) => [await r.clone().text(), await r.text()]],
  ["clone after a look at the body", async (r) => [r.body === null, await r.clone().text(), await r.text()]],
  ["clone when it is too late", async (r) => [await r.text(), await r.clone().text()]],
  ["another body in place of one that was read", async (r) => [await r.text(), await again(r, { body: "new" }).text()]],
  [
    "another body in place of a stream that was read",
    async (r) => [await drain(r), await again(r, { body: "new" }).text()],
  ],
  ["a second request when it is too late", async (r) => [await r.text(), await again(r, {}).text()]],
];

describe.each(sent)("%s is like Node's", (_what, init) => {
  test.each(ways)("read as %s", async (_way, read) => {
    expect(await observe(lean(init), read)).toEqual(await observe(plain(init), read));
  });

  test("made anew with other headers", async () => {
    const [own, nodes] = [
      new LeanRequest(lean(init), { headers: { b: "2" } }),
      new Request(plain(init), { headers: { b: "2" } }),
    ];
    expect(await observe(own, (r) => r.text())).toEqual(await observe(nodes, (r) => r.text()));
  });
});

test("it is a Request, and so are its clones", async () => {
  class Own extends LeanRequest {}
  const request = Object.setPrototypeOf(lean(sent[2]![1]), Own.prototype) as Request;
  expect(request).toBeInstanceOf(Request);
  expect(request.clone()).toBeInstanceOf(Own);
  expect(await request.clone().json()).toEqual({ a: [1] });
});

test("a clone has headers and bytes of its own", async () => {
  const request = lean({ method: "POST", headers: { a: "1" }, body: bytes("body") });
  const copy = request.clone();
  copy.headers.set("a", "2");
  new Uint8Array(await copy.arrayBuffer()).fill(0);
  expect([request.headers.get("a"), await request.text()]).toEqual(["1", "body"]);
});

test("Node's request for it has the headers as they are now, and takes the body along", async () => {
  const request = lean({ method: "POST", headers: { a: "1" }, body: bytes("body") });
  expect(request.signal.aborted).toBe(false);
  request.headers.set("a", "2");
  const node = convertToNodeRequest(request) as Request;
  expect([node.url, node.method, node.headers.get("a"), await node.text()]).toEqual([url, "POST", "2", "body"]);
  expect(request.bodyUsed).toBe(true);
  expect(convertToNodeRequest(url)).toBe(url);
});
