/** convex/operations/README.md §12 against a server whose log is JSON. */
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { adminClient } from "../../lib/admin";
import { startServer, waitFor, type Server } from "../../lib/server";
import { PROJECT_DIR } from "../../lib/settings";
import { rawCall } from "../support/raw";

let server: Server;
beforeAll(async () => {
  server = await startServer({ env: { LOG_FORMAT: "json" }, args: ["--headless", "--no-seed"] });
});
afterAll(() => server?.stop());

type Entry = Record<string, unknown>;

/** The log so far. What npm says before it starts anything is not ours. */
const readLog = (): Entry[] =>
  server
    .output()
    .split("\n")
    .slice(0, -1)
    .filter((line) => line !== "" && !line.startsWith("> "))
    .map((line) => JSON.parse(line) as Entry);

const findRequest = (id: string) => readLog().find(({ request_id }) => request_id === id);

async function findLogged(id: string): Promise<Entry> {
  await waitFor(() => findRequest(id) !== undefined, 5_000);
  return findRequest(id)!;
}

describe("the log", () => {
  test("is one JSON object a line from the start on", () => {
    const log = readLog();
    expect(log.map(({ message }) => message)).toContain("live-sessions is starting");
    for (const entry of log)
      expect(entry).toMatchObject({
        time: expect.stringMatching(/^\d{4}-.*Z$/),
        level: expect.stringMatching(/^(info|error)$/),
        message: expect.any(String),
      });
  });

  test("has a line for each request under the id that its answer carries", async () => {
    const wanted: [string, string, string, string, number][] = [
      [server.siteUrl, "GET", "/api/openapi.json", "/api/openapi.json", 200],
      [server.siteUrl, "GET", "/api/sessions/current/?session=secret-in-the-query", "/api/sessions/current/", 401],
      [server.siteUrl, "DELETE", "/api/health/", "/api/health/", 405],
      [server.siteUrl, "GET", "/nowhere", "/nowhere", 404],
      [server.convexUrl, "GET", "/version", "/version", 200],
      [server.convexUrl, "GET", "/nowhere", "/nowhere", 404],
    ];
    for (const [siteUrl, method, target, path, status] of wanted) {
      const answer = await rawCall(method, target, { siteUrl });
      expect([target, answer.status]).toEqual([target, status]);
      const id = answer.headers.get("x-request-id");
      expect(id, target).toMatch(/^[0-9a-f]{16}$/);
      const entry = await findLogged(id!);
      expect(entry).toMatchObject({ level: "info", method, path, status, ms: expect.any(Number) });
    }
  });

  test("holds no secrets: neither queries nor what a path proves", async () => {
    const secret = randomUUID();
    const token = secret.replaceAll("-", "");
    for (const target of [
      `/api/sessions/${secret}/`,
      `/api/sessions/%${secret.charCodeAt(0).toString(16)}${secret.slice(1)}/`,
      `/api/calendar/${token}.ics`,
      `/api/business-cards?token=${token}`,
    ]) {
      const headers = { Authorization: `SessionID ${secret}`, Cookie: `guest_session_id=${token}` };
      const answer = await rawCall("GET", target, { siteUrl: server.siteUrl, headers });
      await findLogged(answer.headers.get("x-request-id")!);
    }
    await rawCall("GET", `/api/storage/${secret}`, { siteUrl: server.convexUrl });
    await waitFor(() => readLog().some(({ path }) => path === "/api/storage/…"), 5_000);
    expect(server.output()).not.toContain(secret.slice(1));
    expect(server.output()).not.toContain(token);
  });
});

/** What promtool finds wrong with metrics; nothing where it is not installed. */
function checkMetrics(text: string): Promise<string> {
  const child = spawn("promtool", ["check", "metrics"], { stdio: ["pipe", "pipe", "pipe"] });
  let said = "";
  child.stdout.on("data", (part: Buffer) => (said += part.toString()));
  child.stderr.on("data", (part: Buffer) => (said += part.toString()));
  child.stdin.on("error", () => undefined);
  child.stdin.end(text);
  return new Promise((resolve) => {
    child.once("error", () => resolve(""));
    child.once("close", () => resolve(said));
  });
}

/** Runs an internal function as an operator does. */
const operate = <Result>(path: string, args: Record<string, unknown>): Promise<Result> =>
  adminClient(server.convexUrl, server.adminKey).run<Result>(path, args);

const ask = (path: string, key: string) =>
  rawCall("GET", path, { siteUrl: server.siteUrl, headers: { Authorization: `Bearer ${key}` } });

describe("metrics", () => {
  const read = async () => {
    const answer = await ask("/api/metrics/", server.serviceKey);
    expect(answer.status, answer.text).toBe(200);
    expect(answer.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    const samples = new Map(
      answer.text
        .split("\n")
        .filter((line) => line !== "" && !line.startsWith("#"))
        .map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ") + 1))]),
    );
    return { text: answer.text, samples };
  };

  test("are for service keys", async () => {
    const account = await newAccountAt(server.siteUrl);
    const senders: Record<string, string>[] = [{}, { Authorization: account }, { Authorization: "Bearer lsk_unknown" }];
    for (const headers of senders)
      expect((await rawCall("GET", "/api/metrics/", { siteUrl: server.siteUrl, headers })).status).toBe(401);
  });

  test("count live sessions, sign-ins and their failures, refusals by domain", async () => {
    const before = (await read()).samples;
    const account = await newAccountAt(server.siteUrl);
    const credentials = { email: `${randomUUID()}@example.com`, password: "wrong password" };
    await rawCall("POST", "/api/auth/login/", {
      siteUrl: server.siteUrl,
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(credentials),
    });
    await rawCall("GET", "/api/sessions/1/", { siteUrl: server.siteUrl, headers: { Authorization: account } });
    const after = (await read()).samples;
    const grown = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0);
    expect(grown('live_sessions_live{domain="accounts"}')).toBe(1);
    expect(grown("live_sessions_sign_in_failures_total")).toBe(1);
    expect(grown('live_sessions_http_responses_total{domain="sign_in",status="4xx"}')).toBe(1);
    expect(grown('live_sessions_http_responses_total{domain="tutoring",status="4xx"}')).toBe(1);
    expect(after.get("live_sessions_outbox_depth")).toBe(0);
    expect(after.get("live_sessions_crons_lateness_seconds")).toBeGreaterThanOrEqual(0);
  });

  test("have the times of requests by operation, whose figures only grow", async () => {
    const name = "live_sessions_http_request_duration_seconds";
    const operation = 'operation="GET /api/health/"';
    const count = (samples: Map<string, number>) => samples.get(`${name}_count{${operation}}`) ?? 0;
    const before = count((await read()).samples);
    for (let n = 0; n < 5; n++) await rawCall("GET", "/api/health/", { siteUrl: server.siteUrl });
    await waitFor(async () => count((await read()).samples) === before + 5, 30_000);
    const { samples } = await read();
    const bound = (le: string) => samples.get(`${name}_bucket{${operation},le="${le}"}`)!;
    expect(bound("+Inf")).toBe(before + 5);
    expect(bound("16.384")).toBe(before + 5);
    expect(bound("0.002")).toBeLessThanOrEqual(bound("0.512"));
    const sum = samples.get(`${name}_sum{${operation}}`)!;
    expect(sum).toBeGreaterThan(0);
    expect(sum).toBeLessThan(60);
  });

  test("of the deployment are for its administrator", async () => {
    const read = (headers: Record<string, string>) =>
      rawCall("GET", "/metrics", { siteUrl: server.convexUrl, headers });
    expect([(await read({})).status, (await read({ Authorization: "Bearer x" })).status]).toEqual([403, 403]);
    for (const scheme of ["Convex", "Bearer"]) {
      const { status, text } = await read({ Authorization: `${scheme} ${server.adminKey}` });
      expect(status, text).toBe(200);
      expect(text).toMatch(/^deployment_sockets 0$/m);
      expect(text).toMatch(/^deployment_function_seconds_count\{kind="mutation"\} [1-9]\d*$/m);
      expect(text).toMatch(/^deployment_data_bytes [1-9]\d*$/m);
      expect(await checkMetrics(text)).toBe("");
    }
  });

  test("are those that the sample dashboard and alerts ask for", async () => {
    const { text } = await rawCall("GET", "/metrics", {
      siteUrl: server.convexUrl,
      headers: { Authorization: `Bearer ${server.adminKey}` },
    });
    const listNames = (from: string) => from.split("\n").flatMap((line) => /^(\w+)[ {]/.exec(line)?.[1] ?? []);
    const known = new Set([...listNames((await read()).text), ...listNames(text)]);
    const asked = ["grafana.json", "alerts.yml"].flatMap(
      (name) =>
        readFileSync(join(PROJECT_DIR, "scripts/operate", name), "utf8").match(/\b(?:live_sessions|deployment)_\w+/g) ??
        [],
    );
    expect(asked.length).toBeGreaterThan(15);
    // A selector of several names ends where they part.
    expect(asked.filter((name) => !known.has(name) && name !== "live_sessions_")).toEqual([]);
  });

  test("are clean", async () => {
    const { text } = await read();
    expect(
      text.split("\n").filter((line) => line !== "" && !/^(# (HELP|TYPE) )?live_sessions_[a-z_]+[ {]/.test(line)),
    ).toEqual([]);
    expect(await checkMetrics(text)).toBe("");
  });
});

test("what happens is in the figures of the day within ten seconds", async () => {
  await newAccountAt(server.siteUrl);
  const key = await operate<string>("identity/serviceKeys:make", { name: randomUUID(), scopes: ["analytics:read"] });
  const countSignUps = async () => {
    const { body, status, text } = await ask("/api/v1/analytics/daily/?event=signed_up", key);
    expect(status, text).toBe(200);
    return (body as { results: { count: number }[] }).results.reduce((sum, { count }) => sum + count, 0);
  };
  // Those of this file's other tests, too.
  await waitFor(async () => (await countSignUps()) > 0, 10_000);
  const before = await countSignUps();
  await newAccountAt(server.siteUrl);
  await waitFor(async () => (await countSignUps()) > before, 10_000);
});

describe("named service keys", () => {
  test("open what their scopes say, until they are rotated and ended", async () => {
    const name = `scraper ${randomUUID()}`;
    const key = await operate<string>("identity/serviceKeys:make", { name, scopes: ["metrics"] });
    expect(key).toMatch(/^lsk_[\w-]{32}$/);
    expect((await ask("/api/metrics/", key)).status).toBe(200);
    const register = await rawCall("PUT", "/api/v1/sessions/x/", {
      siteUrl: server.siteUrl,
      headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
      body: "{}",
    });
    expect([register.status, register.body]).toEqual([
      403,
      { detail: "This service key lacks the scope focus:write.", code: "FORBIDDEN" },
    ]);
    expect((await ask("/api/sessions/current/", key)).status).toBe(401);
    const next = await operate<string>("identity/serviceKeys:rotate", { name });
    expect([(await ask("/api/metrics/", key)).status, (await ask("/api/metrics/", next)).status]).toEqual([200, 200]);
    const listed = (
      await operate<{ name: string; prefix: string; endsAt: string | null }[]>("identity/serviceKeys:list", {})
    ).filter((entry) => entry.name === name);
    expect(listed.map(({ endsAt }) => endsAt === null)).toEqual([true, false]);
    for (const secret of [key, next]) expect(JSON.stringify(listed)).not.toContain(secret);
    expect(listed.map(({ prefix }) => prefix)).toEqual([next.slice(0, 12), key.slice(0, 12)]);
    const last = await operate<string>("identity/serviceKeys:rotate", { name, overlapHours: 0 });
    expect([(await ask("/api/metrics/", key)).status, (await ask("/api/metrics/", next)).status]).toEqual([401, 401]);
    expect(await operate("identity/serviceKeys:end", { name })).toBe(1);
    expect((await ask("/api/metrics/", last)).status).toBe(401);
  });

  test("are refused with unknown scopes, none, or the name of another", async () => {
    const make = (args: Record<string, unknown>) => operate("identity/serviceKeys:make", args);
    await expect(make({ name: "x", scopes: ["everything"] })).rejects.toThrow("Must be one or more of");
    await expect(make({ name: "x", scopes: [] })).rejects.toThrow("Must be one or more of");
    await expect(make({ name: " ", scopes: ["metrics"] })).rejects.toThrow("name");
    await make({ name: "taken", scopes: ["metrics"] });
    await expect(make({ name: "taken", scopes: ["metrics"] })).rejects.toThrow("A key named taken is in force.");
  });
});

/** The SessionID header of a new user of that server. */
async function newAccountAt(siteUrl: string): Promise<string> {
  const answer = await rawCall("POST", "/api/auth/register/", {
    siteUrl,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ email: `${randomUUID()}@example.com`, password: "correct horse battery" }),
  });
  expect(answer.status, answer.text).toBe(201);
  return `SessionID ${(answer.body as { session_id: string }).session_id}`;
}
