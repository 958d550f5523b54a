/**
 * The PostgreSQL frontend/backend protocol, version 3, as far as a server in front of one backend needs it
 * (PostgreSQL manual, "Message Formats"). Everything that is not listed here passes through unread.
 */

export const SSL_REQUEST = 80877103;
export const GSSENC_REQUEST = 80877104;
export const CANCEL_REQUEST = 80877102;

/**
 * Larger messages are refused; PostgreSQL itself allows 1 GiB, which one process in front of WASM should not buffer.
 */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;
/** As in PostgreSQL (MAX_STARTUP_PACKET_LENGTH). */
const MAX_STARTUP_BYTES = 10_000;

export class ProtocolError extends Error {}

/** One typed message: `type` is its letter, `bytes` the whole message with type and length. */
export interface FrontendMessage {
  type: string;
  bytes: Buffer;
}

/**
 * Cuts a byte stream into messages. The first messages of a connection carry no type letter; `nextStartup` reads those,
 * `next` the typed ones. Both return null until a whole message has arrived and throw `ProtocolError` on bad lengths.
 */
export class MessageReader {
  #chunks: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): void {
    this.#chunks = this.#chunks.length === 0 ? chunk : Buffer.concat([this.#chunks, chunk]);
  }

  /** The code (protocol version or request number) and payload of a startup-phase message. */
  nextStartup(): { code: number; payload: Buffer } | null {
    if (this.#chunks.length < 8) return null;
    const length = this.#chunks.readInt32BE(0);
    if (length < 8 || length > MAX_STARTUP_BYTES) throw new ProtocolError("invalid length of startup packet");
    if (this.#chunks.length < length) return null;
    const message = this.#take(length);
    return { code: message.readInt32BE(4), payload: message.subarray(8) };
  }

  next(): FrontendMessage | null {
    if (this.#chunks.length < 5) return null;
    const length = this.#chunks.readInt32BE(1);
    if (length < 4 || length > MAX_MESSAGE_BYTES) throw new ProtocolError("invalid message length");
    if (this.#chunks.length < length + 1) return null;
    const bytes = this.#take(length + 1);
    return { type: String.fromCharCode(bytes[0] ?? 0), bytes };
  }

  #take(length: number): Buffer {
    const taken = this.#chunks.subarray(0, length);
    this.#chunks = this.#chunks.subarray(length);
    return taken;
  }
}

/** A message from its type letter and its parts; strings become NUL-terminated UTF-8. */
export function message(type: string, ...parts: (string | Buffer)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(`${part}\0`, "utf8") : part)));
  const head = Buffer.alloc(5);
  head.write(type, 0, "latin1");
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

export const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};

export const query = (sql: string): Buffer => message("Q", sql);
export const SYNC = message("S");
export const readyForQuery = (status: "I" | "T" | "E"): Buffer => message("Z", Buffer.from(status, "latin1"));

/** ErrorResponse. `code` is an SQLSTATE (PostgreSQL manual, appendix A). */
export const errorResponse = (severity: "ERROR" | "FATAL", code: string, text: string): Buffer =>
  message("E", Buffer.from(`S${severity}\0V${severity}\0C${code}\0M${text}\0\0`, "utf8"));

/**
 * The answer to a client's startup message: it is in (there are no passwords on loopback), the parameters drivers
 * look at, and that it may ask.
 */
export const welcome = (processId: number, serverVersion: string): Buffer =>
  Buffer.concat([
    message("R", int32(0)),
    ...Object.entries({
      server_version: serverVersion,
      server_encoding: "UTF8",
      client_encoding: "UTF8",
      DateStyle: "ISO, MDY",
      IntervalStyle: "postgres",
      TimeZone: "GMT",
      integer_datetimes: "on",
      standard_conforming_strings: "on",
    }).map(([name, value]) => message("S", name, value)),
    message("K", int32(processId), int32(0)),
    readyForQuery("I"),
  ]);

/** The transaction status with which an answer ends, or null when it does not end in ReadyForQuery. */
export function finalStatus(answer: readonly Uint8Array[]): "I" | "T" | "E" | null {
  const tail = Buffer.concat(lastBytes(answer, 6));
  if (tail.length < 6 || tail[0] !== 0x5a || tail.readInt32BE(1) !== 5) return null;
  const status = String.fromCharCode(tail[5] ?? 0);
  return status === "I" || status === "T" || status === "E" ? status : null;
}

function lastBytes(chunks: readonly Uint8Array[], count: number): Uint8Array[] {
  const tail: Uint8Array[] = [];
  let left = count;
  for (let i = chunks.length - 1; i >= 0 && left > 0; i--) {
    const chunk = chunks[i]!;
    tail.unshift(chunk.subarray(Math.max(0, chunk.length - left)));
    left -= Math.min(left, chunk.length);
  }
  return tail;
}
