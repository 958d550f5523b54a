import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { HttpError } from "../lib";
import type { MetaStore } from "../storage";
import type { JsonObject } from "../values";
import { type Identity, makeIdentityFromAttributes } from "./identity";

const HASH_KEY = "admin/keyHash";
const NAME_KEY = "admin/instanceName";
const DEFAULT_INSTANCE_NAME = "live-sessions";

/** The grant of an `Authorization: Convex …` header: everything, optionally with a user's identity. */
export interface AdminGrant {
  actingAs: Identity | null;
}

/**
 * The deployment's admin key: `<instanceName>|<opaque>`, optionally prefixed with a deployment type (`dev:`, `prod:`).
 * Only its SHA-256 is kept; with 32 random bytes in the key no slow hash is needed.
 */
export class AdminKeys {
  readonly instanceName: string;
  /** The key when it is known in clear, that is when it was given or has just been made; otherwise "". */
  readonly clearKey: string;
  readonly #hash: Buffer;

  /** @param given the key to use from now on; without it the stored one stays, and a first start makes one. */
  constructor(meta: MetaStore, given?: string) {
    const stored = meta.get(HASH_KEY);
    if (given === undefined && stored !== null) {
      this.clearKey = "";
      this.#hash = Buffer.from(stored, "hex");
      this.instanceName = meta.get(NAME_KEY) ?? DEFAULT_INSTANCE_NAME;
      return;
    }
    const key = given ?? `${DEFAULT_INSTANCE_NAME}|${randomBytes(32).toString("hex")}`;
    const bare = removeKeyType(key);
    const bar = bare.indexOf("|");
    if (bar < 1 || bare.length - bar - 1 < 16) {
      throw new Error('adminKey must look like "<name>|<secret>" with at least 16 characters of secret');
    }
    this.clearKey = key;
    this.#hash = hashModule(bare);
    this.instanceName = bare.slice(0, bar);
    if (stored !== this.#hash.toString("hex")) {
      meta.put(HASH_KEY, this.#hash.toString("hex"));
      meta.put(NAME_KEY, this.instanceName);
    }
  }

  /** @throws HttpError 403 BadDeployKey unless `key` is the admin key. */
  require(key: unknown): AdminGrant {
    if (typeof key !== "string") throw makeBadKeyError();
    const bare = removeKeyType(key);
    // The secret is opaque but has no colon, so whatever follows one is the identity to act as.
    const colon = bare.indexOf(":");
    const secret = colon === -1 ? bare : bare.slice(0, colon);
    if (!timingSafeEqual(hashModule(secret), this.#hash)) throw makeBadKeyError();
    return { actingAs: colon === -1 ? null : decodeActingAs(bare.slice(colon + 1)) };
  }
}

function hashModule(key: string): Buffer {
  return createHash("sha256").update(key).digest();
}

function removeKeyType(key: string): string {
  return key.replace(/^(dev|prod|preview|local):/, "");
}

function makeBadKeyError(): HttpError {
  return new HttpError(
    403,
    "BadDeployKey",
    "The provided deploy key was invalid for this deployment. Double check that the environment this key was generated for matches the desired deployment.",
  );
}

function decodeActingAs(encoded: string): Identity {
  try {
    return makeIdentityFromAttributes(JSON.parse(Buffer.from(encoded, "base64").toString("utf8")) as JsonObject);
  } catch {
    throw new HttpError(
      400,
      "BadIdentity",
      "The identity after the admin key is not base64 JSON with subject and issuer.",
    );
  }
}
