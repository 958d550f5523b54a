/** The rules of webhooks (README §11). Pure. */
import ipaddr from "ipaddr.js";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../lib/time";

/** After each failed attempt the pause before the next; after the last of them the delivery has failed. */
export const RETRY_PAUSES_MS = [
  5 * SECOND_MS,
  30 * SECOND_MS,
  2 * MINUTE_MS,
  15 * MINUTE_MS,
  HOUR_MS,
  4 * HOUR_MS,
  10 * HOUR_MS,
];
export const ATTEMPT_TIMEOUT_MS = 15 * SECOND_MS;
export const ANSWER_MAX_BYTES = 1_024;
/** A retired secret signs beside the new one for so long. */
export const SECRET_OVERLAP_MS = DAY_MS;
/** An endpoint that fails for so long is disabled. */
export const FAILING_MAX_MS = 5 * DAY_MS;
export const RETENTION_MS = 30 * DAY_MS;
/** Status by which a receiver says that it is there no more. */
export const GONE = 410;

export const isSuccess = (code: number | null): boolean => code !== null && code >= 200 && code < 300;

/** When a delivery is tried again after its `tries`-th attempt failed at `now`, ms; null when it has failed. */
export function findRetryAt(tries: number, now: number): number | null {
  const pause = RETRY_PAUSES_MS[tries - 1];
  return pause === undefined ? null : now + pause;
}

/** `WEBHOOK_ALLOW_PRIVATE=true` lifts the rules that keep webhooks out of private networks. */
export const allowsPrivate = (): boolean => /^(1|true|yes|on)$/i.test(process.env.WEBHOOK_ALLOW_PRIVATE?.trim() ?? "");

// Addresses in public ranges at which clouds answer for their machines.
const METADATA = ["168.63.129.16"];
// RFC 4291 §2.4: the global unicast addresses that are assigned. All others reach this network or none.
const GLOBAL_V6 = ipaddr.IPv6.parseCIDR("2000::/3");

/** Whether an address is of no machine on the public internet: loopback, private, link-local, metadata and the like. */
export function isPrivateAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return true;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== "unicast" || METADATA.includes(parsed.toString())) return true;
  return parsed instanceof ipaddr.IPv6 && !parsed.match(GLOBAL_V6);
}

/** The host of a URL as resolvers take it: without the brackets of IPv6. */
export const toHostName = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, "$1");

const LOCAL_NAME = /(^|\.)localhost\.?$/i;

/** Whether a host names no machine on the public internet, as far as it says so itself. */
const isPrivateHost = (host: string): boolean =>
  ipaddr.isValid(host) ? isPrivateAddress(host) : LOCAL_NAME.test(host);

/** Why nothing may be sent to a URL, as far as the text tells, or null. */
export function findUrlProblem(text: string, isPrivateAllowed: boolean): string | null {
  // Spaces and controls within are dropped by the parser, so that the text would not be what is meant.
  if (/[\u0000-\u0020]/.test(text) || !URL.canParse(text)) return "Must be an absolute URL.";
  const url = new URL(text);
  if (url.protocol !== "https:" && !(isPrivateAllowed && url.protocol === "http:"))
    return isPrivateAllowed ? "Must begin with https:// or http://." : "Must begin with https://.";
  if (url.username !== "" || url.password !== "") return "Must not contain a user name or a password.";
  if (url.hash !== "") return "Must not contain a fragment.";
  if (!isPrivateAllowed && isPrivateHost(toHostName(url))) return PRIVATE_ADDRESS;
  return null;
}

export const PRIVATE_ADDRESS = "Must not lead to a loopback, private, link-local or metadata address.";
