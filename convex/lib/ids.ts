/**
 * A public integer id: uniform in 1…2^48−1, so that ids tell nothing about how many rows there are
 * (rest/README.md §0). Enough for rows that nobody asks for by id alone; others take one from `findFreeIntegerId`.
 */
export function createIntegerId(): number {
  const bytes = crypto.getRandomValues(new Uint8Array(6));
  const value = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  return value === 0 ? 1 : value;
}

/** Draws integer ids until `isTaken` says no. */
export async function findFreeIntegerId(isTaken: (id: number) => Promise<boolean>): Promise<number> {
  for (;;) {
    const id = createIntegerId();
    if (!(await isTaken(id))) return id;
  }
}

export const createUuid = (): string => crypto.randomUUID();

/** A secret of 192 random bits, in characters that URLs take as they are. */
export function createSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_");
}

/** SHA-256 of the UTF-8 text, lower-case hex: what is stored of every credential. */
export async function hashSha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * "." and ".." are taken out of URLs before anybody sees them, in any encoding: what they name could not be reached.
 */
export const isPathSegment = (id: string): boolean => id !== "." && id !== "..";

export const UUID_PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
