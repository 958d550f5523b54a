/**
 * Search over sessions: every word of the query must occur, case-insensitively and anywhere, in the device name, the
 * address, the location or the login method (contracts §3).
 */
type Searchable = {
  deviceName: string;
  ipAddress: string | null;
  location: string | null;
  loginMethod: string;
};

const facts = (session: Searchable): string =>
  [session.deviceName, session.ipAddress, session.location, session.loginMethod]
    .filter(Boolean)
    .join("\n")
    .toLowerCase();

const wordsOf = (text: string): string[] => text.match(/[\p{L}\p{N}]+/gu) ?? [];

/**
 * What the search index holds for a session: its words with all their endings. The index finds beginnings of words
 * only; `fox` is found because it begins the ending `fox` of `firefox`.
 */
export function indexText(session: Searchable): string {
  const endings = new Set<string>();
  for (const word of wordsOf(facts(session))) {
    const letters = [...word];
    for (let start = 0; start < letters.length; start++) endings.add(letters.slice(start).join(""));
  }
  return [...endings].join(" ");
}

// As many as the index looks at.
const MAX_TERMS = 16;

/**
 * The query as the index understands it: letters and digits only, empty when there are none. It completes the last word
 * and takes the others whole, so what contains all parts of the query is always among what it finds.
 */
export const indexQuery = (search: string): string =>
  wordsOf(search.toLowerCase()).slice(-MAX_TERMS).join(" ");

/**
 * Whether a session is a hit. The index returns sessions with any of the words; this keeps those with all of them.
 */
export function matches(session: Searchable, search: string): boolean {
  const text = facts(session);
  return search
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
    .every((part) => text.includes(part));
}
