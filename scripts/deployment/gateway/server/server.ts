import { createServer, type IncomingMessage, type Server, type ServerOptions } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { type AnsweredRequest, describeRequestFailure, getRequestId, sendError, watchAnswers } from "../http";
import type { SyncHub } from "../sync";
import { handleHttpAction, type HttpActionHost } from "./http-actions";
import { type ApiHost, handleApi } from "./http-api";
import { explainUnreadable } from "./unreadable";

const KEEP_ALIVE_MS = 65_000;
const UPLOAD_WITHIN_MS = 60 * 60_000;
const BODY_WITHIN_MS = 5 * 60_000;
const SYNC_PATH = /^\/api\/(?:[^/]+\/)?sync(?:\?|$)/;
/** Connections that wait to be taken. All clients come at once after a restart; Node's own 511 are too few for them. */
const BACKLOG = 4_096;
const HTTP_PREFIX = "/http";

export interface Servers {
  close(): Promise<void>;
}

/**
 * Listens on both ports: "cloud" (API, WebSocket, files, and HTTP actions below `/http`) and "site" (HTTP actions
 * only).
 * @throws Error, one line naming the address, when a port cannot be had.
 */
export async function listen(
  { host, cloudPort, sitePort }: { host: string; cloudPort: number; sitePort: number },
  api: ApiHost & HttpActionHost & { onAnswered?: ((request: AnsweredRequest) => void) | undefined },
  sync: SyncHub,
): Promise<Servers> {
  const cloud = createServer(TAKES_WEBSOCKETS, (request, response) => {
    const path = convertToOriginForm(request.url);
    if (path.startsWith(`${HTTP_PREFIX}/`))
      void handleHttpAction(api, request, response, path.slice(HTTP_PREFIX.length));
    else {
      const requestId = getRequestId(response);
      response.setHeader("X-Request-Id", requestId);
      handleApi(api, request, response).catch((error: unknown) => {
        if (sendError(response, error))
          api.onFailure(describeRequestFailure(request.method ?? "GET", path, requestId, error));
      });
    }
  });
  const site = createServer(
    (request, response) => void handleHttpAction(api, request, response, convertToOriginForm(request.url)),
  );
  cloud.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Nobody else listens before the handshake is done; a client that resets meanwhile would be an uncaught exception.
    socket.on("error", () => {});
    if (!wantsWebSocket(request)) ignoreUpgrade(cloud, request, socket, head);
    else if (SYNC_PATH.test(request.url ?? "")) sync.accept(request, socket, head);
    else socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  });
  for (const server of [cloud, site]) {
    explainUnreadable(server);
    if (api.onAnswered) watchAnswers(server, api.onAnswered);
    server.keepAliveTimeout = KEEP_ALIVE_MS;
    server.headersTimeout = KEEP_ALIVE_MS + 5_000;
  }
  // From a client that sends a byte now and then; answers take as long as they take. Files are uploaded to the cloud
  // port.
  cloud.requestTimeout = UPLOAD_WITHIN_MS;
  site.requestTimeout = BODY_WITHIN_MS;
  await bind(cloud, host, cloudPort);
  try {
    await bind(site, host, sitePort);
  } catch (error) {
    await stop(cloud);
    throw error;
  }
  return {
    async close() {
      await Promise.all([stop(cloud), stop(site)]);
    },
  };
}

const wantsWebSocket = ({ headers }: IncomingMessage): boolean => /^websocket$/i.test(headers.upgrade ?? "");
/** A server ignores the upgrades that it does not know (RFC 9110, 7.8). Node asks from version 24.9 on. */
const TAKES_WEBSOCKETS: ServerOptions & { shouldUpgradeCallback(request: IncomingMessage): boolean } = {
  shouldUpgradeCallback: wantsWebSocket,
};

const ABOUT_UPGRADE = /^(?:connection|upgrade|http2-settings)$/i;

/**
 * Lets the server read a request again without the upgrade that it offered, such as to HTTP/2: older versions of Node
 * hand every request with an upgrade to who listens for any.
 */
function ignoreUpgrade(server: Server, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const lines = [`${request.method} ${request.url} HTTP/${request.httpVersion}`];
  for (let at = 0; at < request.rawHeaders.length; at += 2)
    if (!ABOUT_UPGRADE.test(request.rawHeaders[at]!))
      lines.push(`${request.rawHeaders[at]}: ${request.rawHeaders[at + 1]}`);
  if (/\bclose\b/i.test(request.headers.connection ?? "")) lines.push("Connection: close");
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), head]));
  server.emit("connection", socket);
}

/** The target from its path on: a client may also name the host in it, as to a proxy (RFC 9112, 3.2.2). */
function convertToOriginForm(target = "/"): string {
  const path = target.replace(/^https?:\/\/[^/?#]*/i, "");
  return path.startsWith("/") ? path : `/${path}`;
}

function bind(server: Server, host: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const reason =
        error.code === "EADDRINUSE"
          ? "another program is listening there"
          : error.code === "EACCES"
            ? "permission denied"
            : error.message;
      reject(new Error(`Cannot listen on ${host}:${port}: ${reason}.`));
    });
    server.listen({ port, host, backlog: BACKLOG }, () => {
      server.removeAllListeners("error");
      resolve(server.address() as AddressInfo);
    });
  });
}

const DRAIN_MS = 2_000;

/** Takes no more connections, lets answers under way finish for a moment, then cuts what is left. */
function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}
