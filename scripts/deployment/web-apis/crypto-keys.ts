/** WebCrypto keys over `node:crypto` KeyObjects: what import, export and the operations agree on. */
import { type KeyObject, type JsonWebKey, createSecretKey, createPublicKey, createPrivateKey } from "node:crypto";

export type Bytes = ArrayBuffer | ArrayBufferView;
export type KeyFormat = "raw" | "pkcs8" | "spki" | "jwk";
export interface Algorithm {
  name: string;
  [parameter: string]: unknown;
}

/** An Error whose name the sandbox keeps, since `DOMException` names are what callers test. */
export class CryptoError extends Error {
  constructor(
    name: "NotSupportedError" | "OperationError" | "InvalidAccessError" | "DataError" | "SyntaxError",
    message: string,
  ) {
    super(message);
    this.name = name;
  }
}

/** The `CryptoKey` of queries and mutations. `instanceof` and `Symbol.toStringTag` tests of libraries hold. */
export class SyncCryptoKey {
  readonly #handle: KeyObject;
  constructor(
    handle: KeyObject,
    readonly algorithm: Algorithm,
    readonly extractable: boolean,
    readonly usages: string[],
  ) {
    this.#handle = handle;
  }
  get type(): "secret" | "public" | "private" {
    return this.#handle.type;
  }
  get [Symbol.toStringTag](): string {
    return "CryptoKey";
  }
  static handle(key: SyncCryptoKey): KeyObject {
    return key.#handle;
  }
}

/** The `KeyObject` behind a key, after checking that the key may be used this way. */
export function requireHandle(key: unknown, usage: string | null): KeyObject {
  if (!(key instanceof SyncCryptoKey)) throw new TypeError("key is not a CryptoKey");
  if (usage && !key.usages.includes(usage))
    throw new CryptoError("InvalidAccessError", `The key's usages do not allow "${usage}".`);
  return SyncCryptoKey.handle(key);
}

export function toBytes(data: Bytes): Uint8Array {
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return new Uint8Array(data);
}

/** A fresh ArrayBuffer of exactly these bytes (Buffers may share a pool). */
export function toArrayBuffer(bytes: Uint8Array): ArrayBuffer {
  const copy = new Uint8Array(bytes.byteLength);
  copy.set(bytes);
  return copy.buffer;
}

export function normalize(algorithm: unknown): Algorithm {
  const object = typeof algorithm === "string" ? { name: algorithm } : (algorithm as Algorithm | null);
  if (!object || typeof object.name !== "string") throw new TypeError("algorithm has no name");
  const canonical = ALGORITHM_NAMES.get(object.name.toUpperCase());
  if (!canonical) throw new CryptoError("NotSupportedError", `Unrecognized algorithm name: ${object.name}`);
  return { ...object, name: canonical };
}

const ALGORITHM_NAMES = new Map(
  [
    "HMAC",
    "PBKDF2",
    "HKDF",
    "AES-GCM",
    "AES-CBC",
    "AES-CTR",
    "RSASSA-PKCS1-v1_5",
    "RSA-PSS",
    "RSA-OAEP",
    "ECDSA",
    "ECDH",
    "Ed25519",
    "X25519",
    "SHA-1",
    "SHA-256",
    "SHA-384",
    "SHA-512",
  ].map((name) => [name.toUpperCase(), name] as const),
);

/** `{name: "SHA-256"}` or `"SHA-256"` as node's digest name. */
export function readDigestName(hash: unknown): string {
  const { name } = normalize(hash);
  if (!name.startsWith("SHA-")) throw new CryptoError("NotSupportedError", `${name} is not a digest`);
  return name.replace("-", "").toLowerCase();
}

/** @throws CryptoError "DataError" when the data is no such key. */
// oxlint-disable-next-line max-params -- the Web Crypto API has these parameters
export function importKey(
  format: KeyFormat,
  data: unknown,
  algorithm: unknown,
  extractable: boolean,
  usages: string[],
): SyncCryptoKey {
  const normalized = normalize(algorithm);
  const handle = readKey(format, data, normalized.name);
  return new SyncCryptoKey(handle, describeAlgorithm(normalized, handle), extractable, [...usages]);
}

export function exportKey(format: KeyFormat, key: unknown): ArrayBuffer | JsonWebKey {
  const handle = requireHandle(key, null);
  const { extractable, algorithm, usages } = key as SyncCryptoKey;
  if (!extractable) throw new CryptoError("InvalidAccessError", "The key is not extractable.");
  if (format === "jwk")
    return { ...handle.export({ format: "jwk" }), ...makeJwkAlgorithm(algorithm), key_ops: usages, ext: true };
  if (handle.type === "secret") return toArrayBuffer(handle.export());
  if (format === "pkcs8" && handle.type === "private")
    return toArrayBuffer(handle.export({ format: "der", type: "pkcs8" }));
  if (handle.type === "public") {
    if (format === "spki") return toArrayBuffer(handle.export({ format: "der", type: "spki" }));
    if (format === "raw") {
      const jwk = handle.export({ format: "jwk" });
      const parts = [jwk.x, jwk.y].filter((part) => part !== undefined).map((part) => Buffer.from(part, "base64url"));
      return toArrayBuffer(Buffer.concat(jwk.y === undefined ? parts : [Buffer.from([4]), ...parts]));
    }
  }
  throw new CryptoError("NotSupportedError", `A ${handle.type} key cannot be exported as ${format}.`);
}

function readKey(format: KeyFormat, data: unknown, name: string): KeyObject {
  try {
    if (format === "jwk") {
      const jwk = data as JsonWebKey;
      if (jwk.kty === "oct") return createSecretKey(Buffer.from(jwk.k ?? "", "base64url"));
      return jwk.d === undefined
        ? createPublicKey({ key: jwk, format: "jwk" })
        : createPrivateKey({ key: jwk, format: "jwk" });
    }
    const bytes = Buffer.from(toBytes(data as Bytes));
    if (format === "pkcs8") return createPrivateKey({ key: bytes, format: "der", type: "pkcs8" });
    if (format === "spki") return createPublicKey({ key: bytes, format: "der", type: "spki" });
    if (format === "raw") {
      if (name === "Ed25519" || name === "X25519") {
        return createPublicKey({
          key: { kty: "OKP", crv: name, x: bytes.toString("base64url") },
          format: "jwk",
        });
      }
      if (name === "ECDSA" || name === "ECDH") {
        const size = (bytes.length - 1) / 2;
        const crv = { 32: "P-256", 48: "P-384", 66: "P-521" }[size];
        const [x, y] = [bytes.subarray(1, 1 + size), bytes.subarray(1 + size)].map((part) =>
          part.toString("base64url"),
        );
        return createPublicKey({ key: { kty: "EC", crv, x, y }, format: "jwk" });
      }
      return createSecretKey(bytes);
    }
  } catch (error) {
    throw new CryptoError(
      "DataError",
      `Invalid ${name} key (${format}): ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  throw new CryptoError("NotSupportedError", `Key format "${String(format)}" is not supported.`);
}

function describeAlgorithm(algorithm: Algorithm, handle: KeyObject): Algorithm {
  const described: Algorithm = { name: algorithm.name };
  if (algorithm.hash !== undefined) described.hash = { name: normalize(algorithm.hash).name };
  if (algorithm.namedCurve !== undefined) described.namedCurve = algorithm.namedCurve;
  if (handle.type === "secret") {
    if (algorithm.name.startsWith("AES") || algorithm.name === "HMAC")
      described.length = (handle.symmetricKeySize ?? 0) * 8;
  } else if (algorithm.name.startsWith("RSA")) {
    described.modulusLength = handle.asymmetricKeyDetails?.modulusLength;
    described.publicExponent = new Uint8Array([1, 0, 1]);
  }
  return described;
}

function makeJwkAlgorithm({ name, hash }: Algorithm): { alg?: string } {
  const bits = (hash as { name?: string } | undefined)?.name?.slice(4);
  if (name === "HMAC" && bits) return { alg: `HS${bits}` };
  if (name === "RSASSA-PKCS1-v1_5" && bits) return { alg: `RS${bits}` };
  if (name === "RSA-PSS" && bits) return { alg: `PS${bits}` };
  return {};
}
