/**
 * The keys that access tokens are signed and verified with, in the deployment variables `JWT_PRIVATE_KEY` and `JWKS`.
 * Each has an id, which tokens name in their header, so that several can be in force: the one that signs, and those
 * whose tokens have not all expired.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, randomUUID } from "node:crypto";

/** Access tokens are good for this long, and a minute more on clocks that are behind. */
const TOKENS_LAST_SECONDS = 15 * 60 + 60;

/** A public key. `retired_at` and `named_at` are ours; others ignore what they do not know (RFC 7517, 4). */
interface PublicKey {
  kid?: string;
  n?: string;
  /** When another key took over, in seconds since the epoch. */
  retired_at?: number;
  /** When a key got its id that had none; tokens from before name no key. */
  named_at?: number;
}

export interface SigningKeys {
  JWT_PRIVATE_KEY: string;
  JWKS: string;
}

const toSeconds = (at: Date): number => Math.floor(at.getTime() / 1000);
const formatKeys = (keys: PublicKey[]): string => JSON.stringify({ keys });

/** @throws Error, one line, when it is no JWKS document. */
function parseKeys(jwks: string): PublicKey[] {
  try {
    const { keys } = JSON.parse(jwks) as { keys: PublicKey[] };
    if (Array.isArray(keys)) return keys;
  } catch {
    // As below.
  }
  throw new Error("The deployment's variable JWKS holds no keys.");
}

/** A first key pair, in the form that Convex Auth expects. */
export function makeSigningKeys(): SigningKeys {
  const { JWT_PRIVATE_KEY, publicKey } = makePair();
  return { JWT_PRIVATE_KEY, JWKS: formatKeys([publicKey]) };
}

function makePair(): { JWT_PRIVATE_KEY: string; publicKey: PublicKey } {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  return {
    JWT_PRIVATE_KEY: pem.trimEnd().replaceAll("\n", " "),
    publicKey: { use: "sig", alg: "RS256", kid: randomUUID(), ...publicKey.export({ format: "jwk" }) } as PublicKey,
  };
}

/** The public key of what signs. Convex Auth takes private keys whose lines are joined by spaces. */
function findSigning(keys: PublicKey[], privateKey: string): PublicKey {
  const der = Buffer.from(privateKey.replace(/-----[^-]+-----|\s/g, ""), "base64");
  const { n } = createPublicKey(createPrivateKey({ key: der, format: "der", type: "pkcs8" })).export({ format: "jwk" });
  const found = keys.find((key) => key.n === n);
  if (!found) throw new Error("JWKS of the deployment lacks the key that JWT_PRIVATE_KEY signs with.");
  return found;
}

/** The changes of a start: keys without an id get one, and keys go whose tokens have all expired. */
export function tidyKeys(jwks: string | undefined, now = new Date()): { JWKS?: string } {
  if (jwks === undefined) return {};
  const tidy = formatKeys(nameKeys(dropExpired(parseKeys(jwks), now), now));
  return tidy === jwks ? {} : { JWKS: tidy };
}

// Tokens without an id find their key only while there is one, so ids are given to a single key alone.
const nameKeys = (keys: PublicKey[], now: Date): PublicKey[] =>
  keys.length === 1 && keys[0]!.kid === undefined
    ? [{ ...keys[0], kid: randomUUID(), named_at: toSeconds(now) }]
    : keys;

const dropExpired = (keys: PublicKey[], now: Date): PublicKey[] =>
  keys.filter(({ retired_at: at }) => at === undefined || at + TOKENS_LAST_SECONDS > toSeconds(now));

/** A rotation: `announced` is set first, and once everybody who verifies has had time to read it, `taken`. */
export interface Rotation {
  announced: Pick<SigningKeys, "JWKS">;
  taken: SigningKeys;
  /** When the last token of the key so far has expired. */
  overAt: Date;
}

/** @throws Error, one line, while tokens are in force that name no key. */
export function planRotation(present: SigningKeys, waitSeconds: number, now = new Date()): Rotation {
  const keys = dropExpired(parseKeys(present.JWKS), now);
  const signing = findSigning(keys, present.JWT_PRIVATE_KEY);
  if (signing.kid === undefined) throw new KeyWithoutId(keys, now);
  const freeAt = (signing.named_at ?? 0) + TOKENS_LAST_SECONDS;
  if (freeAt > toSeconds(now))
    throw new Error(`Tokens from before the key had an id are good until ${formatTime(freeAt)}: rotate after that.`);
  const { JWT_PRIVATE_KEY, publicKey } = makePair();
  const retiredAt = toSeconds(now) + waitSeconds;
  const { named_at: _named, ...named } = signing;
  const retire = (key: PublicKey) => (key === signing ? { ...named, retired_at: retiredAt } : key);
  return {
    announced: { JWKS: formatKeys([...keys, publicKey]) },
    taken: { JWT_PRIVATE_KEY, JWKS: formatKeys([...keys.map(retire), publicKey]) },
    overAt: new Date((retiredAt + TOKENS_LAST_SECONDS) * 1000),
  };
}

/** Thrown when the key in force has no id; `named` is what gives it one. */
export class KeyWithoutId extends Error {
  readonly named: Pick<SigningKeys, "JWKS">;

  constructor(keys: PublicKey[], now: Date) {
    const until = formatTime(toSeconds(now) + TOKENS_LAST_SECONDS);
    super(`The key in force had no id and has one now. Tokens from before are good until ${until}: rotate after that.`);
    this.named = { JWKS: formatKeys(nameKeys(keys, now)) };
  }
}

/** The variables without keys that no token in force is of. @throws Error, one line, while there are such tokens. */
export function finishRotation({ JWKS }: Pick<SigningKeys, "JWKS">, now = new Date()): { JWKS: string; ended: number } {
  const keys = parseKeys(JWKS);
  const left = dropExpired(keys, now);
  const waiting = left.flatMap(({ retired_at: at }) => at ?? []);
  if (waiting.length > 0 && left.length === keys.length)
    throw new Error(`Tokens of the old key are good until ${formatTime(Math.max(...waiting) + TOKENS_LAST_SECONDS)}.`);
  return { JWKS: formatKeys(left), ended: keys.length - left.length };
}

/** All keys but the one that signs end at once, with their tokens: for a key that somebody else has got hold of. */
export function endOldKeys({ JWKS, JWT_PRIVATE_KEY }: SigningKeys): { JWKS: string; ended: number } {
  const keys = parseKeys(JWKS);
  return { JWKS: formatKeys([findSigning(keys, JWT_PRIVATE_KEY)]), ended: keys.length - 1 };
}

const formatTime = (seconds: number): string => new Date(seconds * 1000).toISOString().replace(/\.\d+/, "");
