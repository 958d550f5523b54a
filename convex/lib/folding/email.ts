/**
 * E-mail addresses: one spelling for each mailbox, by which accounts are found. Pure and shared with the browser; the
 * domain's part is the platform's own `URL`, which knows international names (UTS 46, without merging `ß` and `ss`).
 */
// Full-width letters, digits and signs of East Asian keyboards, half-width kana.
const OTHER_WIDTHS = /[\uff01-\uffee]+/g;
/** Marks of direction and the like, which mail programs copy along with an address. */
const INVISIBLE_EDGES = /^[\s\p{Cf}]+|[\s\p{Cf}]+$/gu;
const DOTS = /[\u3002\uff0e\uff61]/g;
// A domain with other ASCII characters is none, and could be read as more than a host.
const NO_HOST = /[\0-,/:-@[-^`{-\x7f]/;
const LABEL_MAX = 63;
const DOMAIN_MAX = 253;

/** An address in one width of its letters and without the final dot of a full domain name. */
export const spellEmail = (email: string): string =>
  email
    .replace(INVISIBLE_EDGES, "")
    .replace(DOTS, ".")
    .replace(OTHER_WIDTHS, (wide) => wide.normalize("NFKC"))
    .normalize("NFC")
    .replace(/\.$/, "");

/** An international domain in its ASCII spelling, or null when there is none. */
export function toAsciiDomain(domain: string): string | null {
  if (domain === "" || NO_HOST.test(domain)) return null;
  const lower = domain.toLowerCase();
  // A host that ends in a number is a network address to `URL`.
  if (/(^|\.)(\d+|0x[\da-f]*)$/.test(lower)) return lower;
  try {
    const { hostname } = new URL(`http://${domain}/`);
    const fits = hostname.length <= DOMAIN_MAX && hostname.split(".").every(({ length }) => length <= LABEL_MAX);
    return fits ? hostname : null;
  } catch {
    return null;
  }
}

/**
 * The one spelling of an address: case, width and composition of letters do not count, nor whether an international
 * domain comes in letters or in ASCII. Text that is no address comes back in lower case.
 */
export function normalizeEmail(email: string): string {
  const spelled = spellEmail(email);
  const at = spelled.lastIndexOf("@");
  const domain = spelled.slice(at + 1);
  // The final sigma is the same letter.
  const local = spelled
    .slice(0, at + 1)
    .toLowerCase()
    .replaceAll("ς", "σ")
    .normalize("NFC");
  return local + (toAsciiDomain(domain) ?? domain.toLowerCase().normalize("NFC"));
}
