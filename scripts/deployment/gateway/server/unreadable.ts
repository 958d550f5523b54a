/** Answers what is no HTTP request that can be read. Node's own answer to it has no body, and so no reason. */
import type { Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

/** An error of Node's parser; `reason` is in its words. */
type ParseError = NodeJS.ErrnoException & { reason?: string };

interface Answer {
  status: string;
  code: string;
  message: string;
}

const NOT_HTTP = { status: "400 Bad Request", code: "BadRequest" };
const ANSWERS: Record<string, Answer> = {
  HPE_INVALID_URL: {
    ...NOT_HTTP,
    message: "The address has characters that must be percent-encoded, such as %C3%BC for ü and %20 for a space.",
  },
  HPE_HEADER_OVERFLOW: {
    status: "431 Request Header Fields Too Large",
    code: "HeadersTooLarge",
    message: "The address and headers are too large together.",
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: "408 Request Timeout",
    code: "RequestTimeout",
    message: "The request did not arrive in time.",
  },
};

/** Has `server` say in the answer why a request cannot be read. */
export function explainUnreadable(server: Server): void {
  server.on("clientError", (error: ParseError, socket: Duplex & { _httpMessage?: ServerResponse }) => {
    // Bytes behind those of an answer under way would be taken for part of it.
    if (!socket.writable || error.code === "ECONNRESET" || socket._httpMessage?.headersSent) return socket.destroy();
    const { status, code, message } = ANSWERS[error.code ?? ""] ?? {
      ...NOT_HTTP,
      message: `The request is not valid HTTP: ${error.reason ?? error.message}.`,
    };
    const body = JSON.stringify({ code, message });
    const length = Buffer.byteLength(body);
    socket.end(
      `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n${body}`,
    );
  });
}
