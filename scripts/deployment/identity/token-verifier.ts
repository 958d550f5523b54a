import { decodeJwt, errors, type JWTPayload, jwtVerify } from "jose";
import { type Identity, makeIdentityFromClaims } from "./identity";
import { JwksCache } from "./jwks";

/** As the CLI knows them: what `auth.config.ts` evaluates to. */
export type AuthProvider =
  | { domain: string; applicationID: string }
  | {
      type: "customJwt";
      issuer: string;
      jwks: string;
      algorithm: "RS256" | "ES256";
      applicationID: string | null;
    };

export interface VerifiedToken {
  identity: Identity;
  /** ms since the epoch. */
  expiresAt: number;
}

/** A token that proves nothing; the message says why and never repeats the token. */
export class TokenError extends Error {}

const CLOCK_SKEW_S = 5;
const MAX_CACHED_TOKENS = 20_000;
const FETCH_TIMEOUT_MS = 10_000;

/**
 * Verifies bearer tokens against the pushed providers; a token already verified costs one map look-up until it expires.
 */
export class TokenVerifier {
  #providers: AuthProvider[] = [];
  readonly #verified = new Map<string, VerifiedToken>();
  readonly #jwks: JwksCache;
  readonly #discovery = new Map<string, Promise<string>>();
  readonly #ownUrl: string;
  readonly #fetchOwn: (request: Request) => Promise<Response | null>;

  /**
   * @param ownUrl the public site URL: this deployment may be its own issuer.
   * @param fetchOwn answers a request to it in process, because a request through the network would need the event loop
   *   that is waiting for it, and a proxy in front may not be reachable from here.
   */
  constructor(ownUrl: string, fetchOwn: (request: Request) => Promise<Response | null>) {
    this.#ownUrl = ownUrl;
    this.#fetchOwn = fetchOwn;
    this.#jwks = new JwksCache((url) => this.#fetchJson(url));
  }

  setProviders(providers: AuthProvider[]): void {
    this.#providers = providers;
    this.forget();
  }

  /** Drop everything learnt: keys may have changed with code or environment. */
  forget(): void {
    this.#verified.clear();
    this.#jwks.clear();
    this.#discovery.clear();
  }

  /**
   * Synchronous when the token has been seen, so that a hot request does not wait for a tick.
   * @throws TokenError (or rejects with it) when the token is malformed, expired, or from no configured provider.
   */
  verify(token: string): VerifiedToken | Promise<VerifiedToken> {
    const known = this.#verified.get(token);
    if (known === undefined) return this.#verify(token);
    if (known.expiresAt > Date.now()) return known;
    this.#verified.delete(token);
    throw new TokenError("Token expired");
  }

  async #verify(token: string): Promise<VerifiedToken> {
    let unverified: JWTPayload;
    try {
      unverified = decodeJwt(token);
    } catch {
      throw new TokenError("Could not parse the token as a JWT");
    }
    const provider = this.#choose(unverified);
    const providersThen = this.#providers;
    const payload = await this.#check(token, provider);
    if (typeof payload.sub !== "string") throw new TokenError('The token has no "sub" claim');
    if (payload.exp === undefined) throw new TokenError('The token has no "exp" claim');
    const verified = { identity: makeIdentityFromClaims({ ...payload }), expiresAt: payload.exp * 1_000 };
    if (this.#providers === providersThen) this.#remember(token, verified);
    return verified;
  }

  #remember(token: string, verified: VerifiedToken): void {
    if (this.#verified.size >= MAX_CACHED_TOKENS) {
      const oldest = this.#verified.keys().next().value;
      if (oldest !== undefined) this.#verified.delete(oldest);
    }
    this.#verified.set(token, verified);
  }

  #choose(claims: JWTPayload): AuthProvider {
    const issuer = normalizeIssuer(claims.iss ?? "");
    const audiences = claims.aud === undefined ? [] : Array.isArray(claims.aud) ? claims.aud : [claims.aud];
    const provider = this.#providers.find((candidate) => {
      if (normalizeIssuer(readIssuer(candidate)) !== issuer) return false;
      if (candidate.applicationID === null) return true;
      return audiences.includes(candidate.applicationID);
    });
    if (provider === undefined) {
      throw new TokenError(
        `No auth provider found matching the given token (issuer ${JSON.stringify(claims.iss ?? null)}, audience ${JSON.stringify(claims.aud ?? null)}). Check auth.config.ts.`,
      );
    }
    return provider;
  }

  async #check(token: string, provider: AuthProvider): Promise<JWTPayload> {
    const custom = "type" in provider;
    const url = custom ? provider.jwks : await this.#discoverJwks(provider.domain);
    const options = {
      algorithms: custom ? [provider.algorithm] : ["RS256", "EdDSA"],
      clockTolerance: CLOCK_SKEW_S,
      ...(provider.applicationID === null ? {} : { audience: provider.applicationID }),
    };
    try {
      try {
        return (await jwtVerify(token, await this.#jwks.get(url), options)).payload;
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
        return (await jwtVerify(token, await this.#jwks.get(url, true), options)).payload;
      }
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw new TokenError("Token expired");
      throw new TokenError(`Could not verify the token: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #discoverJwks(domain: string): Promise<string> {
    const issuer = normalizeIssuer(domain);
    const known = this.#discovery.get(issuer);
    if (known !== undefined) return known;
    const found = this.#fetchJson(`${issuer}/.well-known/openid-configuration`).then((document) => {
      const { jwks_uri: uri } = document as { jwks_uri?: unknown };
      if (typeof uri !== "string") throw new TokenError(`The discovery document of ${issuer} has no jwks_uri`);
      return uri;
    });
    this.#discovery.set(issuer, found);
    found.catch(() => this.#discovery.delete(issuer));
    return found;
  }

  async #fetchJson(url: string): Promise<unknown> {
    try {
      const own = url.startsWith(`${this.#ownUrl}/`);
      const response = own
        ? await this.#fetchOwn(new Request(url))
        : await fetch(url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
      if (response === null || !response.ok) throw new Error(`status ${response?.status ?? 404}`);
      return await response.json();
    } catch (error) {
      throw new TokenError(`Could not load ${url}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

function readIssuer(provider: AuthProvider): string {
  return "type" in provider ? provider.issuer : provider.domain;
}

function normalizeIssuer(issuer: string): string {
  const absolute = /^https?:\/\//.test(issuer) ? issuer : `https://${issuer}`;
  return absolute.replace(/\/$/, "");
}
