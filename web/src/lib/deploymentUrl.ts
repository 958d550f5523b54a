const DEFAULT_PORT = 3210;
const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * The address of the live functions: the one the page was built with, else port 3210 of the page's own host. A loopback
 * address stands for the host that served the page when the page was not served from loopback.
 */
export function deploymentUrl(built: string | undefined, page: { protocol: string; hostname: string }): string {
  if (!built) return `${page.protocol}//${page.hostname}:${DEFAULT_PORT}`;
  const url = new URL(built);
  if (!LOOPBACK.has(url.hostname) || LOOPBACK.has(page.hostname)) return built.replace(/\/$/, "");
  url.hostname = page.hostname;
  return url.toString().replace(/\/$/, "");
}
