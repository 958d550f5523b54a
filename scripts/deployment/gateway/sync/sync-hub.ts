import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { Engine } from "../../engine";
import type { FunctionCall } from "../../functions";
import type { AdminKeys, TokenVerifier } from "../../identity";
import type { Watch } from "../../queries";
import type { Store } from "../../transactions";
import type { SystemQueries } from "../admin";
import { readClientInfo } from "../http";
import { FrameEncoder } from "./frames";
import { type SyncHost, SyncSession } from "./sync-session";

const PING_AFTER_MS = 15_000;
const PING_CHECK_MS = 2_500;
/** The time that flushing may hold the event loop before requests are handled. */
const SLICE_MS = 5;
const BACKLOG_RETRY_MS = 20;
const MAX_FRAME_BYTES = 20 * 1024 * 1024;
const CLOSE_GRACE_MS = 1_000;

export interface SyncOptions {
  engine: Engine;
  store: Store;
  keys: AdminKeys;
  tokens: TokenVerifier;
  system: SystemQueries;
  redactErrors: boolean;
}

/** All WebSockets: accepts them, and flushes their changes in slices that leave room for other work. */
export class SyncHub implements SyncHost {
  readonly engine: Engine;
  readonly store: Store;
  readonly keys: AdminKeys;
  readonly tokens: TokenVerifier;
  readonly redactErrors: boolean;
  readonly frames = new FrameEncoder();
  readonly #system: SystemQueries;
  readonly #server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: MAX_FRAME_BYTES,
    clientTracking: false,
  });
  readonly #sessions = new Set<SyncSession>();
  readonly #queue = new Set<SyncSession>();
  #scheduled = false;
  #isClosing = false;
  readonly #pinger: NodeJS.Timeout;

  constructor(options: SyncOptions) {
    this.engine = options.engine;
    this.store = options.store;
    this.keys = options.keys;
    this.tokens = options.tokens;
    this.redactErrors = options.redactErrors;
    this.#system = options.system;
    this.#pinger = setInterval(() => this.#pingSilent(), PING_CHECK_MS).unref();
  }

  /** Open WebSockets. */
  get size(): number {
    return this.#sessions.size;
  }

  /** Takes over an HTTP upgrade of `/api/<clientVersion>/sync`. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Clients that are cut off come back at once, and nobody would end them any more.
    if (this.#isClosing) {
      socket.destroy();
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      const session = new SyncSession(webSocket, socket, readClientInfo(request), this);
      this.#sessions.add(session);
      webSocket.on("message", (data: Buffer, isBinary) => {
        if (isBinary) session.close(1003, "Text frames only");
        else session.receive(data.toString("utf8"));
      });
      webSocket.on("close", () => session.close());
      // "close" follows; without a listener an abrupt end of the connection would be an uncaught exception.
      webSocket.on("error", () => {});
    });
  }

  watch(call: FunctionCall, journal: string | null, onDirty: () => void): Watch {
    return this.#system.isSystemQuery(call.path)
      ? this.#system.watch(call, onDirty)
      : this.engine.watch(call, journal, onDirty);
  }

  enqueue(session: SyncSession): void {
    this.#queue.add(session);
    this.#schedule();
  }

  retryLater(session: SyncSession): void {
    setTimeout(() => {
      if (this.#sessions.has(session)) this.enqueue(session);
    }, BACKLOG_RETRY_MS).unref();
  }

  forget(session: SyncSession): void {
    this.#sessions.delete(session);
    this.#queue.delete(session);
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    clearInterval(this.#pinger);
    const open = [...this.#sessions];
    for (const session of open) session.close(1001, "The deployment is stopping");
    await new Promise((resolve) => setTimeout(resolve, open.length === 0 ? 0 : Math.min(CLOSE_GRACE_MS, 50)));
    for (const session of open) session.terminate();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#flushSlice());
  }

  #flushSlice(): void {
    this.#scheduled = false;
    const deadline = performance.now() + SLICE_MS;
    for (const session of this.#queue) {
      this.#queue.delete(session);
      // Behind the others, which wait no longer for one with many queries than for one with few.
      if (!session.flush(deadline)) this.#queue.add(session);
      if (performance.now() > deadline) break;
    }
    if (this.#queue.size > 0) this.#schedule();
  }

  #pingSilent(): void {
    const before = Date.now() - PING_AFTER_MS;
    for (const session of this.#sessions) session.pingIfSilentSince(before);
  }
}
