import { createLocalJWKSet, type JSONWebKeySet } from "jose";

export type KeyResolver = ReturnType<typeof createLocalJWKSet>;
/**
 * Fetches a JSON document. The deployment's own URLs are answered in process; see `#fetchJson` in token-verifier.ts.
 */
export type FetchJson = (url: string) => Promise<unknown>;

const MAX_AGE_MS = 15 * 60_000;
/** Tokens with invented key ids must not make us fetch at will. */
const MIN_REFETCH_MS = 5_000;

interface Entry {
  keys: Promise<KeyResolver>;
  fetchedAt: number;
}

/** Key sets by URL, fetched once and again when a token names a key that is not in them. */
export class JwksCache {
  readonly #entries = new Map<string, Entry>();
  readonly #fetchJson: FetchJson;

  constructor(fetchJson: FetchJson) {
    this.#fetchJson = fetchJson;
  }

  /** @param refresh a key was missing: fetch anew unless that has just been done. */
  get(url: string, refresh = false): Promise<KeyResolver> {
    const existing = this.#entries.get(url);
    const age = existing === undefined ? Infinity : Date.now() - existing.fetchedAt;
    if (existing !== undefined && age < (refresh ? MIN_REFETCH_MS : MAX_AGE_MS)) return existing.keys;
    const entry: Entry = { keys: this.#fetch(url), fetchedAt: Date.now() };
    this.#entries.set(url, entry);
    // A failure must not stick: the issuer may be down only for a moment.
    entry.keys.catch(() => {
      if (this.#entries.get(url) === entry) this.#entries.delete(url);
    });
    return entry.keys;
  }

  clear(): void {
    this.#entries.clear();
  }

  async #fetch(url: string): Promise<KeyResolver> {
    const document = url.startsWith("data:") ? decodeDataUrl(url) : await this.#fetchJson(url);
    return createLocalJWKSet(document as JSONWebKeySet);
  }
}

function decodeDataUrl(url: string): unknown {
  const comma = url.indexOf(",");
  const payload = url.slice(comma + 1);
  const text = url.slice(0, comma).endsWith(";base64")
    ? Buffer.from(payload, "base64").toString("utf8")
    : decodeURIComponent(payload);
  return JSON.parse(text);
}
