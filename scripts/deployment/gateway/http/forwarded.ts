/** Addresses in headers that proxies write: `X-Forwarded-For`, and `Forwarded` of RFC 7239. */
import ipaddr from "ipaddr.js";

const TOKEN = "[\\w!#$%&'*+.^`|~-]+";
// Some write addresses with colons and brackets without the quotes that they need.
const PAIR = `(${TOKEN})=(?:"((?:[^"\\\\]|\\\\.)*)"|([\\w!#$%&'*+.^\`|~:[\\]-]+))`;
const UNNAMED_PAIR = PAIR.replaceAll(/\((?!\?)/g, "(?:");
const PAIRS = new RegExp(PAIR, "g");
/**
 * The last element, and what stands before it. It is looked for from the end: a quote that a client leaves open would
 * swallow what the proxies add behind it.
 */
const LAST_ELEMENT = new RegExp(
  `^(?:(.*),)?[ \\t]*(${UNNAMED_PAIR}(?:[ \\t]*;[ \\t]*${UNNAMED_PAIR})*)[ \\t]*;?[ \\t]*$`,
);

/** Longer ones are nobody's: the search from the end takes time by the square of it. */
const MAX_CHARACTERS = 4_000;

/** Whether the last element, which the proxy at hand wrote, says nothing. The one before it may be the client's own. */
const endsEmpty = (list: string): boolean => /(?:^|,)\s*$/.test(list);

/** Empty elements before the last do not count (RFC 9110 §5.6.1). */
function withoutEmptyEnd(list: string): string {
  let end = list.length;
  while (end > 0 && /[\s,]/.test(list[end - 1]!)) end--;
  return list.slice(0, end);
}

/**
 * The address that the outermost of the trusted proxies saw, or null when the headers have none. `Forwarded` counts
 * where there is no `X-Forwarded-For`.
 *
 * @param hops the number of trusted proxies
 */
export function readForwarded(
  forwardedFor: string | undefined,
  forwarded: string | undefined,
  hops: number,
): string | null {
  const list = forwardedFor ?? forwarded ?? "";
  if (endsEmpty(list)) return null;
  const chain = (forwardedFor ?? "").split(",").filter((hop) => hop.trim() !== "");
  return simplifyAddress(chain.length > 0 ? chain[chain.length - hops] : findFor(forwarded ?? "", hops));
}

/** The `for` of an element of `Forwarded`, counted from the end, or null. */
function findFor(list: string, fromEnd: number): string | null {
  if (list.length > MAX_CHARACTERS) return null;
  let rest = list;
  let element = "";
  for (let hop = 0; hop < fromEnd; hop++) {
    const found = LAST_ELEMENT.exec(withoutEmptyEnd(rest));
    if (!found) return null;
    [, rest = "", element = ""] = found;
  }
  for (const [, name = "", quoted, bare] of element.matchAll(PAIRS))
    if (name.toLowerCase() === "for") return bare ?? quoted?.replace(/\\(.)/g, "$1") ?? null;
  return null;
}

const HOP_MAX_CHARACTERS = 100;
const WITH_PORT = /^(?:\[([^\]]+)\]|([\d.]+))(?::[\w.-]+)?$/;

/**
 * The address in one hop or of a socket, without port, brackets, quotes and zone; IPv4 as itself, also where a socket
 * for both kinds sees `::ffff:192.0.2.1`, or a translator's prefix stands before it. Null for what is no address, such
 * as `unknown`.
 */
export function simplifyAddress(hop: string | null | undefined): string | null {
  const text = hop?.trim().replace(/^"(.*)"$/, "$1") ?? "";
  if (text.length > HOP_MAX_CHARACTERS) return null;
  const [, v6, v4] = WITH_PORT.exec(text) ?? [];
  if (v4 !== undefined) return ipaddr.IPv4.isValidFourPartDecimal(v4) ? v4 : null;
  const [address = ""] = (v6 ?? text).split("%");
  return ipaddr.IPv6.isValid(address) ? withoutTranslation(ipaddr.IPv6.parse(address)).toString() : null;
}

/** `::ffff:a.b.c.d`, and the prefixes of translators (RFC 6145 and 6052), which differ from network to network else. */
const IPV4_PREFIXES = ["::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96"].map((text) => ipaddr.IPv6.parseCIDR(text));

const withoutTranslation = (address: ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 =>
  IPV4_PREFIXES.some(([prefix, bits]) => address.match(prefix, bits))
    ? new ipaddr.IPv4(address.toByteArray().slice(-4))
    : address;
