/**
 * The address at which clients reach this deployment's HTTP, without a slash at the end: the setting `PUBLIC_URL`,
 * where something else stands in front, else the deployment's own. Empty when unknown, so that links are relative.
 */
export const readSiteUrl = (): string => readPublicUrl() ?? trimSlashes(process.env.CONVEX_SITE_URL ?? "");

/** The address of the web application, without a slash at the end: the setting `SITE_URL`. Empty when unknown. */
export const readWebUrl = (): string => trimSlashes(process.env.SITE_URL?.trim() ?? "");

/** The setting, or null when it is unset or no address that links can begin with. */
export function readPublicUrl(): string | null {
  const setting = process.env.PUBLIC_URL?.trim();
  return setting && isPublicUrl(setting) ? trimSlashes(setting) : null;
}

const trimSlashes = (url: string): string => url.replace(/\/+$/, "");

/** Whether links can begin with it: an http or https URL, with a path at most. */
export function isPublicUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && !/[?#]/.test(text) && username === "" && password === "";
}
