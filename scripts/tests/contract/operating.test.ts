/** convex/operations/README.md §12 against a server whose log is JSON. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startServer, waitFor, type Server } from "../../lib/server";
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
