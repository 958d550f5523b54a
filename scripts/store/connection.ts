import type { Socket } from "node:net";
import { StatementNames } from "./statements";
import type { Client, Turns } from "./turns";
import {
  CANCEL_REQUEST,
  GSSENC_REQUEST,
  MessageReader,
  ProtocolError,
  SSL_REQUEST,
  SYNC,
  errorResponse,
  welcome,
  type FrontendMessage,
} from "./wire";

const PROTOCOL_3 = 3 << 16;

/** One client's socket: startup, then batches of messages handed to `turns`. */
export class Connection implements Client {
  readonly #reader = new MessageReader();
  readonly #names: StatementNames;
  #started = false;
  #gone = false;
  #messages: FrontendMessage[] = [];
  #renamed: Buffer[] = [];
  readonly #socket: Socket;
  readonly #turns: Turns;
  readonly #id: number;
  readonly #serverVersion: string;

  constructor(socket: Socket, turns: Turns, id: number, serverVersion: string) {
    this.#socket = socket;
    this.#turns = turns;
    this.#id = id;
    this.#serverVersion = serverVersion;
    this.#names = new StatementNames(id);
    socket.setNoDelay(true);
    socket.on("data", (chunk) => this.#receive(chunk));
    socket.on("close", () => this.#leave());
  }

  send(answer: readonly Uint8Array[]): void {
    if (this.#gone) return;
    this.#socket.cork();
    for (const bytes of answer) this.#socket.write(bytes);
    this.#socket.uncork();
  }

  end(last: Buffer): void {
    if (!this.#gone) this.#socket.end(last);
    this.#leave();
  }

  #receive(chunk: Buffer): void {
    if (this.#gone) return;
    this.#reader.push(chunk);
    try {
      while (!this.#started) {
        const startup = this.#reader.nextStartup();
        if (startup === null) return;
        this.#start(startup.code);
        if (this.#gone) return;
      }
      for (let next = this.#reader.next(); next !== null && !this.#gone; next = this.#reader.next()) this.#take(next);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.end(errorResponse("FATAL", "08P01", error.message));
    }
  }

  #start(code: number): void {
    if (code === SSL_REQUEST || code === GSSENC_REQUEST) this.#socket.write("N");
    // The backend runs one batch at a time to its end, so there is nothing left to cancel.
    else if (code === CANCEL_REQUEST) this.end(Buffer.alloc(0));
    else if (code >> 16 === PROTOCOL_3 >> 16) {
      this.#started = true;
      this.#socket.write(welcome(this.#id, this.#serverVersion));
    } else throw new ProtocolError(`unsupported frontend protocol ${code >> 16}.${code & 0xffff}`);
  }

  #take(next: FrontendMessage): void {
    if (next.type === "X") return this.end(Buffer.alloc(0));
    this.#messages.push(next);
    this.#renamed.push(this.#names.rename(next));
    if (next.type !== "S" && next.type !== "Q" && next.type !== "H") return;
    this.#turns.submit(this, { messages: this.#messages, renamed: Buffer.concat(this.#renamed) });
    this.#messages = [];
    this.#renamed = [];
  }

  #leave(): void {
    if (this.#gone) return;
    this.#gone = true;
    const closes = this.#names.closeAll();
    this.#turns.leave(this, closes.length === 0 ? Buffer.alloc(0) : Buffer.concat([...closes, SYNC]));
  }
}
