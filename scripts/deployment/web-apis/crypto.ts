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
  readDigestName,
  toBytes,
  importKey,
  exportKey,
  requireHandle,
  normalize,
  type SyncCryptoKey,
  CryptoError,
  type KeyFormat,
  type Algorithm,
} from "./crypto-keys";

/** The operations by their WebCrypto names; arguments and results as in the standard, without promises. */
export const syncSubtle = {
  digest(algorithm: unknown, data: Bytes): ArrayBuffer {
    return toArrayBuffer(createHash(readDigestName(algorithm)).update(toBytes(data)).digest());
  },

  importKey,
  exportKey,

  sign(algorithm: unknown, key: unknown, data: Bytes): ArrayBuffer {
    const handle = requireHandle(key, "sign");
    const chosen = normalize(algorithm);
    if (chosen.name === "HMAC") return toArrayBuffer(computeHmac(key, handle, data));
    const [digest, input] = chooseSignature(chosen, key as SyncCryptoKey, handle);
    return toArrayBuffer(signWith(digest, toBytes(data), input));
  },

  verify(algorithm: unknown, key: unknown, mac: Bytes, data: Bytes): boolean {
    const handle = requireHandle(key, "verify");
    const chosen = normalize(algorithm);
    if (chosen.name === "HMAC") {
      const expected = computeHmac(key, handle, data);
      const given = toBytes(mac);
      return expected.length === given.length && timingSafeEqual(expected, given);
    }
    const [digest, input] = chooseSignature(chosen, key as SyncCryptoKey, handle);
    return verifyWith(digest, toBytes(data), input, toBytes(mac));
  },

  encrypt(algorithm: unknown, key: unknown, data: Bytes): ArrayBuffer {
    return toArrayBuffer(encipher(normalize(algorithm), key, requireHandle(key, "encrypt"), toBytes(data)));
  },

  decrypt(algorithm: unknown, key: unknown, data: Bytes): ArrayBuffer {
    return toArrayBuffer(decipher(normalize(algorithm), key, requireHandle(key, "decrypt"), toBytes(data)));
  },

  deriveBits(algorithm: unknown, key: unknown, length: number | null): ArrayBuffer {
    return deriveSecret(normalize(algorithm), requireHandle(key, "deriveBits"), length);
  },

  // oxlint-disable-next-line max-params -- the Web Crypto API has these parameters
  deriveKey(algorithm: unknown, key: unknown, target: unknown, extractable: boolean, usages: string[]): SyncCryptoKey {
    const wanted = normalize(target);
    const bits = typeof wanted.length === "number" ? wanted.length : wanted.name === "HMAC" ? 512 : null;
    return importKey(
      "raw",
      deriveSecret(normalize(algorithm), requireHandle(key, "deriveKey"), bits),
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
    return toArrayBuffer(encipher(normalize(algorithm), wrappingKey, requireHandle(wrappingKey, "wrapKey"), bytes));
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
      requireHandle(unwrappingKey, "unwrapKey"),
      toBytes(wrapped),
    );
    const data = format === "jwk" ? (JSON.parse(Buffer.from(bytes).toString()) as JsonWebKey) : toArrayBuffer(bytes);
    return importKey(format, data, target, extractable, usages);
  },
};

function computeHmac(key: unknown, handle: KeyObject, data: Bytes): Buffer {
  return createHmac(readDigestName((key as SyncCryptoKey).algorithm.hash), handle)
    .update(toBytes(data))
    .digest();
}

function chooseSignature(
  chosen: Algorithm,
  key: SyncCryptoKey,
  handle: KeyObject,
): [digest: string | null, SignKeyObjectInput] {
  switch (chosen.name) {
    case "RSASSA-PKCS1-v1_5":
      return [readDigestName(key.algorithm.hash), { key: handle, padding: constants.RSA_PKCS1_PADDING }];
    case "RSA-PSS":
      return [
        readDigestName(key.algorithm.hash),
        { key: handle, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: Number(chosen.saltLength) },
      ];
    case "ECDSA":
      return [readDigestName(chosen.hash), { key: handle, dsaEncoding: "ieee-p1363" }];
    case "Ed25519":
      return [null, { key: handle }];
    default:
      throw new CryptoError("NotSupportedError", `${chosen.name} does not sign.`);
  }
}

const GCM_TAG_BYTES = 16;

function encipher(chosen: Algorithm, key: unknown, handle: KeyObject, data: Uint8Array): Uint8Array {
  if (chosen.name === "RSA-OAEP") return publicEncrypt(makeOaepOptions(chosen, key, handle), data);
  if (chosen.name === "AES-GCM") {
    const cipher = createCipheriv(chooseGcm(handle), handle, toBytes(chosen.iv as Bytes), {
      authTagLength: readTagBytes(chosen),
    });
    if (chosen.additionalData) cipher.setAAD(toBytes(chosen.additionalData as Bytes));
    return Buffer.concat([cipher.update(data), cipher.final(), cipher.getAuthTag()]);
  }
  const cipher = createCipheriv(
    chooseBlockCipher(chosen, handle),
    handle,
    toBytes((chosen.iv ?? chosen.counter) as Bytes),
  );
  return Buffer.concat([cipher.update(data), cipher.final()]);
}

function decipher(chosen: Algorithm, key: unknown, handle: KeyObject, data: Uint8Array): Uint8Array {
  try {
    if (chosen.name === "RSA-OAEP") return privateDecrypt(makeOaepOptions(chosen, key, handle), data);
    if (chosen.name === "AES-GCM") {
      const split = data.length - readTagBytes(chosen);
      const cipher = createDecipheriv(chooseGcm(handle), handle, toBytes(chosen.iv as Bytes), {
        authTagLength: readTagBytes(chosen),
      });
      if (chosen.additionalData) cipher.setAAD(toBytes(chosen.additionalData as Bytes));
      cipher.setAuthTag(data.subarray(split));
      return Buffer.concat([cipher.update(data.subarray(0, split)), cipher.final()]);
    }
    const cipher = createDecipheriv(
      chooseBlockCipher(chosen, handle),
      handle,
      toBytes((chosen.iv ?? chosen.counter) as Bytes),
    );
    return Buffer.concat([cipher.update(data), cipher.final()]);
  } catch (error) {
    if (error instanceof CryptoError) throw error;
    throw new CryptoError("OperationError", "The operation failed for an operation-specific reason");
  }
}

function chooseGcm(handle: KeyObject): "aes-128-gcm" | "aes-192-gcm" | "aes-256-gcm" {
  return `aes-${(handle.symmetricKeySize ?? 0) * 8}-gcm` as "aes-256-gcm";
}

function readTagBytes(chosen: Algorithm): number {
  return chosen.tagLength === undefined ? GCM_TAG_BYTES : Number(chosen.tagLength) / 8;
}

function chooseBlockCipher(chosen: Algorithm, handle: KeyObject): string {
  if (chosen.name !== "AES-CBC" && chosen.name !== "AES-CTR")
    throw new CryptoError("NotSupportedError", `${chosen.name} does not encrypt.`);
  return `aes-${(handle.symmetricKeySize ?? 0) * 8}-${chosen.name.slice(4).toLowerCase()}`;
}

function makeOaepOptions(chosen: Algorithm, key: unknown, handle: KeyObject) {
  const label = chosen.label ? { oaepLabel: Buffer.from(toBytes(chosen.label as Bytes)) } : {};
  return {
    key: handle,
    padding: constants.RSA_PKCS1_OAEP_PADDING,
    oaepHash: readDigestName((key as SyncCryptoKey).algorithm.hash),
    ...label,
  };
}

function deriveSecret(chosen: Algorithm, handle: KeyObject, lengthBits: number | null): ArrayBuffer {
  if (chosen.name === "ECDH" || chosen.name === "X25519") {
    const secret = diffieHellman({ privateKey: handle, publicKey: requireHandle(chosen.public, null) });
    return toArrayBuffer(lengthBits === null ? secret : secret.subarray(0, lengthBits / 8));
  }
  if (lengthBits === null || lengthBits % 8 !== 0)
    throw new CryptoError("OperationError", "length must be a multiple of 8 bits");
  const salt = toBytes(chosen.salt as Bytes);
  if (chosen.name === "PBKDF2") {
    return toArrayBuffer(
      pbkdf2Sync(handle.export(), salt, Number(chosen.iterations), lengthBits / 8, readDigestName(chosen.hash)),
    );
  }
  if (chosen.name === "HKDF") {
    return hkdfSync(readDigestName(chosen.hash), handle, salt, toBytes(chosen.info as Bytes), lengthBits / 8);
  }
  throw new CryptoError("NotSupportedError", `${chosen.name} does not derive bits.`);
}
