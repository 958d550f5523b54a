import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import type { Delivery, StorePayload } from "../../convex/store/payload";
import { deliverOverRest } from "../../convex/store/adapters/rest";
import { complete, register } from "./testing";

interface Seen {
  method: string;
  url: string;
  authorization: string | undefined;
  body: Record<string, unknown>;
}

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => void (await Promise.all(closers.splice(0).map((close) => close()))));

/** A store that answers as `answer` says, and what it was asked. */
async function store(answer: (seen: Seen, reply: ServerResponse) => void): Promise<{ url: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer((request: IncomingMessage, reply) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      const entry = {
        method: request.method ?? "",
        url: request.url ?? "",
        authorization: request.headers.authorization,
        body: JSON.parse(text) as Record<string, unknown>,
      };
      seen.push(entry);
      answer(entry, reply);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => new Promise((resolve) => server.close(resolve).closeAllConnections()));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

const batch = (...payloads: StorePayload[]) =>
  payloads.map((payload, i) => ({ id: `row${i}`, sequence: i, payload })) as unknown as Delivery[];
const status =
  (code: number, text = "{}") =>
  (_seen: Seen, reply: ServerResponse) =>
    void reply.writeHead(code).end(text);
/** The answer of a store that has the session. */
const confirm = ({ method, url, body }: Seen, reply: ServerResponse): void => {
  const id = body.session_id ?? decodeURIComponent(url.split("/").at(-2)!);
  reply.writeHead(method === "POST" ? 201 : 200).end(JSON.stringify({ id, status: body.status }));
};

test("registers with POST and completes with PUT, as documented, in this order", async () => {
  const { url, seen } = await store(confirm);
  const env = { PERMANENT_STORE_URL: `${url}/`, PERMANENT_STORE_TOKEN: "store-token" };
  expect(await deliverOverRest(batch(register("s/1"), complete("s/1")), env)).toEqual([
    { kind: "delivered" },
    { kind: "delivered" },
  ]);
  const references = {
    user_id: "a1111111-1111-4111-8111-111111111111",
    goal_id: "c3333333-3333-4333-8333-333333333333",
    activity_id: "d4444444-4444-4444-8444-444444444444",
    started_at: "2026-05-01T10:00:00.000Z",
    device_platform: "web",
  };
  expect(seen).toEqual([
    {
      method: "POST",
      url: "/api/v1/sessions/",
      authorization: "Bearer store-token",
      body: { session_id: "s/1", status: "active", ...references },
    },
    {
      method: "PUT",
      url: "/api/v1/sessions/s%2F1/",
      authorization: "Bearer store-token",
      body: {
        ...references,
        status: "completed",
        ended_at: "2026-05-01T11:00:00.000Z",
        total_duration_seconds: 3_600,
        focused_duration_seconds: 3_200,
        xp_total: 28_000,
        xp_physique: 16_000,
        xp_energy: 3_200,
        xp_logic: 0,
        xp_creativity: 8_000,
        xp_social: 800,
        completed_reason: "manual",
      },
    },
  ]);
});

test("a refused entry holds up its own session only, and its error names no token", async () => {
  const { url, seen } = await store((entry, reply) =>
    entry.body.session_id === "bad"
      ? status(400, '{"detail":"no store-token here"}')(entry, reply)
      : confirm(entry, reply),
  );
  const env = { PERMANENT_STORE_URL: url, PERMANENT_STORE_TOKEN: "store-token" };
  const outcomes = await deliverOverRest(batch(register("bad"), complete("bad"), complete("good")), env);
  expect(outcomes).toEqual([
    { kind: "failed", error: 'HTTP 400 {"detail":"no … here"}', cause: "rejected" },
    { kind: "skipped" },
    { kind: "delivered" },
  ]);
  expect(seen).toHaveLength(2);
});

test.each([
  [401, "unreachable"],
  [403, "rejected"],
  [429, "unreachable"],
  [500, "rejected"],
  [503, "unreachable"],
  // Following it would turn the PUT into a GET.
  [302, "rejected"],
])("%i is %s", async (code, cause) => {
  const { url } = await store(status(code));
  expect(await deliverOverRest(batch(complete("s1")), { PERMANENT_STORE_URL: url })).toMatchObject([
    { kind: "failed", cause },
  ]);
});

test.each([
  ["<html>Sign in</html>", "unreachable"],
  ["", "unreachable"],
  ['{"id":"another"}', "rejected"],
  ["null", "rejected"],
])("200 that does not name the session confirms nothing: %s", async (text, cause) => {
  const { url } = await store(status(200, text));
  expect(await deliverOverRest(batch(complete("s1")), { PERMANENT_STORE_URL: url })).toEqual([
    { kind: "failed", error: `HTTP 200 without the session's id ${text}`.trim(), cause },
  ]);
});

test("a store that is not there is unreachable", async () => {
  const { url } = await store(status(200));
  await closers.pop()!();
  expect(await deliverOverRest(batch(complete("s1")), { PERMANENT_STORE_URL: url })).toMatchObject([
    { kind: "failed", cause: "unreachable" },
  ]);
});
