/**
 * How answers travel: compressed where the client takes it and it pays, and with links that lead back to the server.
 */
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startServer, type Server } from "../../lib/server";
import { draft } from "../support/tutoring";

const PUBLIC_URL = "https://api.example.com/live";
const SITE_URL = "https://app.example.com";
let server: Server;
let session: string;

beforeAll(async () => {
  server = await startServer({ env: { PUBLIC_URL: `${PUBLIC_URL}/`, SITE_URL, TUTORING_AUTO_APPROVE: "true" } });
  const made = await ask("POST", "/api/auth/register/", {
    body: { email: "wire@example.com", password: "correct horse battery" },
  });
  session = `SessionID ${(JSON.parse(made.body.toString()) as { session_id: string }).session_id}`;
  for (let n = 0; n < 3; n++) await ask("POST", "/api/sessions/", { body: draft() });
});
afterAll(() => server?.stop());

interface Sent {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** A request whose answer is taken as it comes; `fetch` would decompress it. */
function ask(
  method: string,
  path: string,
  { headers = {}, body }: { headers?: Record<string, string>; body?: unknown } = {},
): Promise<Sent> {
  const sent = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const going = request(
      `${server.siteUrl}${path}`,
      {
        method,
        headers: {
          ...(session && { Authorization: session }),
          ...(sent !== undefined && { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(sent) }),
          ...headers,
        },
      },
      (answer) => {
        const parts: Buffer[] = [];
        answer.on("data", (part: Buffer) => parts.push(part));
        answer.on("error", reject);
        answer.on("end", () =>
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(parts) }),
        );
      },
    );
    going.on("error", reject);
    going.end(sent);
  });
}

describe("compression", () => {
  const accepting = (encodings: string, more: Record<string, string> = {}) => ({
    headers: { "Accept-Encoding": encodings, ...more },
  });

  test.each(["/api/openapi.json", "/api/docs", "/api/sessions/"])("%s comes in what the client takes", async (path) => {
    const plain = await ask("GET", path);
    expect(plain.headers["content-encoding"]).toBeUndefined();
    for (const [encodings, coding, decode] of [
      ["gzip, deflate, br", "br", brotliDecompressSync],
      ["gzip", "gzip", gunzipSync],
    ] as const) {
      const { status, headers, body } = await ask("GET", path, accepting(encodings));
      expect([status, headers["content-encoding"], Number(headers["content-length"])]).toEqual([
        200,
        coding,
        body.length,
      ]);
      expect(body.length).toBeLessThan(plain.body.length / 2);
      expect(decode(body).toString()).toBe(plain.body.toString());
      for (const answer of [plain.headers, headers]) expect(String(answer.vary)).toMatch(/\bAccept-Encoding$/);
      expect(headers["content-type"]).toBe(plain.headers["content-type"]);
      expect(headers.etag).toBe(plain.headers.etag);
      const head = await ask("HEAD", path, accepting(encodings));
      // Its body is never made, so nothing is said of its coding or length.
      expect([head.status, head.headers["content-encoding"], head.body.length]).toEqual([200, undefined, 0]);
      expect(String(head.headers.vary)).toContain("Accept-Encoding");
    }
    const refused = await ask("GET", path, accepting("gzip;q=0, br;q=0, *"));
    expect(refused.headers["content-encoding"]).toBeUndefined();
  });

  test("what has not changed is 304 in every coding", async () => {
    const first = await ask("GET", "/api/sessions/", accepting("br"));
    expect(first.headers.etag).toMatch(/^W\//);
    for (const encodings of ["br", "gzip", "identity"]) {
      const known = { "If-None-Match": String(first.headers.etag) };
      const { status, headers, body } = await ask("GET", "/api/sessions/", accepting(encodings, known));
      expect([status, headers["content-encoding"], body.length]).toEqual([304, undefined, 0]);
      expect(String(headers.vary)).toContain("Accept-Encoding");
    }
  });

  test("small answers, and drafts, whose ETag is for If-Match, go out as they are", async () => {
    const small = await ask("GET", "/api/health/", accepting("br"));
    expect(small.headers["content-encoding"]).toBeUndefined();
    const made = await ask("POST", "/api/sessions", {
      ...accepting("br"),
      body: { form_data: { description: "x".repeat(5_000) } },
    });
    expect([made.headers["content-encoding"], made.headers.etag]).toEqual([undefined, '"1"']);
    const { report_id: id } = JSON.parse(made.body.toString()) as { report_id: string };
    const changed = await ask("PATCH", `/api/sessions/${id}`, {
      ...accepting("br", { "If-Match": String(made.headers.etag) }),
      body: { form_data: { a: 1 } },
    });
    expect([changed.status, changed.headers.etag]).toEqual([200, '"2"']);
  });
});

test("links begin with PUBLIC_URL", async () => {
  const read = async (method: string, path: string, body?: unknown) => {
    const answer = await ask(method, path, { body });
    expect(answer.status, answer.body.toString()).toBeLessThan(300);
    return answer;
  };
  const json = ({ body }: Sent) => JSON.parse(body.toString()) as Record<string, any>;
  expect(json(await read("GET", "/api/openapi.json")).servers).toEqual([{ url: PUBLIC_URL }]);
  expect((await read("GET", "/api/docs")).body.toString()).toContain(PUBLIC_URL);
  const feed = json(await read("POST", "/api/calendar/", {})).url as string;
  expect(feed).toMatch(new RegExp(`^${PUBLIC_URL}/api/calendar/[^/]+\\.ics$`));
  expect((await read("GET", feed.slice(PUBLIC_URL.length))).body.toString()).toContain("BEGIN:VCALENDAR");
  const { created } = json(await read("GET", "/api/sessions/my_sessions/")) as { created: { id: number }[] };
  const link = json(await read("POST", `/api/sessions/${created[0]!.id}/share/`, {})).url as string;
  expect(link).toMatch(new RegExp(`^${PUBLIC_URL}/s/[^/]+$`));
  const led = await ask("GET", link.slice(PUBLIC_URL.length));
  expect([led.status, led.headers.location]).toEqual([302, SITE_URL + link.slice(PUBLIC_URL.length)]);
  const page = json(await read("GET", "/api/sessions/?page=1&page_size=2"));
  expect(page.next).toMatch(new RegExp(`^${PUBLIC_URL}/api/sessions/\\?`));
  expect(json(await read("GET", (page.next as string).slice(PUBLIC_URL.length))).results).toHaveLength(1);
});
