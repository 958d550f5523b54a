/** The router warns at every step of an address whose escapes are malformed, and none of its parts can be read. */

/** A path that can be decoded: one with malformed escapes names what it spells, and so nothing. */
export function toDecodable(path: string): string {
  try {
    decodeURIComponent(path);
    return path;
  } catch {
    return path.replaceAll("%", "%25");
  }
}

/** Makes the page's own address decodable, before the router reads it. */
export function mendAddress(): void {
  const { pathname, search, hash } = window.location;
  const path = toDecodable(pathname);
  if (path !== pathname) window.history.replaceState(window.history.state, "", path + search + hash);
}
