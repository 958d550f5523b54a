import { webcrypto } from "node:crypto";
import { describe, expect, test } from "vitest";
import { syncSubtle } from "./crypto";

const { subtle } = webcrypto;
const text = new TextEncoder().encode("the message");
const iv = new Uint8Array(12).fill(7);
const block = new Uint8Array(16).fill(9);
const bytes = (data: ArrayBuffer) => Buffer.from(data).toString("hex");

type Params = Parameters<typeof subtle.importKey>[2];

/** The same key in Node's WebCrypto and in the synchronous one. */
async function both(
  key: webcrypto.CryptoKey,
  format: "raw" | "pkcs8" | "spki" | "jwk",
  params: Params,
  usages: string[],
) {
  const data = await subtle.exportKey(format as "raw", key);
  return [
    await subtle.importKey(format as "raw", data, params, true, usages as webcrypto.KeyUsage[]),
    syncSubtle.importKey(format, data, params, true, usages),
  ] as const;
}

describe("agrees with Node's WebCrypto", () => {
  test.each(["SHA-1", "SHA-256", "SHA-384", "SHA-512"])("digest %s", async (name) => {
    expect(bytes(syncSubtle.digest(name, text))).toBe(bytes(await subtle.digest(name, text)));
  });

  test.each(["raw", "jwk"] as const)("HMAC over %s keys", async (format) => {
    const params = { name: "HMAC", hash: "SHA-256" };
    const key = (await subtle.generateKey(params, true, ["sign", "verify"])) as webcrypto.CryptoKey;
    const [theirs, ours] = await both(key, format, params, ["sign", "verify"]);
    const mac = syncSubtle.sign("HMAC", ours, text);
    expect(bytes(mac)).toBe(bytes(await subtle.sign("HMAC", theirs, text)));
    expect(syncSubtle.verify("HMAC", ours, mac, text)).toBe(true);
    expect(syncSubtle.verify("HMAC", ours, mac.slice(1), text)).toBe(false);
  });

  test.each([
    [
      "RSASSA-PKCS1-v1_5",
      {
        name: "RSASSA-PKCS1-v1_5",
        hash: "SHA-256",
        modulusLength: 2048,
        publicExponent: new Uint8Array([1, 0, 1]),
      },
      {},
    ],
    [
      "RSA-PSS",
      { name: "RSA-PSS", hash: "SHA-256", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
      { saltLength: 32 },
    ],
    ["ECDSA", { name: "ECDSA", namedCurve: "P-256" }, { hash: "SHA-256" }],
    ["Ed25519", { name: "Ed25519" }, {}],
  ])("signatures with %s verify on the other side", async (name, params, options) => {
    const pair = await subtle.generateKey(params as webcrypto.RsaHashedKeyGenParams, true, ["sign", "verify"]);
    const algorithm = { name, ...options };
    for (const [secret, open] of [
      ["pkcs8", "spki"],
      ["jwk", "jwk"],
    ] as const) {
      const [theirPrivate, ourPrivate] = await both(pair.privateKey, secret, params, ["sign"]);
      const [theirPublic, ourPublic] = await both(pair.publicKey, open, params, ["verify"]);
      expect(await subtle.verify(algorithm, theirPublic, syncSubtle.sign(algorithm, ourPrivate, text), text)).toBe(
        true,
      );
      expect(syncSubtle.verify(algorithm, ourPublic, await subtle.sign(algorithm, theirPrivate, text), text)).toBe(
        true,
      );
      expect(bytes(syncSubtle.exportKey("spki", ourPublic) as ArrayBuffer)).toBe(
        bytes(await subtle.exportKey("spki", theirPublic)),
      );
    }
  });

  test.each([
    ["AES-GCM", { name: "AES-GCM", iv, additionalData: text }],
    ["AES-CBC", { name: "AES-CBC", iv: block }],
    ["AES-CTR", { name: "AES-CTR", counter: block, length: 64 }],
  ])("%s both ways, and a changed message fails", async (name, algorithm) => {
    const key = await subtle.generateKey({ name, length: 256 }, true, ["encrypt", "decrypt"]);
    const [theirs, ours] = await both(key, "raw", { name }, ["encrypt", "decrypt"]);
    const sealed = syncSubtle.encrypt(algorithm, ours, text);
    expect(bytes(sealed)).toBe(bytes(await subtle.encrypt(algorithm, theirs, text)));
    expect(bytes(syncSubtle.decrypt(algorithm, ours, sealed))).toBe(bytes(text.buffer));
    if (name === "AES-GCM") {
      new Uint8Array(sealed)[0]! ^= 1;
      expect(() => syncSubtle.decrypt(algorithm, ours, sealed)).toThrow(
        expect.objectContaining({ name: "OperationError" }),
      );
    }
  });

  test.each([
    ["PBKDF2", { name: "PBKDF2", hash: "SHA-256", salt: block, iterations: 100 }],
    ["HKDF", { name: "HKDF", hash: "SHA-512", salt: block, info: text }],
  ])("%s derives the same bits and keys", async (name, algorithm) => {
    const theirs = await subtle.importKey("raw", text, name, false, ["deriveBits", "deriveKey"]);
    const ours = syncSubtle.importKey("raw", text, name, false, ["deriveBits", "deriveKey"]);
    expect(bytes(syncSubtle.deriveBits(algorithm, ours, 256))).toBe(
      bytes(await subtle.deriveBits(algorithm, theirs, 256)),
    );
    const target = { name: "AES-GCM", length: 128 };
    const derived = await subtle.deriveKey(algorithm, theirs, target, true, ["encrypt"]);
    const same = syncSubtle.deriveKey(algorithm, ours, target, true, ["encrypt"]);
    expect(bytes(syncSubtle.exportKey("raw", same) as ArrayBuffer)).toBe(bytes(await subtle.exportKey("raw", derived)));
  });

  test("ECDH agrees on a secret", async () => {
    const params = { name: "ECDH", namedCurve: "P-256" };
    const [a, b] = await Promise.all([1, 2].map(async () => await subtle.generateKey(params, true, ["deriveBits"])));
    if (!a || !b) throw new Error("no keys");
    const [, ourPrivate] = await both(a.privateKey, "pkcs8", params, ["deriveBits"]);
    const [, ourPublic] = await both(b.publicKey, "raw", params, []);
    const expected = await subtle.deriveBits({ name: "ECDH", public: a.publicKey }, b.privateKey, 256);
    expect(bytes(syncSubtle.deriveBits({ name: "ECDH", public: ourPublic }, ourPrivate, 256))).toBe(bytes(expected));
  });
});

describe("refuses", () => {
  const key = syncSubtle.importKey("raw", text, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);

  test.each<[string, () => unknown, string]>([
    ["uses a key does not have", () => syncSubtle.verify("HMAC", key, text, text), "InvalidAccessError"],
    ["exporting what is not extractable", () => syncSubtle.exportKey("raw", key), "InvalidAccessError"],
    ["unknown algorithms", () => syncSubtle.digest("MD5", text), "NotSupportedError"],
    [
      "broken keys",
      () => syncSubtle.importKey("pkcs8", text, { name: "ECDSA", namedCurve: "P-256" }, true, ["sign"]),
      "DataError",
    ],
    ["new keys", () => syncSubtle.generateKey(), "NotSupportedError"],
  ])("%s", (_what, work, name) => {
    expect(work).toThrow(expect.objectContaining({ name }));
  });

  test("a key tells what it is", () => {
    const { type, extractable, usages, algorithm } = key;
    expect({ type, extractable, usages, algorithm }).toEqual({
      type: "secret",
      extractable: false,
      usages: ["sign"],
      algorithm: { name: "HMAC", hash: { name: "SHA-256" }, length: 88 },
    });
    expect(Object.prototype.toString.call(key)).toBe("[object CryptoKey]");
  });
});
