import type { Duplex } from "node:stream";
import { WebSocket } from "ws";
import type { FrameEncoder } from "./frames";

/** Past this much unsent data a socket gets no transitions: when it drains it gets the newest state, not every one. */
const BACKLOG_BYTES = 1024 * 1024;

/** The sending side of a session's WebSocket. */
export class SessionSocket {
  /** ms since the epoch; the hub pings sockets that have been silent. */
  lastSentAt = Date.now();
  #closed = false;
  readonly #socket: WebSocket;
  readonly #connection: Duplex;
  readonly #frames: FrameEncoder;

  /**
   * @param connection what the socket speaks over: frames that are encoded already go there, between the socket's own.
   */
  constructor(socket: WebSocket, connection: Duplex, frames: FrameEncoder) {
    this.#socket = socket;
    this.#connection = connection;
    this.#frames = frames;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  get isBehind(): boolean {
    return this.#socket.bufferedAmount > BACKLOG_BYTES;
  }

  send(text: string): void {
    if (this.#closed || this.#socket.readyState !== WebSocket.OPEN) return;
    this.lastSentAt = Date.now();
    this.#connection.write(this.#frames.encode(text));
  }

  close(code?: number, reason?: string): void {
    this.#closed = true;
    this.#socket.close(code, reason);
  }

  /** Cuts a socket whose peer does not answer the closing handshake. */
  terminate(): void {
    this.#socket.terminate();
  }
}
