import { randomUUID } from "node:crypto";
import type { Outcome, QueryOutcome } from "../../functions";

/** A socket's place in the protocol. Every transition starts where the last one ended, or the client gives up. */
export interface StateVersion {
  querySet: number;
  identity: number;
  ts: bigint;
}

/** Beyond this many characters a transition goes out in parts, so that no frame grows without bound. */
const MAX_TEXT_LENGTH = 5_000_000;
const CHUNK_LENGTH = 1_000_000;

/** Keeps its last result: the transitions of one change all start and end at the same times. */
class TsEncoder {
  #ts = 0n;
  #text = encode(0n);

  encode(ts: bigint): string {
    if (this.#ts !== ts) {
      this.#ts = ts;
      this.#text = encode(ts);
    }
    return this.#text;
  }
}

const starts = new TsEncoder();
const ends = new TsEncoder();

/** A u64 as base64 of its 8 little-endian bytes. */
export function encodeTs(ts: bigint): string {
  return ends.encode(ts);
}

function encode(ts: bigint): string {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigUInt64LE(ts);
  return bytes.toString("base64");
}

/** The inverse; null when the text is not 8 bytes of base64. */
export function decodeTs(text: string): bigint | null {
  const bytes = Buffer.from(text, "base64");
  return bytes.length === 8 ? bytes.readBigUInt64LE() : null;
}

/** One modification of a transition. The value is already JSON text and is only ever concatenated. */
export function formatModification(queryId: number, outcome: QueryOutcome): string {
  const tail = `,"logLines":${JSON.stringify(outcome.logLines)},"journal":${JSON.stringify(outcome.journal)}}`;
  if (outcome.ok) return `{"type":"QueryUpdated","queryId":${queryId},"value":${outcome.value}${tail}`;
  const data = outcome.errorData === undefined ? "" : `,"errorData":${outcome.errorData}`;
  const message = JSON.stringify(outcome.errorMessage);
  return `{"type":"QueryFailed","queryId":${queryId},"errorMessage":${message}${data}${tail}`;
}

export function formatRemoval(queryId: number): string {
  return `{"type":"QueryRemoved","queryId":${queryId}}`;
}

export function formatTransition(start: StateVersion, end: StateVersion, modifications: string): string {
  const versions = `"startVersion":${formatVersion(start, starts)},"endVersion":${formatVersion(end, ends)}`;
  return `{"type":"Transition",${versions},"modifications":[${modifications}]}`;
}

/** The answer to a call. @param extra more fields, each with a comma before it. */
export function formatResponse(
  { type, requestId, outcome }: { type: string; requestId: number; outcome: Outcome },
  extra: string,
): string {
  const result = outcome.ok ? outcome.value : JSON.stringify(outcome.errorMessage);
  const data = !outcome.ok && outcome.errorData !== undefined ? `,"errorData":${outcome.errorData}` : "";
  const head = `{"type":"${type}","requestId":${requestId},"success":${outcome.ok},"result":${result}`;
  return `${head}${data}${extra},"logLines":${JSON.stringify(outcome.logLines)}}`;
}

function formatVersion({ querySet, identity, ts }: StateVersion, encoder: TsEncoder): string {
  return `{"querySet":${querySet},"identity":${identity},"ts":"${encoder.encode(ts)}"}`;
}

/** The frames that carry a transition: itself, or its parts. */
export function splitIntoFrames(transition: string): string[] {
  if (transition.length <= MAX_TEXT_LENGTH) return [transition];
  const transitionId = randomUUID();
  const totalParts = Math.ceil(transition.length / CHUNK_LENGTH);
  return Array.from({ length: totalParts }, (_, partNumber) =>
    JSON.stringify({
      type: "TransitionChunk",
      chunk: transition.slice(partNumber * CHUNK_LENGTH, (partNumber + 1) * CHUNK_LENGTH),
      partNumber,
      totalParts,
      transitionId,
    }),
  );
}
