/** For tests: a WebSocket spoken by hand, and a wire between client and server that can be cut. */
import { randomUUID } from "node:crypto";
import { connect, createServer, type Server, type Socket } from "node:net";
import WebSocket from "ws";
import { deadlineMs } from "../../../lib/deadlines";

/** A message from the server; its fields depend on the type. */
export interface Message {
  type: string;
  startVersion: { querySet: number; identity: number; ts: string };
  endVersion: { querySet: number; identity: number; ts: string };
  modifications: { type: string; queryId: number; value: unknown; errorMessage?: string }[];
  requestId: number;
  success: boolean;
  result: unknown;
  ts: string;
  error: string;
}

/** Speaks the sync protocol message by message. */
export class RawSync {
  readonly received: Message[] = [];
  closed: { code: number; reason: string } | null = null;
  readonly #socket: WebSocket;
  readonly #waiting = new Set<() => void>();

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (data: Buffer) => {
      this.received.push(JSON.parse(data.toString()) as Message);
      for (const wake of this.#waiting) wake();
    });
    socket.on("close", (code, reason) => {
      this.closed = { code, reason: reason.toString() };
      for (const wake of this.#waiting) wake();
    });
    socket.on("error", () => {});
  }

  static async open(url: string, options: { connect?: Record<string, unknown> | null } = {}): Promise<RawSync> {
    const socket = new WebSocket(`${url.replace("http", "ws")}/api/1.48.0/sync`);
    await new Promise((resolve, reject) => {
      socket.once("open", resolve);
      socket.once("error", reject);
    });
    const sync = new RawSync(socket);
    if (options.connect !== null) {
      sync.send({
        type: "Connect",
        sessionId: randomUUID(),
        connectionCount: 0,
        lastCloseReason: null,
        clientTs: Date.now(),
        ...options.connect,
      });
    }
    return sync;
  }

  send(message: Record<string, unknown> | string): void {
    this.#socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  /** Adds one query to the set. */
  add(baseVersion: number, queryId: number, udfPath: string, args: unknown = {}): void {
    this.send({
      type: "ModifyQuerySet",
      baseVersion,
      newVersion: baseVersion + 1,
      modifications: [{ type: "Add", queryId, udfPath, args: [args] }],
    });
  }

  /** The first message, already here or to come, that `matches`. @throws Error when none comes in time. */
  async next(matches: (message: Message) => boolean, timeoutMs = 15_000): Promise<Message> {
    const find = (): Message | undefined => this.received.find(matches);
    await this.#until(() => find() !== undefined, timeoutMs);
    return find()!;
  }

  async untilClosed(timeoutMs = 15_000): Promise<{ code: number; reason: string }> {
    await this.#until(() => this.closed !== null, timeoutMs);
    return this.closed!;
  }

  transitions(): Message[] {
    return this.received.filter((message) => message.type === "Transition");
  }

  close(): void {
    this.#socket.terminate();
  }

  #until(done: () => boolean, timeoutMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const check = (): void => {
        if (!done()) return;
        clearTimeout(timer);
        this.#waiting.delete(check);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(check);
        reject(
          new Error(
            `No such message; received ${JSON.stringify(this.received).slice(0, 2_000)}, closed ${JSON.stringify(this.closed)}`,
          ),
        );
      }, deadlineMs(timeoutMs));
      this.#waiting.add(check);
      check();
    });
  }
}

/** A TCP relay whose connections can be cut at any moment, as networks do. */
export class Wire {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  cuts = 0;

  constructor(
    readonly port: number,
    targetPort: number,
  ) {
    this.#server = createServer((near) => {
      const far = connect(targetPort, "127.0.0.1");
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(from);
        from.pipe(to);
        from.on("error", () => to.destroy());
        from.on("close", () => {
          this.#sockets.delete(from);
          to.destroy();
        });
      }
    });
  }

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(this.port, "127.0.0.1", resolve));
  }

  cut(): void {
    this.cuts += 1;
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
