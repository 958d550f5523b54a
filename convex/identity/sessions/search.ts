/**
 * Search over sessions: every word of the query must occur anywhere, without regard to case and marks, in the device
 * name, the address, the location or the login method (accounts/README.md §3). The search index finds candidates,
 * `matches` decides.
 */
import { foldText } from "../../lib/folding/search";
import { readAddress } from "../limits/address";

type Searchable = {
  deviceName: string;
  ipAddress: string | null;
  location: string | null;
  loginMethod: string;
};

const joinFacts = (session: Searchable): string =>
  [session.deviceName, session.ipAddress, session.location, session.loginMethod]
    .filter(Boolean)
    .map((fact) => foldText(fact!))
    .join("\n");

/** The parts of a query. One that is an address is written as it is stored, as far as it goes. */
const splitQuery = (search: string): string[] =>
  foldText(search)
    .split(/\s+/)
    .filter(Boolean)
    .map((part) => readAddress(part) ?? shortenAddress(part));

const BEGINNING_OF_IPV6 = /^\[?[\da-f]{1,4}(?::[\da-f]{1,4})+:{0,2}$/;
const shortenAddress = (part: string): string =>
  BEGINNING_OF_IPV6.test(part) ? part.replace("[", "").replace(/\b0+(?=[\da-f])/g, "") : part;

const splitWords = (text: string): string[] => text.match(/[\p{L}\p{N}]+/gu) ?? [];

/** Letters of a word that the index tells apart. Keeps the text small, and each term below the index's 32 bytes. */
const INDEXED_LETTERS = 7;
const cutWord = (word: string): string => [...word].slice(0, INDEXED_LETTERS).join("");

/**
 * Makes the text that the search index holds for a session: every ending of every word, cut. The index finds beginnings
 * of words only; `fox` is found because it begins the ending `fox` of `firefox`.
 */
export function toIndexText(session: Searchable): string {
  const endings = splitWords(joinFacts(session)).flatMap((word) => {
    const letters = [...word];
    return letters.map((_, start) => cutWord(letters.slice(start).join("")));
  });
  return [...new Set(endings)].join(" ");
}

/**
 * The one word to ask the index for: the longest of the query, which the fewest sessions have; every hit has it. Empty
 * when the query has no letter or digit, as `::` has none.
 */
export function toIndexQuery(search: string): string {
  const byLength = splitWords(splitQuery(search).join(" ")).sort((a, b) => b.length - a.length);
  return cutWord(byLength[0] ?? "");
}

/** Whether a session is a hit; every session is one of the empty query. */
export function matches(session: Searchable, search: string): boolean {
  const text = joinFacts(session);
  return splitQuery(search).every((part) => text.includes(part));
}
