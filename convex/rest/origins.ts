/**
 * The origins that browsers may call from: `CORS_ALLOWED_ORIGINS`, comma-separated and matched exactly; where it is not
 * set, that of the web application, `SITE_URL`.
 */
export const listAllowedOrigins = (): string[] =>
  (process.env.CORS_ALLOWED_ORIGINS ?? siteOrigin())
    .split(",")
    .map((origin) => origin.trim())
    .filter(Boolean);

function siteOrigin(): string {
  const url = process.env.SITE_URL ?? "";
  return URL.canParse(url) ? new URL(url).origin : "";
}
