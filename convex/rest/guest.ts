/**
 * The guest id of a request (valuations/README.md §4): an HttpOnly cookie, or a header for clients that keep no
 * cookies.
 */
import { generateCookie, getCookie } from "hono/cookie";
import type { SentGuest } from "../identity/caller";
import { forbidden } from "../lib/errors";
import { createSecret, hashSha256 } from "../lib/ids";
import { readSiteUrl } from "../lib/siteUrl";
import { DAY_MS, SECOND_MS } from "../lib/time";
import { listAllowedOrigins } from "./origins";
import type { RestContext, Sender } from "./request";

export const GUEST_HEADER = "X-Guest-Session-Id";
export const GUEST_COOKIE = "guest_session_id";
const COOKIE_LIFETIME_SECONDS = (90 * DAY_MS) / SECOND_MS;
/** The value that asks for a new id instead of naming one. */
const NEW = "new";
export const GUEST_ID_PATTERN = /^[A-Za-z0-9_-]{22,128}$/;

/** A fresh id. It counts once its hash is stored. */
export async function createGuest(): Promise<{ id: string; hash: string }> {
  const id = createSecret();
  return { id, hash: await hashSha256(id) };
}

/** The header as it was sent; a blank one is none. */
const readHeader = (c: RestContext): string | undefined => c.req.header(GUEST_HEADER)?.trim() || undefined;

/** The client keeps its guest id itself and reads a new one from the header. */
export const keepsOwnGuestId = (c: RestContext): boolean => readHeader(c) !== undefined;

export const wantsNewGuest = (c: RestContext): boolean => readHeader(c)?.toLowerCase() === NEW;

export const hasGuestCookie = (c: RestContext): boolean => readCookie(c) !== undefined;

/** The guest id a request carries, the header winning over the cookie; null without one, or when it cannot be one. */
export async function readGuest(c: RestContext): Promise<SentGuest | null> {
  const header = readHeader(c);
  const id = header ?? readCookie(c);
  if (id === undefined || !GUEST_ID_PATTERN.test(id)) return null;
  return { id, hash: await hashSha256(id), from: header === undefined ? "cookie" : "header" };
}

const readCookie = (c: RestContext): string | undefined => getCookie(c, GUEST_COOKIE);

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * The sender with the guest id beside or instead of a credential. Throws `FORBIDDEN` for a change whose only proof is
 * the cookie and which comes from no allow-listed origin: browsers send cookies whoever made the request.
 */
export async function withGuest(c: RestContext, sender: Sender): Promise<Sender> {
  const guest = await readGuest(c);
  if (guest === null) return sender;
  if (guest.from === "cookie" && !sender.hasCredential && !SAFE_METHODS.has(c.req.method)) {
    const origin = c.req.header("origin");
    if (origin === undefined || !listAllowedOrigins().includes(origin)) throw forbidden("Origin not allowed");
  }
  return {
    ...sender,
    guest,
    caller: { ...sender.caller, guestHash: guest.hash },
    credentialKey: sender.hasCredential ? sender.credentialKey : `guest ${guest.hash}`,
  };
}

/**
 * As `readGuest`, for a sign-in, which may claim the drafts of the id. A cookie sent by a page of another site does not
 * count: that page could be signing its visitor in to an account of its own making.
 */
export async function readClaimableGuest(c: RestContext): Promise<SentGuest | null> {
  const guest = await readGuest(c);
  const origin = c.req.header("origin");
  return guest?.from === "cookie" && origin !== undefined && !listAllowedOrigins().includes(origin) ? null : guest;
}

export const formatGuestCookie = (id: string): string => formatCookie(id, COOKIE_LIFETIME_SECONDS);
export const clearGuestCookie = (): string => formatCookie("", 0);

const formatCookie = (value: string, maxAge: number): string =>
  generateCookie(GUEST_COOKIE, value, { path: "/", maxAge, httpOnly: true, secure: true, sameSite: sameSite() });

/**
 * `None` as soon as one allowed web origin may be another site than this host. Hosts are of one site for certain when
 * one contains the other; the rest would take the public suffix list, and `None` works for them too.
 */
function sameSite(): "Lax" | "None" {
  const own = getHost(readSiteUrl());
  if (own === null) return "Lax";
  const within = (host: string) => host === own || host.endsWith(`.${own}`) || own.endsWith(`.${host}`);
  return listAllowedOrigins()
    .map(getHost)
    .every((host) => host === null || within(host))
    ? "Lax"
    : "None";
}

function getHost(url: string): string | null {
  try {
    return new URL(url).hostname;
  } catch {
    return null;
  }
}
