/**
 * Outcomes of clients' mutations by session and request, committed with the mutation: a client that lost the
 * connection before the answer sends the mutation again, and must get what happened instead of a second run.
 */
import type { MutationOutcome } from "../functions";
import type { MetaStore } from "../storage";

export interface ClientRequest {
  sessionId: string;
  requestId: number;
}

interface Stored {
  value: string;
  logLines: string[];
  ts: string;
  atMs: number;
}

/** A client has at most 1,000 requests pending, and their ids ascend: older ones can no longer be asked for. */
const KEPT_REQUESTS = 1_024;
const KEPT_MS = 24 * 60 * 60 * 1000;
const SWEEP_EVERY_MS = 60 * 60 * 1000;
const PREFIX = "engine/outcome/";

export class MutationOutcomes {
  readonly #meta: MetaStore;
  #nextSweepMs = Date.now() + SWEEP_EVERY_MS;

  constructor(meta: MetaStore) {
    this.#meta = meta;
  }

  find(clientRequest: ClientRequest): MutationOutcome | null {
    const text = this.#meta.get(makeOutcomeKey(clientRequest.sessionId, clientRequest.requestId));
    if (text === null) return null;
    const { value, logLines, ts } = JSON.parse(text) as Stored;
    return { ok: true, value, logLines, ts: BigInt(ts) };
  }

  /** Inside the group commit of the mutation. */
  keep(clientRequest: ClientRequest, outcome: MutationOutcome): void {
    if (!outcome.ok) return;
    const stored: Stored = {
      value: outcome.value,
      logLines: outcome.logLines,
      ts: String(outcome.ts),
      atMs: Date.now(),
    };
    this.#meta.put(makeOutcomeKey(clientRequest.sessionId, clientRequest.requestId), JSON.stringify(stored));
    if (clientRequest.requestId >= KEPT_REQUESTS)
      this.#meta.delete(makeOutcomeKey(clientRequest.sessionId, clientRequest.requestId - KEPT_REQUESTS));
    if (stored.atMs > this.#nextSweepMs) this.#sweep(stored.atMs);
  }

  #sweep(nowMs: number): void {
    this.#nextSweepMs = nowMs + SWEEP_EVERY_MS;
    const old: string[] = [];
    for (const [key, text] of this.#meta.list(PREFIX)) {
      if (nowMs - (JSON.parse(text) as Stored).atMs > KEPT_MS) old.push(key);
    }
    for (const key of old) this.#meta.delete(key);
  }
}

function makeOutcomeKey(sessionId: string, requestId: number): string {
  return `${PREFIX}${sessionId}/${String(requestId).padStart(10, "0")}`;
}
