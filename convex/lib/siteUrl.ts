/**
 * The address at which this deployment answers HTTP, without a slash at the end; empty when unknown, so that links are
 * relative.
 */
export const readSiteUrl = (): string => (process.env.CONVEX_SITE_URL ?? "").replace(/\/+$/, "");
