/**
 * Work that fails for real: a store that answers nonsense to one kind of entry, a receiver of webhooks that dies in the
 * middle, a scanner that makes a job throw. Each is seen where operators look, and ends by itself once its cause does.
 */
import { createServer as createHttpServer, type Server as HttpServer } from "node:http";
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer, type Socket } from "node:net";
import { anyApi, type FunctionReference } from "convex/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TOTALS } from "../../../convex/operations/history/buckets";
import { adminClient } from "../../lib/admin";
import { startServer, waitFor, type Server } from "../../lib/server";
import { call, newAccount, type Account } from "../support/api";
import { focusFunction, focusOwner, type FocusOwner } from "../support/focus";
import { draft } from "../support/tutoring";

const MINUTE_MS = 60_000;

type Listening = HttpServer | TcpServer;
const listen = (server: Listening, port = 0): Promise<void> =>
  new Promise((resolve) => server.listen(port, "127.0.0.1", () => resolve()));
const portOf = (server: Listening): number => (server.address() as AddressInfo).port;
const close = (server: Listening): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    if ("closeAllConnections" in server) server.closeAllConnections();
  });

/** A store of the REST contract that keeps what it is sent; to one method it can answer as a proxy's page does. */
const stored: { method: string; id: string }[] = [];
let nonsenseTo: string | null = null;
const store = createHttpServer((request, response) => {
  let text = "";
  request.on("data", (chunk: Buffer) => (text += chunk.toString()));
  request.on("end", () => {
    const { method = "", url = "" } = request;
    if (method === "GET") return void response.writeHead(404).end();
    if (method === nonsenseTo) return void response.writeHead(200).end("<html>Please sign in</html>");
    const body = JSON.parse(text) as { session_id?: string; status: string };
    const id = body.session_id ?? decodeURIComponent(url.split("/").at(-2)!);
    stored.push({ method, id });
    response.writeHead(200).end(JSON.stringify({ id, status: body.status }));
  });
});

/** A receiver that reads a part of each request and is gone. */
const dying = () =>
  createTcpServer((socket) => socket.on("error", () => undefined).once("data", () => socket.destroy()));

/** Speaks as much of clamd's INSTREAM as one clean file takes, or breaks off at its first bytes. */
let scannerDies = true;
const END_OF_STREAM = Buffer.alloc(4);
const scanner = createTcpServer((socket: Socket) => {
  socket.on("error", () => undefined);
  socket.on("data", (chunk: Buffer) => {
    if (scannerDies) socket.destroy();
    else if (chunk.subarray(-4).equals(END_OF_STREAM)) socket.end("stream: OK\0");
  });
});

let server: Server;
let operator: Account;
let owner: FocusOwner;

beforeAll(async () => {
  await Promise.all([listen(store), listen(scanner)]);
  server = await startServer({
    env: {
      PERMANENT_STORE_URL: `http://127.0.0.1:${portOf(store)}`,
      CLAMD_URL: `tcp://127.0.0.1:${portOf(scanner)}`,
      WEBHOOK_ALLOW_PRIVATE: "true",
    },
  });
  operator = await newAccount({}, server.siteUrl, server.convexUrl);
  for (const permission of ["view_operations", "manage_webhooks"])
    await admin("accounts/users:grantPermission", { email: operator.email, permission });
  owner = await focusOwner(operator);
});
afterAll(async () => {
  await server?.stop();
  await Promise.all([close(store), close(scanner)]);
});

const admin = <Result>(path: string, args: Record<string, unknown> = {}): Promise<Result> =>
  adminClient(server.convexUrl, server.adminKey).run<Result>(path, args);
const reference = <Kind extends "query" | "mutation">(path: string) => {
  const [module = "", name = ""] = path.split(":");
  return module.split("/").reduce((node: any, part) => node[part], anyApi)[name] as FunctionReference<Kind>;
};
const look = async <Result>(path: string, args: Record<string, unknown> = {}): Promise<Result> =>
  (await operator.http.query(reference<"query">(path), args)) as Result;
const act = async <Result>(path: string, args: Record<string, unknown> = {}): Promise<Result> =>
  (await operator.http.mutation(reference<"mutation">(path), args)) as Result;
const ask = (method: string, path: string, body?: unknown) =>
  call(method, path, { auth: operator.session, siteUrl: server.siteUrl, ...(body !== undefined && { body }) });

const health = async () => (await ask("GET", "/api/health/")) as { status: number; body: any };
async function metric(name: string): Promise<number> {
  const { text } = await call("GET", "/api/metrics/", { auth: `Bearer ${server.serviceKey}`, siteUrl: server.siteUrl });
  const line = text.split("\n").find((each) => each.startsWith(`live_sessions_${name} `));
  return Number(line?.split(" ").at(-1));
}

type Figures = Record<string, number>;

/**
 * The figures of the history, recorded now as the cron records them: of gauges what is now, of totals what was added
 * since the first record. A quarter of an hour may begin while a test runs, so totals are summed over the buckets.
 */
async function recordedFigures(): Promise<Figures> {
  await admin("operations/history/samples:take");
  const { buckets } = await look<{ buckets: { figures: Figures | null }[] }>("operations/state:history", {
    period: "day",
  });
  const recorded = buckets.flatMap(({ figures }) => (figures ? [figures] : []));
  const totals = TOTALS.map((name) => [name, recorded.reduce((sum, figures) => sum + figures[name]!, 0)] as const);
  return { ...recorded.at(-1)!, ...Object.fromEntries(totals) };
}

interface StoreStatus {
  depth: number;
  failed: unknown[];
  retrying: { kind: string; lastError: string; attempts: number }[];
  outage: { error: string } | null;
}
const storeStatus = () => look<StoreStatus>("store/outbox:status");

async function runFocusSession(): Promise<string> {
  const { goalId, activityId } = owner;
  const id = (await operator.http.mutation(focusFunction("sessions", "start"), { goalId, activityId })) as string;
  await operator.http.mutation(focusFunction("sessions", "complete"), { sessionId: id });
  return id;
}

let materialId: number;
let sessionId: number;

interface Material {
  id: number;
  scanStatus: string;
}
const scanStatus = async () =>
  (await look<Material[]>("tutoring/materials:list", { sessionId })).find(({ id }) => id === materialId)?.scanStatus;
interface Kind {
  place: string;
  message: string;
  count: number;
}
const scanErrors = async () =>
  (await look<Kind[]>("operations/errors:list")).filter(({ place }) => place.startsWith("tutoring/files/"));

async function upload() {
  const url = await act<string>("tutoring/materials:generateUploadUrl", { sessionId });
  const sent = await fetch(url, { method: "POST", body: "harmless", headers: { "Content-Type": "text/plain" } });
  const { storageId } = (await sent.json()) as { storageId: string };
  return { title: "Notes", type: "file", fileName: "notes.txt", storageId };
}

test("a job that throws is among the errors and in the metrics", async () => {
  expect(await metric('errors_total{source="server"}')).toBe(0);
  sessionId = await act<number>("tutoring/sessions:create", {
    title: "Scanned",
    description: "With a file",
    subject: "maths",
    level: "beginner",
    date: draft().date,
    duration: 60,
  });
  materialId = await act<number>("tutoring/materials:add", { sessionId, ...(await upload()) });
  await waitFor(async () => (await scanErrors()).length > 0, 30_000);
  expect(await scanStatus()).toBe("pending");
  await waitFor(async () => (await metric('errors_total{source="server"}')) > 0, 10_000);
  expect((await health()).status).toBe(200);
});

test("nonsense from the store confirms nothing; the entry waits, others go on, and it arrives once", async () => {
  const delivered = await metric("outbox_delivered_total");
  nonsenseTo = "PUT";
  const first = await runFocusSession();
  await waitFor(async () => (await storeStatus()).retrying.length > 0, 30_000);
  expect(await storeStatus()).toMatchObject({
    failed: [],
    retrying: [{ kind: "complete", lastError: "HTTP 200 without the session's id <html>Please sign in</html>" }],
  });
  await waitFor(async () => (await health()).status === 503, 30_000);
  expect((await health()).body.checks.store).toMatchObject({ status: "down", outbox_depth: 1 });
  expect(await metric("outbox_depth")).toBe(1);
  expect(await metric("outbox_oldest_seconds")).toBeGreaterThan(0);
  expect(await recordedFigures()).toMatchObject({ outboxDepth: 1, outboxFailed: 0 });
  const second = await runFocusSession();
  await waitFor(() => stored.some(({ method, id }) => method === "POST" && id === second), 90_000);
  expect(stored.filter(({ method }) => method === "PUT")).toEqual([]);

  nonsenseTo = null;
  await waitFor(async () => (await storeStatus()).depth === 0, 2 * MINUTE_MS);
  expect(await storeStatus()).toMatchObject({ failed: [], retrying: [], outage: null });
  expect((await health()).status).toBe(200);
  for (const method of ["POST", "PUT"])
    expect(
      stored
        .filter((one) => one.method === method)
        .map(({ id }) => id)
        .sort(),
    ).toEqual([first, second].sort());
  expect(await metric("outbox_delivered_total")).toBe(delivered + 4);
  expect(await recordedFigures()).toMatchObject({ outboxDelivered: 4, outboxFailed: 0 });
});

test("a delivery whose receiver dies in the middle waits, and comes when it is back; one that is gone has failed", async () => {
  let receiver: Listening = dying();
  await listen(receiver);
  const port = portOf(receiver);
  const made = await ask("POST", "/api/v1/webhooks/", {
    url: `http://127.0.0.1:${port}/`,
    events: ["focus.completed"],
  });
  const id = made.body.id as string;
  expect((await ask("POST", `/api/v1/webhooks/${id}/test/`)).status).toBe(202);
  const newest = async () => (await ask("GET", `/api/v1/webhooks/${id}/deliveries/`)).body.results[0];
  await waitFor(async () => (await newest()).attempts.length > 0, 30_000);
  expect(await newest()).toMatchObject({ status: "pending", attempts: [{ code: null, error: expect.any(String) }] });
  const webhooks = async () =>
    (await look<{ webhooks: { depth: number; oldestAt: number | null } }>("operations/state:get")).webhooks;
  expect(await webhooks()).toMatchObject({ depth: 1, oldestAt: expect.any(Number) });
  expect(await metric("webhooks_depth")).toBe(1);
  expect(await recordedFigures()).toMatchObject({ webhooksDepth: 1, webhooksDelivered: 0 });
  const failingSince = async () =>
    (await look<{ id: string; failingSince: number | null }[]>("webhooks/endpoints:list"))[0]!.failingSince;
  expect(await failingSince()).toEqual(expect.any(Number));

  await close(receiver);
  const received: string[] = [];
  let answer = 204;
  receiver = createHttpServer((request, response) => {
    received.push(request.headers["webhook-id"] as string);
    request.resume().on("end", () => response.writeHead(answer).end());
  });
  await listen(receiver, port);
  try {
    await waitFor(async () => (await newest()).status === "delivered", 90_000);
    expect(received).toEqual([(await newest()).event_id]);
    expect([await webhooks(), await failingSince()]).toEqual([{ depth: 0, oldestAt: null }, null]);
    expect([await metric("webhooks_delivered_total"), await metric("webhooks_failed_total")]).toEqual([1, 0]);
    answer = 410;
    expect((await ask("POST", `/api/v1/webhooks/${id}/test/`)).status).toBe(202);
    await waitFor(async () => (await newest()).status === "failed", 30_000);
    expect(await metric("webhooks_failed_total")).toBe(1);
    expect(await recordedFigures()).toMatchObject({ webhooksDelivered: 1, webhooksFailed: 1 });
    expect((await health()).status).toBe(200);
  } finally {
    await close(receiver);
  }
});

test("the job that threw succeeds once the scanner is back", async () => {
  scannerDies = false;
  const thrown = await scanErrors();
  // The cron would run it again after two minutes; a new file does at once.
  await act("tutoring/materials:update", { sessionId, id: materialId, ...(await upload()) });
  await waitFor(async () => (await scanStatus()) === "clean", 30_000);
  expect(await scanErrors()).toEqual(thrown);
});
