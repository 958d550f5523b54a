/** `CORS_ALLOWED_ORIGINS`, comma-separated; matched exactly. */
export const listAllowedOrigins = (): string[] =>
  (process.env.CORS_ALLOWED_ORIGINS ?? "")
    .split(",")
    .map((origin) => origin.trim())
    .filter(Boolean);
