/**
 * Plain references, each in a process of its own like the server it stands beside: a `node:http` server that answers a
 * fixed JSON text, and a `ws` server that tells every socket what it is told. They do no work a product needs, so the
 * ratio to them is what the product's work costs.
 */
import { createServer } from "node:http";
import { WebSocketServer } from "ws";
import { runAsChild } from "../lib/processes/children";

export interface ReferenceOptions {
  body: string;
}
export interface ReferenceReady {
  port: number;
}

runAsChild<ReferenceOptions, ReferenceReady>(async ({ body }) => {
  const server = createServer((request, response) => {
    if (request.method === "POST") for (const socket of sockets.clients) socket.send(body);
    response.writeHead(200, { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) });
    response.end(body);
  });
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (!address || typeof address === "string") throw new Error("the reference server has no port");
  return {
    ready: { port: address.port },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
});
