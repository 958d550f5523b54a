import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { FrameEncoder } from "./frames";

test("a WebSocket client reads texts of every length as they were, between frames of the library's own", async () => {
  const texts = [
    "",
    "a",
    "é".repeat(62) + "a",
    "a".repeat(125),
    "a".repeat(126),
    "漢".repeat(21_845),
    "😀".repeat(16_384),
    "x".repeat(3_000_000),
  ];
  const http = createServer().listen(0, "127.0.0.1");
  await once(http, "listening");
  const server = new WebSocketServer({ noServer: true });
  const frames = new FrameEncoder();
  http.on("upgrade", (request, socket, head) =>
    server.handleUpgrade(request, socket, head, (webSocket) => {
      for (const text of [...texts, ...texts]) {
        socket.write(frames.encode(text));
        socket.write(frames.encode(text));
        webSocket.send(text);
      }
      webSocket.close(1000);
    }),
  );
  const client = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`);
  const received: string[] = [];
  client.on("message", (data: Buffer, isBinary) => received.push(isBinary ? "binary" : data.toString()));
  const [code] = (await once(client, "close")) as [number];
  http.close();
  expect(code).toBe(1000);
  expect(received).toEqual([...texts, ...texts].flatMap((text) => [text, text, text]));
});

test("equal texts one after the other share their bytes", () => {
  const frames = new FrameEncoder();
  const first = frames.encode("same");
  expect(frames.encode(["sa", "me"].join(""))).toBe(first);
  expect(frames.encode("other").equals(first)).toBe(false);
});
