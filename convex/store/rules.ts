import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../lib/time";

/** focus/README.md §5, Sync: 5 s → 1 h, and after ten failures a row waits for a person. */
export const BACKOFF_MS = { first: 5 * SECOND_MS, most: HOUR_MS } as const;
export const MAX_ATTEMPTS = 10;

/** While the store answers nobody, one row is tried at least this often, and the others keep their attempts. */
export const OUTAGE_PAUSE_MAX_MS = MINUTE_MS;

/** Rows handed to the store at once: reading or deleting so many takes a live update's turn for a few milliseconds. */
export const BATCH_SIZE = 256;
/**
 * The stored state of a row whose last delivery ended without an outcome; which rows are claimed is in `storeBatches`.
 */
export const SUSPECT = "claimed";
/** Rows tried together after the delivery that had them ended without a word; the next time each goes alone. */
export const SUSPECT_BATCH_SIZE = 16;
/** A batch is given up after this time, well before its claim lapses. */
export const DELIVERY_TIMEOUT_MS = 20 * SECOND_MS;
/** A batch begins with at least this much of its run's lease left. */
export const CLAIM_MS = 25 * SECOND_MS;
/** Time for which a run keeps others out without a sign of life: a delivery that died delays others by no more. */
export const LEASE_MS = 30 * SECOND_MS;

/**
 * When to try again after failure number `attempts` (from 1), in ms: doubling from 5 s to at most 1 h, of which the
 * upper half is random so that rows which failed together do not return together.
 *
 * @param random uniform in 0…1
 */
export function computeBackoff(attempts: number, random: number, mostMs: number = BACKOFF_MS.most): number {
  const full = Math.min(mostMs, BACKOFF_MS.first * 2 ** Math.max(0, attempts - 1));
  return Math.round(Math.max(BACKOFF_MS.first, full / 2 + (full / 2) * random));
}

export type StoreKind = "postgres" | "rest";

/**
 * The adapter for an address; null when there is no address. Throws on any other scheme, without repeating the address.
 */
export function readStoreKind(url: string | undefined): StoreKind | null {
  if (url === undefined || url === "") return null;
  if (/^postgres(ql)?:\/\//i.test(url)) return "postgres";
  if (/^https?:\/\//i.test(url)) return "rest";
  throw new Error("PERMANENT_STORE_URL must begin with postgres://, postgresql://, http:// or https://.");
}

const MAX_ERROR_LENGTH = 500;

/**
 * An error's text as it may be stored and shown: one line, without credentials of any address or of this deployment.
 */
export function redact(error: unknown, secrets: readonly (string | undefined)[]): string {
  let text = describe(error).replace(/\s+/g, " ").trim();
  for (const secret of secrets) if (secret !== undefined && secret.length > 3) text = text.replaceAll(secret, "…");
  return text
    .replace(/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@]*@/gi, "$1…@")
    .replace(/\bBearer\s+\S+/gi, "Bearer …")
    .slice(0, MAX_ERROR_LENGTH);
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // A refused connection to a name with several addresses has no message of its own.
  const parts = error instanceof AggregateError ? error.errors.map(describe) : [];
  return [error.message, ...parts].filter((part) => part !== "").join("; ") || error.name;
}

/** The secrets in the store's settings: the whole address and the passwords in it, as written and decoded. */
export function listSecrets(env: Record<string, string | undefined>): string[] {
  const url = env.PERMANENT_STORE_URL;
  const password = url === undefined ? undefined : /:\/\/[^/@:]*:([^@]*)@/.exec(url)?.[1];
  return [url, password, password && safeDecode(password), env.PERMANENT_STORE_TOKEN].filter(
    (secret): secret is string => secret !== undefined && secret !== "",
  );
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const DEFAULT_RETENTION_DAYS = 90;

/** Days that ended sessions stay in the live database; `FOCUS_RETENTION_DAYS`, default 90. */
export function readRetentionDays(setting: string | undefined): number {
  if (setting === undefined || setting === "") return DEFAULT_RETENTION_DAYS;
  const days = Number(setting);
  if (!Number.isInteger(days) || days < 1)
    throw new Error("FOCUS_RETENTION_DAYS must be a whole number of days, at least 1.");
  return days;
}

/** Midnight UTC that begins the day of `at`. */
export const getStartOfDay = (at: number): number => Math.floor(at / DAY_MS) * DAY_MS;
