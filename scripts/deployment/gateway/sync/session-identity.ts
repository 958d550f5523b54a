import {
  type AdminKeys,
  type Identity,
  makeIdentityFromAttributes,
  TokenError,
  type TokenVerifier,
} from "../../identity";
import { HttpError } from "../../lib";
import type { ClientMessage } from "./client-messages";

type AuthenticateMessage = Extract<ClientMessage, { type: "Authenticate" }>;

const MAX_TIMER_MS = 2 ** 31 - 1;

/** The caller a session acts for, until its token expires. */
export class SessionIdentity {
  identity: Identity | null = null;
  isAdmin = false;
  /** Counts the changes; the client counts them too. */
  version = 0;
  #expiryTimer: NodeJS.Timeout | null = null;
  readonly #keys: AdminKeys;
  readonly #tokens: TokenVerifier;
  readonly #onExpired: () => void;

  constructor(verifiers: { keys: AdminKeys; tokens: TokenVerifier }, onExpired: () => void) {
    this.#keys = verifiers.keys;
    this.#tokens = verifiers.tokens;
    this.#onExpired = onExpired;
  }

  /** Checks what the client authenticates with. @returns what `become` takes, or why it is refused. */
  async verify(message: AuthenticateMessage): Promise<VerifiedCaller | { error: string }> {
    try {
      if (message.tokenType === "Admin") {
        const { actingAs } = this.#keys.require(message.value);
        const identity = message.impersonating === null ? actingAs : makeIdentityFromAttributes(message.impersonating);
        return { identity, isAdmin: true, expiresAt: Infinity };
      }
      if (message.tokenType === "User") return { ...(await this.#tokens.verify(message.value)), isAdmin: false };
      return { identity: null, isAdmin: false, expiresAt: Infinity };
    } catch (error) {
      if (error instanceof TokenError || error instanceof HttpError) return { error: error.message };
      throw error;
    }
  }

  become({ identity, isAdmin, expiresAt }: VerifiedCaller): void {
    this.identity = identity;
    this.isAdmin = isAdmin;
    this.version += 1;
    this.#watchExpiry(expiresAt);
  }

  /** Ends the wait for the token's expiry. */
  close(): void {
    if (this.#expiryTimer !== null) clearTimeout(this.#expiryTimer);
    this.#expiryTimer = null;
  }

  #watchExpiry(expiresAt: number): void {
    this.close();
    if (expiresAt === Infinity) return;
    const waitMs = expiresAt - Date.now();
    this.#expiryTimer = setTimeout(
      () => (Date.now() >= expiresAt ? this.#onExpired() : this.#watchExpiry(expiresAt)),
      Math.min(Math.max(waitMs, 0), MAX_TIMER_MS),
    ).unref();
  }
}

interface VerifiedCaller {
  identity: Identity | null;
  isAdmin: boolean;
  /** ms since the epoch. */
  expiresAt: number;
}
