/**
 * Clients that break every rule of their protocol: the server answers, closes, or waits, and goes on for the others.
 */
import { connect, type Socket } from "node:net";
import WebSocket from "ws";
import { afterEach, beforeAll, expect, test } from "vitest";
import { waitFor } from "../../lib/server";
import { call, newAccount, target } from "../support/api";

const sockets: Socket[] = [];
let session: string;
beforeAll(async () => {
  ({ session } = await newAccount());
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  // Whoever is left is served as before.
  expect((await call("GET", "/api/sessions/current/", { auth: session })).status).toBe(200);
});

const portOf = (url: string) => Number(new URL(url).port);

/** Connects and sends `text`; what comes back is collected in `heard`. */
function raw(url: string, text: string): Promise<{ socket: Socket; heard: () => string; gone: () => boolean }> {
  return new Promise((resolve, reject) => {
    const socket = connect(portOf(url), "127.0.0.1");
    sockets.push(socket);
    let heard = "";
    let gone = false;
    socket.on("data", (chunk: Buffer) => (heard += chunk.toString("latin1")));
    socket.on("close", () => (gone = true));
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.off("error", reject);
      socket.on("error", () => (gone = true));
      socket.write(text);
      resolve({ socket, heard: () => heard, gone: () => gone });
    });
  });
}

const UPGRADE = (path: string) =>
  `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n`;

test.each([
  ["no HTTP at all", "\x16\x03\x01 hello\r\n\r\n", /^HTTP\/1\.1 400 /],
  ["headers without end", `GET / HTTP/1.1\r\nHost: x\r\nX-A: ${"a".repeat(100_000)}\r\n\r\n`, /^HTTP\/1\.1 431 /],
  [
    "a broken chunk",
    "POST /api/v1/sessions/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
    /^HTTP\/1\.1 400 /,
  ],
  ["a path that is no text", "GET /%ff%zz/ HTTP/1.1\r\nHost: x\r\n\r\n", /^HTTP\/1\.1 4\d\d /],
  ["a host that is none", "GET /nothing HTTP/1.1\r\nHost: a b[\r\n\r\n", /^HTTP\/1\.1 404 /],
])("%s", async (_, text, answer) => {
  for (const url of [target().siteUrl, target().convexUrl]) {
    const { heard } = await raw(url, text);
    await waitFor(() => heard() !== "", 10_000);
    if (url === target().siteUrl) expect(heard()).toMatch(answer);
    else expect(heard()).toMatch(/^HTTP\/1\.1 4\d\d /);
  }
});

test("clients that reset the connection in every phase, many at a time", async () => {
  const { convexUrl, siteUrl } = target();
  const post = `POST /api/v1/sessions/ HTTP/1.1\r\nHost: x\r\nAuthorization: ${session}\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n`;
  const phases: [string, string][] = [
    [convexUrl, UPGRADE("/api/1.48.0/sync")],
    [convexUrl, UPGRADE("/nothing")],
    [siteUrl, UPGRADE("/api/openapi.json")],
    [siteUrl, `${post}{"a":1}`],
    [siteUrl, `${post}{"a`],
    [siteUrl, "GET /api/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n"],
  ];
  await Promise.all(
    phases.flatMap(([url, text]) =>
      Array.from({ length: 40 }, async (_, i) => {
        const { socket } = await raw(url, text);
        if (i % 2 === 1) await new Promise((resolve) => setTimeout(resolve, i % 5));
        socket.resetAndDestroy();
      }),
    ),
  );
});

test("hundreds of clients that never finish what they began are in nobody's way", async () => {
  const { siteUrl, convexUrl } = target();
  const unfinished = [
    "",
    "GET /api/openapi.json HTTP/1.1\r\nHost: x\r\nX-",
    `POST /api/v1/sessions/ HTTP/1.1\r\nHost: x\r\nAuthorization: ${session}\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{"a":"`,
  ];
  await Promise.all(Array.from({ length: 600 }, (_, i) => raw(i % 2 === 0 ? siteUrl : convexUrl, unfinished[i % 3]!)));
  expect((await call("GET", "/api/sessions/current/", { auth: session })).status).toBe(200);
});

const CONNECT = {
  type: "Connect",
  sessionId: "8b0f2c9e-7d6b-4b7e-9d2f-0d6a1c1b2a3f",
  connectionCount: 0,
  lastCloseReason: null,
  clientTs: 0,
};
const subscribe = (modifications: unknown) => ({
  type: "ModifyQuerySet",
  baseVersion: 0,
  newVersion: 1,
  modifications,
});
const deeply = JSON.stringify(subscribe([{ type: "Add", queryId: 0, udfPath: "focus/activities:list", args: [0] }]));

test.each<[string, (string | Buffer | object)[], number]>([
  ["bytes instead of text", [Buffer.from([1, 2, 3])], 1003],
  ["text that is no JSON", ["{"], 1008],
  ["no message", [[]], 1008],
  ["a message of an unknown type", [{ type: "Nope" }], 1008],
  ["a mutation before Connect", [{ type: "Mutation", requestId: 1, udfPath: "focus/goals:create", args: [{}] }], 1008],
  [
    "an id that is no number",
    [CONNECT, { type: "Mutation", requestId: "x", udfPath: "focus/goals:create", args: [{}] }],
    1008,
  ],
  ["no list of queries", [CONNECT, subscribe(5)], 1008],
  ["a query that is none", [CONNECT, subscribe([null])], 1008],
  ["a version out of order", [CONNECT, { ...subscribe([]), baseVersion: 5, newVersion: 6 }], 1008],
  [
    "a token that is none",
    [CONNECT, { type: "Authenticate", tokenType: "User", value: "garbage", baseVersion: 0 }],
    1008,
  ],
  ["a frame beyond the limit", ["x".repeat(21 * 1024 * 1024)], 1009],
  [
    "arguments nested without end",
    [CONNECT, deeply.replace("[0]", `${"[".repeat(100_000)}${"]".repeat(100_000)}`)],
    1008,
  ],
])("over the live protocol: %s closes that connection alone", async (_, messages, code) => {
  const socket = new WebSocket(`${target().convexUrl.replace("http", "ws")}/api/1.48.0/sync`);
  const closed = new Promise<number>((resolve) => socket.once("close", resolve));
  socket.on("error", () => undefined);
  await new Promise((resolve) => socket.once("open", resolve));
  for (const message of messages)
    socket.send(typeof message === "string" || Buffer.isBuffer(message) ? message : JSON.stringify(message));
  try {
    expect(await closed).toBe(code);
  } finally {
    socket.terminate();
  }
});
