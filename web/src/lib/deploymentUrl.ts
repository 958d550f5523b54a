const DEFAULT_PORT = 3210;
const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * Where the live functions are: the address the page was built with, else port 3210 of the page's own host. An address
 * on loopback, asked from another machine or under loopback's other name, means the host that served the page.
 */
export function deploymentUrl(built: string | undefined, page: { protocol: string; hostname: string }): string {
  if (!built) return `${page.protocol}//${page.hostname}:${DEFAULT_PORT}`;
  const url = new URL(built);
  if (!LOOPBACK.has(url.hostname) || LOOPBACK.has(page.hostname)) return built.replace(/\/$/, "");
  url.hostname = page.hostname;
  return url.toString().replace(/\/$/, "");
}
