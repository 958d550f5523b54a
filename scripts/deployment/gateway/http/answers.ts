/** What is kept of each request that was answered, for the access log. */
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { makeRandomHex } from "../../lib";
import { hideSecrets } from "./failures";

export interface AnsweredRequest {
  /** When it came, ms since the epoch. */
  at: number;
  method: string;
  /** Without its query and without credentials. */
  path: string;
  status: number;
  tookMs: number;
  requestId: string;
  /** The client left before it had the answer. */
  aborted: boolean;
}

const requestIds = new WeakMap<ServerResponse, string>();

/** The id of the request that is answered here; makes one when nothing has named it. */
export function getRequestId(response: ServerResponse): string {
  const known = requestIds.get(response) ?? makeRandomHex(8);
  requestIds.set(response, known);
  return known;
}

/** Takes over the id under which an action was logged. */
export const setRequestId = (response: ServerResponse, requestId: string) => requestIds.set(response, requestId);

/** Tells `onAnswered` of every request to `server`, WebSockets among them when they are opened. */
export function watchAnswers(server: Server, onAnswered: (request: AnsweredRequest) => void): void {
  const describe = ({ method = "GET", url = "/" }: IncomingMessage) => ({
    at: Date.now(),
    method,
    path: hideSecrets(url.replace(/^https?:\/\/[^/?#]*/i, "")),
  });
  server.prependListener("request", (request, response) => {
    const described = describe(request);
    const startedAt = performance.now();
    response.once("close", () =>
      onAnswered({
        ...described,
        status: response.statusCode,
        tookMs: performance.now() - startedAt,
        requestId: getRequestId(response),
        aborted: !response.writableFinished,
      }),
    );
  });
  server.prependListener("upgrade", (request) =>
    onAnswered({ ...describe(request), status: 101, tookMs: 0, requestId: makeRandomHex(8), aborted: false }),
  );
}

/** One line of the access log, as JSON. */
export const formatAnswered = ({ at, method, path, status, tookMs, requestId, aborted }: AnsweredRequest): string =>
  JSON.stringify({
    time: new Date(at).toISOString(),
    level: "info",
    message: "request",
    method,
    path,
    status,
    ms: Math.round(tookMs * 10) / 10,
    request_id: requestId,
    ...(aborted && { aborted }),
  });
