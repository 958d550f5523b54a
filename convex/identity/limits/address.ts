/** Network addresses as proxies and sockets write them. Pure. */
import ipaddr from "ipaddr.js";

/** No address with port and zone is longer. */
const LENGTH_MAX = 100;
// RFC 7239 §6: a port is digits, or a name that begins with an underscore.
const PORT = "(?::(?:\\d{1,5}|_[\\w.-]+))?";
const WITH_PORT = new RegExp(`^(?:\\[(?<v6>[^\\]]+)\\]|(?<v4>[\\d.]+))${PORT}$`);

/**
 * The address in one hop of a forwarding header or of a socket, written as RFC 5952 asks: without port, brackets,
 * quotes and zone, and IPv4 as itself where it comes mapped or translated into IPv6. Null for anything else, such as
 * `unknown`, an obfuscated `_hop`, or nothing.
 */
export function readAddress(hop: string | null | undefined): string | null {
  const text = (hop ?? "")
    .trim()
    .replace(/^"(.*)"$/, "$1")
    .trim();
  if (text === "" || text.length > LENGTH_MAX) return null;
  const { v4, v6 } = WITH_PORT.exec(text)?.groups ?? {};
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

/** The bits of an IPv6 address that a provider gives to one customer; the others are the customer's own choice. */
const CUSTOMER_BITS = 64;

/** The network whose requests are limited together: an IPv4 address, or the /64 of an IPv6 address. */
export function findNetwork(address: string | null): string | null {
  if (address === null || !ipaddr.IPv6.isValid(address)) return address;
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${address}/${CUSTOMER_BITS}`).toString()}/${CUSTOMER_BITS}`;
}

/** The key of a limit that counts by address. */
export const toAddressKey = (address: string | null): string => `address/${findNetwork(address)}`;
