/**
 * Search over sessions: every word of the query must occur, case-insensitively and anywhere, in the device name, the
 * address, the location or the login method (contracts §3). No search index: it finds beginnings of words only, and a
 * person's own devices are read for the list anyway.
 */
type Searchable = {
  deviceName: string;
  ipAddress: string | null;
  location: string | null;
  loginMethod: string;
};

/** Whether a session is a hit; every session is one of the empty query. */
export function matches(session: Searchable, search: string): boolean {
  const text = [session.deviceName, session.ipAddress, session.location, session.loginMethod]
    .filter(Boolean)
    .join("\n")
    .toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
    .every((part) => text.includes(part));
}
