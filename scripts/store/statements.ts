import { message, type FrontendMessage } from "./wire";

/**
 * Prepared statements live in the one backend that all connections share, so each connection's names get a prefix of
 * its own. The unnamed statement cannot be renamed; `usesForeignUnnamed` tells when a connection would bind the one
 * another connection prepared.
 */
export class StatementNames {
  readonly #prefix: string;
  readonly #open = new Set<string>();

  constructor(connectionId: number) {
    this.#prefix = `c${connectionId}_`;
  }

  /** The message with its statement name made unique to this connection. */
  rename({ type, bytes }: FrontendMessage): Buffer {
    if (type === "P") {
      const name = text(bytes, 5);
      if (name.value === "") return bytes;
      this.#open.add(name.value);
      return message("P", this.#prefix + name.value, bytes.subarray(name.end));
    }
    if (type === "B") {
      const portal = text(bytes, 5);
      const name = text(bytes, portal.end);
      if (name.value === "") return bytes;
      return message("B", bytes.subarray(5, portal.end), this.#prefix + name.value, bytes.subarray(name.end));
    }
    if ((type === "D" || type === "C") && bytes[5] === STATEMENT) {
      const name = text(bytes, 6);
      if (name.value === "") return bytes;
      if (type === "C") this.#open.delete(name.value);
      return message(type, bytes.subarray(5, 6), this.#prefix + name.value);
    }
    return bytes;
  }

  /** Close messages for every statement still open, for when the connection goes. */
  closeAll(): Buffer[] {
    const messages = [...this.#open].map((name) => message("C", Buffer.from("S"), this.#prefix + name));
    this.#open.clear();
    return messages;
  }
}

/** Whether the batch copies from the client: the backend would wait for data that only its next turn could bring. */
export const copiesFromClient = (batch: readonly FrontendMessage[]): boolean =>
  batch.some(({ type, bytes }) => {
    if (type !== "Q" && type !== "P") return false;
    const start = type === "Q" ? 5 : text(bytes, 5).end;
    return /(?:^|;)\s*copy\b[^;]*\bfrom\s+stdin\b/i.test(text(bytes, start).value);
  });

/** Whether the batch binds or describes the unnamed statement before preparing one of its own. */
export function usesUnnamed(batch: readonly FrontendMessage[]): boolean {
  for (const { type, bytes } of batch) {
    if (type === "P" && text(bytes, 5).value === "") return false;
    if (type === "B" && text(bytes, text(bytes, 5).end).value === "") return true;
    if (type === "D" && bytes[5] === STATEMENT && text(bytes, 6).value === "") return true;
  }
  return false;
}

/** Whether the batch replaces the backend's unnamed statement (a simple query drops it). */
export const replacesUnnamed = (batch: readonly FrontendMessage[]): boolean =>
  batch.some(({ type, bytes }) => type === "Q" || (type === "P" && text(bytes, 5).value === ""));

const STATEMENT = "S".charCodeAt(0);

function text(bytes: Buffer, start: number): { value: string; end: number } {
  const nul = bytes.indexOf(0, start);
  const end = nul === -1 ? bytes.length : nul;
  return { value: bytes.toString("utf8", start, end), end: end + 1 };
}
