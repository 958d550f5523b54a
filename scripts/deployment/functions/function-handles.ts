import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { MetaStore } from "../storage";

/** Component path and `module.js:function` of an address; the function need not exist. */
export interface Target {
  component: string;
  path: string;
}

/** Handles carry their target and a signature, so they are stable over pushes and cannot be made up by a client. */
export class FunctionHandles {
  readonly #key: Buffer;

  /** Reads or creates the deployment's signing key; call it outside commits. */
  constructor(meta: MetaStore) {
    const stored = meta.get(HANDLE_KEY_NAME);
    this.#key = stored ? Buffer.from(stored, "base64") : randomBytes(32);
    if (!stored) meta.put(HANDLE_KEY_NAME, this.#key.toString("base64"));
  }

  create(target: Target): string {
    const body = Buffer.from(`${target.component}\n${target.path}`).toString("base64url");
    return `function://${body}.${this.#sign(body)}`;
  }

  /** Null when the text is no handle of this deployment. */
  parse(handle: string): Target | null {
    const match = /^function:\/\/([\w-]+)\.([\w-]+)$/.exec(handle);
    if (!match) return null;
    const [, body, signature] = match as unknown as [string, string, string];
    const expected = Buffer.from(this.#sign(body));
    const given = Buffer.from(signature);
    if (expected.length !== given.length || !timingSafeEqual(expected, given)) return null;
    const [component, path] = Buffer.from(body, "base64url").toString().split("\n") as [string, string];
    return { component, path };
  }

  #sign(body: string): string {
    return createHmac("sha256", this.#key).update(body).digest("base64url").slice(0, 32);
  }
}

const HANDLE_KEY_NAME = "engine/functionHandleKey";
