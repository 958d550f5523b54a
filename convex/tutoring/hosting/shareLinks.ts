/**
 * Addresses of shared sessions. The page stands in the web application; with `PUBLIC_URL` its link begins with that as
 * all links do, and REST leads on to the page where nothing else serves it there.
 */
import { readPublicUrl, readSiteUrl, readWebUrl } from "../../lib/siteUrl";

const toPath = (token: string): string => `/s/${token}`;

/** The link by which anybody can look at the session. */
export const toShareUrl = (token: string): string =>
  `${readPublicUrl() ?? (readWebUrl() || readSiteUrl())}${toPath(token)}`;

/** `toShareUrl` where `PUBLIC_URL` is set; else null, as pages know best at which address they are. */
export const toPublicShareUrl = (token: string): string | null => (readPublicUrl() === null ? null : toShareUrl(token));

/** The web application's page of the session; null when its address is unknown or that of REST itself. */
export function toSharePage(token: string): string | null {
  const web = readWebUrl();
  return web === "" || web === readSiteUrl() ? null : `${web}${toPath(token)}`;
}
