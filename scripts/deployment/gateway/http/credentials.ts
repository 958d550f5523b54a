import type { IncomingMessage } from "node:http";
import type { ClientInfo } from "../../functions";
import { type AdminKeys, type Identity, TokenError, type TokenVerifier } from "../../identity";
import { HttpError } from "../../lib";
import { readForwarded, simplifyAddress } from "./forwarded";

/** The caller's identity, and whether it is an administrator. */
export interface Caller {
  admin: boolean;
  identity: Identity | null;
}

const ANONYMOUS: Caller = { admin: false, identity: null };

/**
 * Reads `Authorization`: `Convex <admin key>`, `Bearer <token>` or nothing.
 * @throws HttpError 403 on a wrong key, 401 on a token that cannot be verified.
 */
export async function authenticate(
  header: string | undefined,
  keys: AdminKeys,
  tokens: TokenVerifier,
): Promise<Caller> {
  if (header === undefined) return ANONYMOUS;
  if (header.startsWith("Convex ")) {
    return { admin: true, identity: keys.require(header.slice(7).trim()).actingAs };
  }
  const token = readBearerToken(header);
  if (token === null)
    throw new HttpError(
      401,
      "InvalidAuthHeader",
      'The Authorization header must be "Bearer <token>" or "Convex <admin key>".',
    );
  try {
    return { admin: false, identity: (await tokens.verify(token)).identity };
  } catch (error) {
    if (error instanceof TokenError) throw new HttpError(401, "Unauthenticated", error.message);
    throw error;
  }
}

/** The token of a Bearer header, or null. */
export function readBearerToken(header: string): string | null {
  return /^Bearer\s+(\S+)\s*$/i.exec(header)?.[1] ?? null;
}

/** @throws HttpError 403 unless the admin key is in the header, the query string or `bodyKey`. */
export function requireAdmin(request: IncomingMessage, keys: AdminKeys, url: URL, bodyKey?: unknown): void {
  const header = request.headers.authorization;
  if (header?.startsWith("Convex ")) keys.require(header.slice(7).trim());
  else keys.require(bodyKey ?? url.searchParams.get("adminKey"));
}

/**
 * The address and user agent of a request. `X-Forwarded-For`, or `Forwarded` where that is absent, counts only behind
 * proxies that are trusted: `TRUSTED_PROXY` of this process is their number, or `true` for one. The last of them wrote
 * the last entry, whatever the client wrote before.
 */
export function readClientInfo(request: IncomingMessage, trusted = process.env.TRUSTED_PROXY): ClientInfo {
  return {
    ip: readTrustedAddress(request, trusted) ?? simplifyAddress(request.socket.remoteAddress),
    userAgent: request.headers["user-agent"] ?? null,
  };
}

function readTrustedAddress({ headers }: IncomingMessage, trusted = ""): string | null {
  const setting = trusted.trim().toLowerCase();
  if (setting === "" || setting === "0" || setting === "false") return null;
  const hops = /^\d+$/.test(setting) ? Number(setting) : 1;
  const list = (header: string | string[] | undefined) => (Array.isArray(header) ? header.join(",") : header);
  return readForwarded(list(headers["x-forwarded-for"]), list(headers.forwarded), hops);
}
