/** Connections that are not simply a request and its answer. */
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually, startTestDeployment, type TestDeployment } from "../../deploy/testing";
import { formatFailure } from "../http";

const PORT = 4410;
let app: TestDeployment;
const failures: string[] = [];

beforeAll(async () => {
  app = await startTestDeployment(PORT, undefined, { onFailure: (failure) => failures.push(formatFailure(failure)) });
});
afterAll(() => app.stop());

test("an upgrade that a server need not know is ignored, and the connection goes on", async () => {
  const socket = connect(PORT, "127.0.0.1");
  let answers = "";
  socket.on("data", (chunk: Buffer) => (answers += chunk.toString()));
  const ended = new Promise((resolve) => socket.once("close", resolve));
  const body = JSON.stringify({ path: "counters:get", args: { name: "upgraded" } });
  const offer = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n";
  const statuses = () => answers.match(/HTTP\/1\.1 \d+/g) ?? [];
  for (const request of [
    `POST /api/query HTTP/1.1\r\nHost: a\r\n${offer}Content-Length: ${body.length}\r\n\r\n${body}`,
    `GET /version HTTP/1.1\r\nHost: a\r\n${offer}\r\n`,
    "GET /version HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
  ]) {
    const had = statuses().length;
    socket.write(request);
    await eventually(() => statuses().length > had, "an answer");
  }
  await ended;
  expect(statuses()).toEqual(["HTTP/1.1 200", "HTTP/1.1 200", "HTTP/1.1 200"]);
  expect(answers).toContain('{"status":"success","value":0');
});

test.each([
  ["GET /api?search=Müller HTTP/1.1", 400, "The address has characters that must be percent-encoded"],
  ["GET / HTTP/1.1\r\nno header", 400, "The request is not valid HTTP: Invalid header token."],
  ["hello", 400, "The request is not valid HTTP: Invalid method encountered."],
  [`GET /?${"x".repeat(20_000)} HTTP/1.1`, 431, "The address and headers are too large together."],
])("%j is answered with the reason, and the connection ends", async (line, status, message) => {
  for (const port of [PORT, PORT + 1]) {
    const socket = connect(port, "127.0.0.1");
    let answer = "";
    socket.on("data", (chunk: Buffer) => (answer += chunk.toString()));
    socket.write(`${line}\r\nHost: a\r\n\r\n`);
    await new Promise((resolve) => socket.once("close", resolve));
    const [head = "", body = ""] = answer.split("\r\n\r\n");
    expect(head).toContain(`HTTP/1.1 ${status} `);
    expect((JSON.parse(body) as { message: string }).message).toContain(message);
  }
});

test("an upload that its client breaks off is no failure", async () => {
  const before = failures.length;
  for (const port of [PORT, PORT + 1])
    for (let sent = 0; sent < 3; sent++) {
      const socket = connect(port, "127.0.0.1");
      await new Promise<void>((resolve) =>
        socket.write("POST /api/query HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{", () => resolve()),
      );
      socket.destroy();
    }
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(failures.slice(before)).toEqual([]);
});

test("a socket that comes while the deployment stops is refused, and does not keep it", async () => {
  const stopping = await startTestDeployment(PORT + 2, null);
  const late = connect(PORT + 2, "127.0.0.1");
  let answer = "";
  late.on("data", (chunk: Buffer) => (answer += chunk.toString()));
  const ended = new Promise((resolve) => late.once("close", resolve));
  await new Promise<void>((resolve) => late.write("GET /api/1.48.0/sync HTTP/1.1\r\nHost: a\r\n", () => resolve()));
  const stopped = stopping.stop();
  late.write("Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n");
  late.write("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
  await stopped;
  await ended;
  expect(answer).not.toContain("101");
});
