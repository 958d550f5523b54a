import type { IncomingMessage } from "node:http";
import ipaddr from "ipaddr.js";
import type { ClientInfo } from "../../functions";
import { type AdminKeys, type Identity, TokenError, type TokenVerifier } from "../../identity";
import { HttpError } from "../../lib";

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
 * The address and user agent of a request. `X-Forwarded-For` counts only behind proxies that are trusted:
 * `TRUSTED_PROXY` of this process is their number, or `true` for one. The last of them wrote the last entry, whatever
 * the client wrote before.
 */
export function readClientInfo(request: IncomingMessage, trusted = process.env.TRUSTED_PROXY): ClientInfo {
  return {
    ip: readForwardedAddress(request, trusted) ?? simplifyAddress(request.socket.remoteAddress),
    userAgent: request.headers["user-agent"] ?? null,
  };
}

function readForwardedAddress(request: IncomingMessage, trusted = ""): string | null {
  const setting = trusted.trim().toLowerCase();
  if (setting === "" || setting === "0" || setting === "false") return null;
  const hops = /^\d+$/.test(setting) ? Number(setting) : 1;
  const header = request.headers["x-forwarded-for"];
  const chain = (Array.isArray(header) ? header.join(",") : (header ?? "")).split(",");
  return simplifyAddress(chain[chain.length - hops]);
}

const HOP_MAX_CHARACTERS = 100;
const WITH_PORT = /^(?:\[([^\]]+)\]|([\d.]+))(?::[\w.-]+)?$/;

/**
 * The address in one hop or of a socket, without port, brackets, quotes and zone; IPv4 as itself, also where a socket
 * for both kinds sees `::ffff:192.0.2.1`. Null for what is no address, such as `unknown`.
 */
function simplifyAddress(hop: string | undefined): string | null {
  const text = hop?.trim().replace(/^"(.*)"$/, "$1") ?? "";
  if (text.length > HOP_MAX_CHARACTERS) return null;
  const [, v6, v4] = WITH_PORT.exec(text) ?? [];
  if (v4 !== undefined) return ipaddr.IPv4.isValidFourPartDecimal(v4) ? v4 : null;
  const [address = ""] = (v6 ?? text).split("%");
  return ipaddr.IPv6.isValid(address) ? ipaddr.process(address).toString() : null;
}
