/** Where this deployment answers HTTP, without a slash at the end; empty where it is not told, so that links are relative. */
export const siteUrl = (): string => (process.env.CONVEX_SITE_URL ?? "").replace(/\/+$/, "");
