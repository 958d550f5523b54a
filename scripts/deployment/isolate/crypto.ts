/**
 * `crypto.subtle` for queries and mutations: every operation finishes at once, because a transaction may not wait. The
 * sandbox wraps the results in promises of its own realm. Actions use Node's own asynchronous WebCrypto.
 */
import {
  createHash,
  sign as signWith,
  timingSafeEqual,
  verify as verifyWith,
  type JsonWebKey,
  type KeyObject,
  createHmac,
  type SignKeyObjectInput,
  constants,
  publicEncrypt,
  createCipheriv,
  privateDecrypt,
  createDecipheriv,
  diffieHellman,
  pbkdf2Sync,
  hkdfSync,
} from "node:crypto";
import {
  type Bytes,
  toArrayBuffer,
  digestName,
  toBytes,
  importKey,
  exportKey,
  handleFor,
  normalize,
  type SyncCryptoKey,
  CryptoError,
  type KeyFormat,
  type Algorithm,
} from "./crypto-keys";

/** The operations by their WebCrypto names; arguments and results as in the standard, without promises. */
export const syncSubtle = {
  digest(algorithm: unknown, data: Bytes): ArrayBuffer {
    return toArrayBuffer(createHash(digestName(algorithm)).update(toBytes(data)).digest());
  },

  importKey,
  exportKey,

  sign(algorithm: unknown, key: unknown, data: Bytes): ArrayBuffer {
    const handle = handleFor(key, "sign");
    const chosen = normalize(algorithm);
    if (chosen.name === "HMAC") return toArrayBuffer(hmac(key, handle, data));
    const [digest, input] = signature(chosen, key as SyncCryptoKey, handle);
    return toArrayBuffer(signWith(digest, toBytes(data), input));
  },

  verify(algorithm: unknown, key: unknown, mac: Bytes, data: Bytes): boolean {
    const handle = handleFor(key, "verify");
    const chosen = normalize(algorithm);
    if (chosen.name === "HMAC") {
      const expected = hmac(key, handle, data);
      const given = toBytes(mac);
      return expected.length === given.length && timingSafeEqual(expected, given);
    }
    const [digest, input] = signature(chosen, key as SyncCryptoKey, handle);
    return verifyWith(digest, toBytes(data), input, toBytes(mac));
  },

  encrypt(algorithm: unknown, key: unknown, data: Bytes): ArrayBuffer {
    return toArrayBuffer(encipher(normalize(algorithm), key, handleFor(key, "encrypt"), toBytes(data)));
  },

  decrypt(algorithm: unknown, key: unknown, data: Bytes): ArrayBuffer {
    return toArrayBuffer(decipher(normalize(algorithm), key, handleFor(key, "decrypt"), toBytes(data)));
  },

  deriveBits(algorithm: unknown, key: unknown, length: number | null): ArrayBuffer {
    return derive(normalize(algorithm), handleFor(key, "deriveBits"), length);
  },

  // oxlint-disable-next-line max-params -- the Web Crypto API has these parameters
  deriveKey(algorithm: unknown, key: unknown, target: unknown, extractable: boolean, usages: string[]): SyncCryptoKey {
    const wanted = normalize(target);
    const bits = typeof wanted.length === "number" ? wanted.length : wanted.name === "HMAC" ? 512 : null;
    return importKey(
      "raw",
      derive(normalize(algorithm), handleFor(key, "deriveKey"), bits),
      wanted,
      extractable,
      usages,
    );
  },

  generateKey(): never {
    throw new CryptoError(
      "NotSupportedError",
      "Can't use crypto.subtle.generateKey() in queries and mutations. Please consider using an action. " +
        "See https://docs.convex.dev/functions/actions for more details.",
    );
  },

  wrapKey(format: KeyFormat, key: unknown, wrappingKey: unknown, algorithm: unknown): ArrayBuffer {
    const exported = exportKey(format, key);
    const bytes = exported instanceof ArrayBuffer ? new Uint8Array(exported) : Buffer.from(JSON.stringify(exported));
    return toArrayBuffer(encipher(normalize(algorithm), wrappingKey, handleFor(wrappingKey, "wrapKey"), bytes));
  },

  // oxlint-disable-next-line max-params -- the Web Crypto API has these parameters
  unwrapKey(
    format: KeyFormat,
    wrapped: Bytes,
    unwrappingKey: unknown,
    algorithm: unknown,
    target: unknown,
    extractable: boolean,
    usages: string[],
  ): SyncCryptoKey {
    const bytes = decipher(
      normalize(algorithm),
      unwrappingKey,
      handleFor(unwrappingKey, "unwrapKey"),
      toBytes(wrapped),
    );
    const data = format === "jwk" ? (JSON.parse(Buffer.from(bytes).toString()) as JsonWebKey) : toArrayBuffer(bytes);
    return importKey(format, data, target, extractable, usages);
  },
};

function hmac(key: unknown, handle: KeyObject, data: Bytes): Buffer {
  return createHmac(digestName((key as SyncCryptoKey).algorithm.hash), handle)
    .update(toBytes(data))
    .digest();
}

function signature(
  chosen: Algorithm,
  key: SyncCryptoKey,
  handle: KeyObject,
): [digest: string | null, SignKeyObjectInput] {
  switch (chosen.name) {
    case "RSASSA-PKCS1-v1_5":
      return [digestName(key.algorithm.hash), { key: handle, padding: constants.RSA_PKCS1_PADDING }];
    case "RSA-PSS":
      return [
        digestName(key.algorithm.hash),
        { key: handle, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: Number(chosen.saltLength) },
      ];
    case "ECDSA":
      return [digestName(chosen.hash), { key: handle, dsaEncoding: "ieee-p1363" }];
    case "Ed25519":
      return [null, { key: handle }];
    default:
      throw new CryptoError("NotSupportedError", `${chosen.name} does not sign.`);
  }
}

const GCM_TAG_BYTES = 16;

function encipher(chosen: Algorithm, key: unknown, handle: KeyObject, data: Uint8Array): Uint8Array {
  if (chosen.name === "RSA-OAEP") return publicEncrypt(oaep(chosen, key, handle), data);
  if (chosen.name === "AES-GCM") {
    const cipher = createCipheriv(gcm(handle), handle, toBytes(chosen.iv as Bytes), {
      authTagLength: tagBytes(chosen),
    });
    if (chosen.additionalData) cipher.setAAD(toBytes(chosen.additionalData as Bytes));
    return Buffer.concat([cipher.update(data), cipher.final(), cipher.getAuthTag()]);
  }
  const cipher = createCipheriv(blockCipher(chosen, handle), handle, toBytes((chosen.iv ?? chosen.counter) as Bytes));
  return Buffer.concat([cipher.update(data), cipher.final()]);
}

function decipher(chosen: Algorithm, key: unknown, handle: KeyObject, data: Uint8Array): Uint8Array {
  try {
    if (chosen.name === "RSA-OAEP") return privateDecrypt(oaep(chosen, key, handle), data);
    if (chosen.name === "AES-GCM") {
      const split = data.length - tagBytes(chosen);
      const cipher = createDecipheriv(gcm(handle), handle, toBytes(chosen.iv as Bytes), {
        authTagLength: tagBytes(chosen),
      });
      if (chosen.additionalData) cipher.setAAD(toBytes(chosen.additionalData as Bytes));
      cipher.setAuthTag(data.subarray(split));
      return Buffer.concat([cipher.update(data.subarray(0, split)), cipher.final()]);
    }
    const cipher = createDecipheriv(
      blockCipher(chosen, handle),
      handle,
      toBytes((chosen.iv ?? chosen.counter) as Bytes),
    );
    return Buffer.concat([cipher.update(data), cipher.final()]);
  } catch (error) {
    if (error instanceof CryptoError) throw error;
    throw new CryptoError("OperationError", "The operation failed for an operation-specific reason");
  }
}

function gcm(handle: KeyObject): "aes-128-gcm" | "aes-192-gcm" | "aes-256-gcm" {
  return `aes-${(handle.symmetricKeySize ?? 0) * 8}-gcm` as "aes-256-gcm";
}

function tagBytes(chosen: Algorithm): number {
  return chosen.tagLength === undefined ? GCM_TAG_BYTES : Number(chosen.tagLength) / 8;
}

function blockCipher(chosen: Algorithm, handle: KeyObject): string {
  if (chosen.name !== "AES-CBC" && chosen.name !== "AES-CTR")
    throw new CryptoError("NotSupportedError", `${chosen.name} does not encrypt.`);
  return `aes-${(handle.symmetricKeySize ?? 0) * 8}-${chosen.name.slice(4).toLowerCase()}`;
}

function oaep(chosen: Algorithm, key: unknown, handle: KeyObject) {
  const label = chosen.label ? { oaepLabel: Buffer.from(toBytes(chosen.label as Bytes)) } : {};
  return {
    key: handle,
    padding: constants.RSA_PKCS1_OAEP_PADDING,
    oaepHash: digestName((key as SyncCryptoKey).algorithm.hash),
    ...label,
  };
}

function derive(chosen: Algorithm, handle: KeyObject, lengthBits: number | null): ArrayBuffer {
  if (chosen.name === "ECDH" || chosen.name === "X25519") {
    const secret = diffieHellman({ privateKey: handle, publicKey: handleFor(chosen.public, null) });
    return toArrayBuffer(lengthBits === null ? secret : secret.subarray(0, lengthBits / 8));
  }
  if (lengthBits === null || lengthBits % 8 !== 0)
    throw new CryptoError("OperationError", "length must be a multiple of 8 bits");
  const salt = toBytes(chosen.salt as Bytes);
  if (chosen.name === "PBKDF2") {
    return toArrayBuffer(
      pbkdf2Sync(handle.export(), salt, Number(chosen.iterations), lengthBits / 8, digestName(chosen.hash)),
    );
  }
  if (chosen.name === "HKDF") {
    return hkdfSync(digestName(chosen.hash), handle, salt, toBytes(chosen.info as Bytes), lengthBits / 8);
  }
  throw new CryptoError("NotSupportedError", `${chosen.name} does not derive bits.`);
}
