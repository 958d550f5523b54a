import { createHash } from "node:crypto";
import { request } from "node:http";
import { ConvexHttpClient } from "convex/browser";
import { anyApi } from "convex/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { formatFailure } from "../http";
import { ADMIN_KEY, containing, matching, run, startTestDeployment, type TestDeployment } from "../../deploy/testing";

const PORT = 4340;
let app: TestDeployment;
const failures: string[] = [];

beforeAll(async () => {
  app = await startTestDeployment(PORT, undefined, { onFailure: (failure) => failures.push(formatFailure(failure)) });
});
afterAll(() => app.stop());

const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(app.url + path, { method: "POST", body: JSON.stringify(body), headers });

describe("functions over HTTP", () => {
  test("through the real client", async () => {
    const client = new ConvexHttpClient(app.url, { logger: false });
    expect(await client.mutation(anyApi["counters"]!["add"]!, { name: "h", by: 2 })).toBe(2);
    expect(await client.query(anyApi["counters"]!["get"]!, { name: "h" })).toBe(2);
    expect(await client.consistentQuery(anyApi["counters"]!["get"]!, { name: "h" })).toBe(2);
    // As of the first call, whatever is written in between.
    expect(await client.mutation(anyApi["counters"]!["add"]!, { name: "h", by: 3 })).toBe(5);
    expect(await client.mutation(anyApi["counters"]!["add"]!, { name: "later", by: 1 })).toBe(1);
    expect(await client.consistentQuery(anyApi["counters"]!["get"]!, { name: "h" })).toBe(2);
    expect(await client.consistentQuery(anyApi["counters"]!["get"]!, { name: "later" })).toBe(0);
    await expect(client.consistentQuery(anyApi["counters"]!["crash"]!, {})).rejects.toThrow("secret detail");
    const fresh = new ConvexHttpClient(app.url, { logger: false });
    expect(await fresh.consistentQuery(anyApi["counters"]!["get"]!, { name: "h" })).toBe(5);
    expect(await (await post("/api/query_at_ts", { path: "counters:get", args: {}, ts: "x" })).json()).toMatchObject({
      code: "BadJsonBody",
      message: 'Field "ts" is no timestamp of /api/query_ts.',
    });
    const old = Buffer.alloc(8, 1).toString("base64");
    expect(await (await post("/api/query_at_ts", { path: "counters:get", args: {}, ts: old })).json()).toMatchObject({
      code: "TimestampTooOld",
    });
    expect(await client.action(anyApi["counters"]!["double"]!, { n: 4 })).toBe(8);
    expect(await client.query(anyApi["counters"]!["special"]!, {})).toEqual({
      big: 7n,
      bytes: new Uint8Array([1, 2]).buffer,
    });
    await expect(client.mutation(anyApi["counters"]!["refuse"]!, {})).rejects.toMatchObject({
      data: { code: "refused" },
    });
  });

  test("take arguments bare or in an array, and give plain JSON when asked", async () => {
    expect(await (await post("/api/query", { path: "counters:get", args: { name: "none" } })).json()).toEqual({
      status: "success",
      value: 0,
      logLines: [],
    });
    expect(
      await (await post("/api/query", { path: "counters:special", args: {}, format: "json" })).json(),
    ).toMatchObject({ value: { big: "7", bytes: "AQI=" } });
    expect(await (await post("/api/run/counters/double", { args: { n: 3 } })).json()).toMatchObject({
      value: 6,
    });
    const batch = (await (
      await post("/api/query_batch", {
        queries: [
          { path: "counters:get", args: { name: "none" } },
          { path: "counters:crash", args: {} },
        ],
      })
    ).json()) as { results: { status: string }[] };
    expect(batch.results.map((result) => result.status)).toEqual(["success", "error"]);
  });

  test("take a query by GET, with the arguments as JSON", async () => {
    const ask = (params: Record<string, string>, headers: Record<string, string> = {}) =>
      fetch(`${app.url}/api/query?${new URLSearchParams(params).toString()}`, { headers });
    await post("/api/mutation", { path: "counters:add", args: { name: "by GET", by: 3 } });
    const found = { status: "success", value: 3, logLines: [] };
    for (const args of [{ name: "by GET" }, [{ name: "by GET" }]])
      expect(await (await ask({ path: "counters:get", args: JSON.stringify(args) })).json()).toEqual(found);
    expect(await (await ask({ path: "counters:special", args: "{}", format: "json" })).json()).toMatchObject({
      value: { big: "7" },
    });
    const acting = Buffer.from(JSON.stringify({ subject: "me", issuer: "https://x.test" })).toString("base64");
    const authorized = ask({ path: "counters:whoami", args: "{}" }, { Authorization: `Convex ${ADMIN_KEY}:${acting}` });
    expect(await (await authorized).json()).toMatchObject({ value: "me" });
    for (const [params, code] of [
      [{ args: "{}" }, "BadJsonBody"],
      [{ path: "counters:get", args: "{" }, "BadQueryArgs"],
      [{ path: "counters:special", args: "{}", format: "zzz" }, "BadFormat"],
    ] as const) {
      const response = await ask(params);
      expect([response.status, await response.json()]).toMatchObject([400, { code }]);
    }
    expect(await (await ask({ path: "counters:add", args: "{}" })).json()).toMatchObject({ status: "error" });
  });

  test("give values in the form that is asked for, and plain when none is", async () => {
    const plain = { big: "7", bytes: "AQI=" };
    const encoded = { big: { $integer: "BwAAAAAAAAA=" }, bytes: { $bytes: "AQI=" } };
    const forms = [
      [undefined, plain],
      [null, plain],
      ["json", plain],
      ["convex_clean_json", plain],
      ["convex_encoded_json", encoded],
      ["convex_json", encoded],
    ] as const;
    const call = { path: "counters:special", args: {} };
    const { ts } = (await (await post("/api/query_ts", {})).json()) as { ts: string };
    for (const [format, value] of forms) {
      for (const [path, body] of [
        ["/api/query", call],
        ["/api/function", call],
        ["/api/run/counters/special", { args: {} }],
        ["/api/query_at_ts", { ...call, ts }],
      ] as const)
        expect(await (await post(path, { ...body, format })).json()).toMatchObject({ value });
      const batch = await (await post("/api/query_batch", { queries: [{ ...call, format }] })).json();
      expect(batch).toMatchObject({ results: [{ value }] });
    }
  });

  test("refuse other forms before anything runs; calls without arguments have none", async () => {
    const add = { path: "counters:add", args: { name: "refused", by: 1 } };
    const { ts } = (await (await post("/api/query_ts", {})).json()) as { ts: string };
    const bodies: [string, Record<string, unknown>][] = [
      ["/api/mutation", add],
      ["/api/function", add],
      ["/api/run/counters/add", add],
      ["/api/query", { path: "counters:special", args: {} }],
      ["/api/action", { path: "counters:double", args: { n: 1 } }],
      ["/api/query_at_ts", { path: "counters:special", args: {}, ts }],
    ];
    for (const [path, body] of bodies) {
      const other = await post(path, { ...body, format: "zzz" });
      expect([other.status, await other.json()]).toEqual([
        400,
        { code: "BadFormat", message: "format param must be one of [`json`]. Got zzz" },
      ]);
      expect(await (await post(path, { ...body, format: 1 })).json()).toMatchObject({ code: "BadJsonBody" });
    }
    expect(await (await post("/api/query", { path: "counters:special" })).json()).toMatchObject({ status: "success" });
    expect(await run(app.url, "counters:get", { name: "refused" })).toBe(0);
  });

  test("keep internal functions and components for the administrator", async () => {
    expect(await (await post("/api/query", { path: "counters:hidden", args: {} })).json()).toMatchObject({
      status: "error",
      errorMessage: containing("Could not find public function"),
    });
    expect(await run(app.url, "counters:hidden")).toBe("internal");
    expect((await post("/api/query", { path: "a:b", args: {}, componentPath: "child" })).status).toBe(403);
    const acting = Buffer.from(JSON.stringify({ subject: "me", issuer: "https://x.test" })).toString("base64");
    expect(
      await (
        await post(
          "/api/query",
          { path: "counters:whoami", args: {} },
          { Authorization: `Convex ${ADMIN_KEY}:${acting}` },
        )
      ).json(),
    ).toMatchObject({ value: "me" });
  });

  test("refuse arguments that are nested too deeply", async () => {
    const nested = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;
    const send = (path: string, body: string) => fetch(app.url + path, { method: "POST", body });
    for (const levels of [5_000, 100_000])
      for (const [path, body] of [
        ["/api/query", `{"path":"counters:get","args":{"name":${nested(levels)}}}`],
        ["/api/mutation", `{"path":"counters:add","args":[{"name":${nested(levels)}}]}`],
        ["/api/run/counters/double", `{"args":{"n":${nested(levels)}}}`],
        ["/api/query_batch", `{"queries":[{"path":"counters:get","args":{"name":${nested(levels)}}}]}`],
      ] as const) {
        const response = await send(path, body);
        expect([response.status, await response.json()]).toMatchObject([400, { code: "BadJsonBody" }]);
      }
    // One array in the arguments' object is two levels: 64 of them are the function's own to judge.
    const judged = await send("/api/query", `{"path":"counters:get","args":{"name":${nested(63)}}}`);
    expect(judged.status).toBe(200);
  });

  test("answer errors of the request with code and message", async () => {
    const cases: [Promise<Response>, number, string][] = [
      [post("/api/query", { path: "counters:get" }, { Authorization: "Convex tests|wrong" }), 403, "BadDeployKey"],
      [post("/api/query", { path: "counters:get" }, { Authorization: "Bearer x.y.z" }), 401, "Unauthenticated"],
      [post("/api/query", { path: "counters:get" }, { Authorization: "Basic abc" }), 401, "InvalidAuthHeader"],
      [post("/api/query", []), 400, "BadJsonBody"],
      [post("/api/query", { args: {} }), 400, "BadJsonBody"],
      [post("/api/get_config_hashes", {}), 403, "BadDeployKey"],
      [post("/api/update_environment_variables", { changes: [] }), 403, "BadDeployKey"],
      [fetch(`${app.url}/api/unheard_of`), 400, "NotFound"],
      [fetch(`${app.url}/unheard_of`), 404, "NotFound"],
    ];
    for (const [request, status, code] of cases) {
      const response = await request;
      expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([status, code]);
    }
  });

  test("may be called from any page", async () => {
    const preflight = await fetch(`${app.url}/api/query`, {
      method: "OPTIONS",
      headers: { Origin: "http://page.test", "Access-Control-Request-Headers": "x-a" },
    });
    expect(preflight.status).toBe(200);
    expect(preflight.headers.get("access-control-allow-origin")).toBe("http://page.test");
    expect(preflight.headers.get("access-control-allow-headers")).toBe("x-a");
  });
});

test("details of errors stay from clients, but not from the administrator, when redaction is on", async () => {
  const production = await startTestDeployment(PORT + 2, undefined, { redactErrors: true });
  try {
    const ask = async (headers: Record<string, string>): Promise<unknown> =>
      (
        await fetch(`${production.url}/api/query`, {
          method: "POST",
          body: JSON.stringify({ path: "counters:crash", args: {} }),
          headers,
        })
      ).json();
    expect(await ask({})).toEqual({
      status: "error",
      errorMessage: matching(/^\[Request ID: \w+\] Server Error$/),
      logLines: [],
    });
    expect(await ask({ Authorization: `Convex ${ADMIN_KEY}` })).toMatchObject({
      errorMessage: containing("secret detail"),
      logLines: ["[LOG] 'about to crash'"],
    });
  } finally {
    await production.stop();
  }
});

describe("HTTP actions", () => {
  test("see the request's own address, body and headers, and answer with several cookies", async () => {
    expect(await (await fetch(`${app.siteUrl}/count?x=1`)).json()).toEqual({
      url: `${app.siteUrl}/count?x=1`,
      value: 0,
    });
    const proxied = await fetch(`${app.siteUrl}/count`, { headers: { "X-Forwarded-Proto": "https" } });
    expect(((await proxied.json()) as { url: string }).url).toBe(`${app.siteUrl.replace("http:", "https:")}/count`);
    const body = Buffer.alloc(3_000_000, "x");
    const echo = await fetch(`${app.siteUrl}/echo`, { method: "POST", body, headers: { "x-sent": "yes" } });
    expect(echo.status).toBe(201);
    expect(echo.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect(echo.headers.get("x-got")).toBe("yes");
    expect(Buffer.from(await echo.arrayBuffer()).equals(body)).toBe(true);
  });

  test("are there on the cloud port too, below /http", async () => {
    expect(((await (await fetch(`${app.url}/http/count`)).json()) as { value: number }).value).toBe(0);
  });

  test("stream", async () => {
    const response = await fetch(`${app.siteUrl}/stream`);
    const began = performance.now();
    const arrivals: [string, number][] = [];
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>)
      arrivals.push([Buffer.from(chunk).toString(), performance.now() - began]);
    expect(arrivals.map(([text]) => text)).toEqual(["one", "two", "three"]);
    expect(arrivals[2]![1] - arrivals[0]![1]).toBeGreaterThan(60);
  });

  test.each(["/broken-stream", "/failing-stream?chunks=0", "/failing-stream?chunks=1", "/failing-stream?chunks=3"])(
    "a stream that fails at once is a 500, whatever it gave before (%s)",
    async (path) => {
      const response = await fetch(app.siteUrl + path);
      expect([response.status, await response.json()]).toEqual([
        500,
        expect.objectContaining({ message: "Error: out of order" }),
      ]);
    },
  );

  test.each([
    ["before its first part", "chunks=0&wait=50", 0],
    ["after a part", "chunks=1&wait=50", 5],
    ["after parts", "chunks=3&wait=50", 15],
    ["after more than is read ahead", "chunks=5&repeat=100000", 2_500_000],
  ])("a stream that fails later, %s, has its head and its parts sent before it is cut off", async (_, query, bytes) => {
    const got = await new Promise<{ status: number | undefined; bytes: number; isWhole: boolean }>(
      (resolve, reject) => {
        const asked = request(`${app.siteUrl}/failing-stream?${query}`, (response) => {
          let got = 0;
          response.on("data", (chunk: Buffer) => (got += chunk.length));
          response.on("error", () => {});
          response.on("close", () => resolve({ status: response.statusCode, bytes: got, isWhole: response.complete }));
        });
        asked.on("error", reject);
        asked.end();
      },
    );
    expect(got).toEqual({ status: 200, bytes, isWhole: false });
  });

  test("a short stream is sent whole", async () => {
    const response = await fetch(`${app.siteUrl}/mebibytes?streamed&count=1`);
    expect(response.headers.get("content-length")).toBe(String(2 ** 20));
    expect((await response.text()).length).toBe(2 ** 20);
  });

  test("answer HEAD without a body, unknown paths with 404, and longest prefix first", async () => {
    const head = await fetch(`${app.siteUrl}/count`, { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
    expect((await fetch(`${app.siteUrl}/nothing`)).status).toBe(404);
    expect(await (await fetch(`${app.siteUrl}/files/a/b`)).text()).toBe("/files/a/b");
  });

  test("answer at most 20 MiB", async () => {
    const get = (query: string) => fetch(`${app.siteUrl}/mebibytes?${query}`);
    expect((await (await get("count=20")).arrayBuffer()).byteLength).toBe(20 * 2 ** 20);
    expect((await (await get("count=20&streamed")).arrayBuffer()).byteLength).toBe(20 * 2 ** 20);
    const whole = await get("count=21");
    expect([whole.status, await whole.json()]).toMatchObject([500, { code: "HttpResponseTooLarge" }]);
    await expect(get("count=21&streamed").then((response) => response.arrayBuffer())).rejects.toThrow();
  });

  test("take a token that proves nothing until they ask who is calling, and refuse bodies without bounds", async () => {
    expect(await (await fetch(`${app.siteUrl}/who`)).json()).toBe(null);
    for (const authorization of ["Bearer nonsense", "Basic abc"]) {
      const asked = await fetch(`${app.siteUrl}/who`, { headers: { Authorization: authorization } });
      expect(asked.status).toBe(500);
      expect(await asked.text()).toContain(authorization.startsWith("Basic") ? "InvalidAuthHeader" : "oken");
      const notAsked = await fetch(`${app.siteUrl}/count`, { headers: { Authorization: authorization } });
      expect(notAsked.status).toBe(200);
    }
    expect(
      (await fetch(`${app.siteUrl}/echo`, { method: "POST", body: Buffer.alloc(20 * 1024 * 1024 + 1) })).status,
    ).toBe(413);
  });
});

/** A request whose target goes out as it is; `fetch` would resolve it first. */
const target = (path: string, options: { method?: string; body?: Buffer[] } = {}) =>
  new Promise<{ status: number; text: string; requestId: unknown }>((resolve, reject) => {
    const sent = request(app.siteUrl, { path, method: options.method ?? "GET" }, (answer) => {
      let text = "";
      answer.on("data", (chunk: Buffer) => (text += chunk.toString()));
      answer.on("end", () =>
        resolve({ status: answer.statusCode ?? 0, text, requestId: answer.headers["x-request-id"] }),
      );
    });
    sent.on("error", reject);
    for (const chunk of options.body ?? []) sent.write(chunk);
    sent.end();
  });

describe("HTTP actions, byte for byte", () => {
  test.each(["/x/../count", "/./count", "/%2e/count", "/x/%2E%2e/count", "/count#part", "/x/..\\count"])(
    "%s is another path than /count",
    async (path) => {
      expect((await target(path)).status).toBe(404);
    },
  );

  test("dots and backslashes elsewhere stay as they were sent", async () => {
    expect((await target("/files/a.b/..c")).text).toBe("/files/a.b/..c");
    expect(JSON.parse((await target("/count?back=\\&up=/../x")).text)).toMatchObject({
      url: expect.stringContaining("/count?back=\\&up=/../x") as string,
    });
  });

  test("a target that names the host is the path behind it", async () => {
    for (const host of [app.siteUrl, "HTTP://another.example:1"])
      expect((await target(`${host}/files/a`)).text).toBe("/files/a");
    expect((await target(`${app.siteUrl}?x`)).status).toBe(404);
  });

  test("a chunked body over the limit is 413, like a declared one", async () => {
    const body = Array.from({ length: 21 }, () => Buffer.alloc(1024 * 1024, 1));
    const answer = await target("/echo", { method: "POST", body });
    expect(answer.status).toBe(413);
    expect(answer.requestId).toBeTypeOf("string");
  });
});

describe("files", () => {
  async function upload(body: Buffer, headers: Record<string, string> = {}): Promise<Response> {
    return fetch((await run(app.url, "files:uploadUrl")) as string, {
      method: "POST",
      body: new Uint8Array(body),
      headers,
    });
  }

  test("go up, come down whole and in part, and go", async () => {
    const bytes = Buffer.from(Array.from({ length: 1_000 }, (_, i) => i % 251));
    const { storageId } = (await (await upload(bytes, { "Content-Type": "image/png" })).json()) as {
      storageId: string;
    };
    const sha256 = createHash("sha256").update(bytes).digest("base64");
    expect(await run(app.url, "files:metadata", { id: storageId })).toMatchObject({
      size: 1_000,
      sha256,
      contentType: "image/png",
    });
    const url = (await run(app.url, "files:url", { id: storageId })) as string;
    expect(url).not.toContain(storageId);
    const whole = await fetch(url);
    expect(whole.headers.get("content-type")).toBe("image/png");
    expect(whole.headers.get("accept-ranges")).toBe("bytes");
    expect(Buffer.from(await whole.arrayBuffer()).equals(bytes)).toBe(true);
    const part = await fetch(url, { headers: { Range: "bytes=10-19" } });
    expect([part.status, part.headers.get("content-range")]).toEqual([206, "bytes 10-19/1000"]);
    expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(10, 20))).toBe(true);
    expect((await fetch(url, { headers: { Range: "bytes=2000-" } })).status).toBe(416);
    await run(app.url, "files:remove", { id: storageId });
    expect((await fetch(url)).status).toBe(404);
    expect(await run(app.url, "files:url", { id: storageId })).toBe(null);
  });

  test("with the same contents are two files", async () => {
    const ids = await Promise.all(
      [upload(Buffer.from("same")), upload(Buffer.from("same"))].map(
        async (response) => ((await (await response).json()) as { storageId: string }).storageId,
      ),
    );
    await run(app.url, "files:remove", { id: ids[0]! });
    expect(await (await fetch((await run(app.url, "files:url", { id: ids[1]! })) as string)).text()).toBe("same");
  });

  test("are named by their id or by the UUID of their URL", async () => {
    const uploadText = async () =>
      ((await (await upload(Buffer.from("text"), { "Content-Type": "text/plain" })).json()) as { storageId: string })
        .storageId;
    const id = await uploadText();
    const url = (await run(app.url, "files:url", { id })) as string;
    const uuid = url.slice(url.lastIndexOf("/") + 1);
    const sha256 = createHash("sha256").update("text").digest("hex");
    const found = { url, file: { storageId: uuid, sha256, size: 4, contentType: "text/plain" } };
    for (const name of [id, uuid, uuid.toUpperCase(), uuid.replaceAll("-", "")]) {
      expect(await run(app.url, "files:find", { id: name })).toEqual(found);
      expect(await run(app.url, "files:findInAction", { id: name })).toEqual({ ...found, text: "text" });
    }
    await run(app.url, "files:removeAny", { id: uuid });
    expect(await run(app.url, "files:find", { id: uuid })).toEqual({ url: null, file: null });
    expect(await run(app.url, "files:findInAction", { id: uuid })).toEqual({ url: null, file: null, text: null });
    await expect(run(app.url, "files:removeInAction", { id: uuid })).rejects.toThrow(`storage id ${uuid} not found`);
    const other = (await run(app.url, "files:url", { id: await uploadText() })) as string;
    await run(app.url, "files:removeInAction", { id: other.slice(other.lastIndexOf("/") + 1) });
    expect((await fetch(other)).status).toBe(404);
  });

  test("are not named by other texts, nor by ids of other documents", async () => {
    const functions = ["find", "getMetadata", "findInAction", "load", "removeAny", "removeInAction"];
    for (const name of functions)
      await expect(run(app.url, `files:${name}`, { id: "nope" })).rejects.toThrow(
        "Invalid storage ID: \"nope\". Storage ID should be an Id of '_storage' table, or a UUID string.",
      );
    const other = await run(app.url, "files:makeOther");
    for (const name of functions)
      await expect(run(app.url, `files:${name}`, { id: other })).rejects.toThrow(
        "Invalid storage ID. Storage ID cannot be an ID on any table other than '_storage'.",
      );
  });

  test("are refused with a wrong digest or without a token of ours", async () => {
    const response = await upload(Buffer.from("x"), {
      Digest: `sha-256=${createHash("sha256").update("y").digest("base64")}`,
    });
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([400, "DigestMismatch"]);
    expect(
      (
        await upload(Buffer.from("x"), {
          Digest: `sha-256=${createHash("sha256").update("x").digest("base64")}`,
        })
      ).status,
    ).toBe(200);
    const url = (await run(app.url, "files:uploadUrl")) as string;
    for (const last of "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".replace(url.at(-1)!, ""))
      expect((await fetch(url.slice(0, -1) + last, { method: "POST", body: "x" })).status).toBe(401);
    expect((await fetch(`${app.url}/api/storage/upload`, { method: "POST", body: "x" })).status).toBe(401);
  });
});

test("logs come in order, and a reader that waits hears of the next", async () => {
  const poll = async (
    cursor: number,
  ): Promise<{ entries: { identifier: string; logLines: unknown[] }[]; newCursor: number }> =>
    (await (
      await fetch(`${app.url}/api/stream_function_logs?cursor=${cursor}`, {
        headers: { Authorization: `Convex ${ADMIN_KEY}` },
      })
    ).json()) as never;
  const { newCursor } = await poll(0);
  const waiting = poll(newCursor);
  // Arguments of its own: an answer from the cache is no execution and leaves no log.
  await post("/api/query", { path: "counters:crash", args: { note: "for the log" } });
  const page = await waiting;
  expect(page.entries).toHaveLength(1);
  expect(page.entries[0]).toMatchObject({
    identifier: "counters.js:crash",
    kind: "Completion",
    success: null,
    logLines: [{ level: "LOG", messages: ["'about to crash'"] }],
  });
});

test("a port that is taken is one clear line", async () => {
  await expect(startTestDeployment(PORT, null)).rejects.toThrow(
    `Cannot listen on 127.0.0.1:${PORT}: another program is listening there.`,
  );
});

describe("what an operator is told", () => {
  test("every 500, with its cause and the request id that the client got", async () => {
    failures.length = 0;
    const response = await fetch(`${app.siteUrl}/crash?token=secret`);
    expect(response.status).toBe(500);
    const id = response.headers.get("x-request-id")!;
    expect(await response.text()).toContain(`[Request ID: ${id}]`);
    expect(failures).toEqual([
      matching(/ ERROR GET \/crash \[request [0-9a-f]+\] Uncaught Error: .*secret detail\n +at /),
    ]);
    expect(failures[0]).toContain(`[request ${id}]`);
    expect(failures[0]).not.toContain("token=");
  });

  test("what fails inside of the deployment, too", async () => {
    failures.length = 0;
    // A response of status 0, which cannot be sent.
    const response = await fetch(`${app.siteUrl}/no-answer`);
    expect(response.status).toBe(500);
    expect(failures).toEqual([matching(/ ERROR GET \/no-answer \[request .* RangeError.*\n +at /)]);
    expect(failures[0]).toContain(`[request ${response.headers.get("x-request-id")}]`);
  });

  test("nothing of what a caller has done wrong", async () => {
    failures.length = 0;
    await post("/api/mutation", { path: "counters:refuse", args: {} });
    await post("/api/mutation", { path: "counters:add", args: { name: 1 } });
    await post("/api/query", { path: "no:such", args: {} });
    await post("/api/nothing", {});
    expect(failures).toEqual([]);
  });
});
