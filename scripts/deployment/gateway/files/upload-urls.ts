import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { HttpError } from "../../lib";
import type { MetaStore } from "../../storage";

const SECRET_KEY = "storage/uploadSecret";
const VALID_MS = 3_600_000;

/** Makes and checks the URLs for uploads: each names its component and is signed. */
export class UploadUrls {
  readonly #cloudUrl: string;
  readonly #secret: Buffer;

  constructor(meta: MetaStore, cloudUrl: string) {
    this.#cloudUrl = cloudUrl;
    let secret = meta.get(SECRET_KEY);
    if (secret === null) {
      secret = randomBytes(32).toString("hex");
      meta.put(SECRET_KEY, secret);
    }
    this.#secret = Buffer.from(secret, "hex");
  }

  make(component: string): string {
    const nonce = randomBytes(12).toString("base64url");
    const expiresAt = Date.now() + VALID_MS;
    const payload = Buffer.from(JSON.stringify({ component, expiresAt, nonce })).toString("base64url");
    return `${this.#cloudUrl}/api/storage/upload?token=${payload}.${this.#sign(payload)}`;
  }

  /**
   * @returns the component that the URL was made for.
   * @throws HttpError 401 when the token is not ours or its hour is over.
   */
  require(token: string | null): string {
    const [payload = "", signature = ""] = (token ?? "").split(".");
    // As text: decoding would let bits pass that stand for nothing.
    const expected = Buffer.from(this.#sign(payload));
    const given = Buffer.from(signature);
    if (given.length !== expected.length || !timingSafeEqual(given, expected))
      throw new HttpError(401, "InvalidUploadToken", "The upload URL is not valid.");
    const { component, expiresAt } = JSON.parse(Buffer.from(payload, "base64url").toString("utf8")) as {
      component: string;
      expiresAt: number;
    };
    if (expiresAt < Date.now())
      throw new HttpError(401, "UploadUrlExpired", "The upload URL has expired. Generate another one.");
    return component;
  }

  #sign(payload: string): string {
    return createHmac("sha256", this.#secret).update(payload).digest("base64url");
  }
}
