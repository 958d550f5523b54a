const DEFAULT_PORT = 3210;
const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * The address of the live functions: the one that the page is told, else port 3210 of the page's own host. A loopback
 * address stands for the host that served the page when the page was not served from loopback.
 */
export function deploymentUrl(told: string | null, page: { protocol: string; hostname: string }): string {
  if (!told) return `${page.protocol}//${page.hostname}:${DEFAULT_PORT}`;
  const url = new URL(told);
  if (!LOOPBACK.has(url.hostname) || LOOPBACK.has(page.hostname)) return told.replace(/\/$/, "");
  url.hostname = page.hostname;
  return url.toString().replace(/\/$/, "");
}
