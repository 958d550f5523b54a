/** The addresses in headers that proxies write: `X-Forwarded-For`, and `Forwarded` of RFC 7239. Pure. */
import { readAddress } from "./address";

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
  return readAddress(chain.length > 0 ? chain[chain.length - hops] : findFor(forwarded ?? "", hops));
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
