import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { isPublicUrl } from "../../convex/lib/siteUrl";

/** The checkout this script belongs to. */
export const PROJECT_DIR = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** Settings of the app that are passed on from this environment to the deployment's. */
export const PASSED_ON = [
  "SERVICE_KEY",
  "CORS_ALLOWED_ORIGINS",
  "PUBLIC_URL",
  "SITE_URL",
  "RATE_LIMIT_SCALE",
  "PASSWORD_HASH_PASSES",
  "TRUSTED_PROXY",
  "PERMANENT_STORE_URL",
  "PERMANENT_STORE_TOKEN",
  "FOCUS_RETENTION_DAYS",
  "AUDIT_RETENTION_DAYS",
  "NOTIFICATION_RETENTION_DAYS",
  "RATES_MODEL_URL",
  "RATES_MODEL",
  "RATES_API_KEY",
  "GEOIP_DATABASE",
  "CLAMD_URL",
  "TUTORING_AUTO_APPROVE",
  "ICE_SERVERS",
  "TURN_SECRET",
  "AUTH_GOOGLE_ID",
  "AUTH_GOOGLE_SECRET",
  "AUTH_GOOGLE_ISSUER",
  "WEBHOOK_ALLOW_PRIVATE",
  "SENTRY_DSN",
];

export interface Settings {
  /** Client and CLI API of the embedded deployment (`CONVEX_PORT`, 3210). */
  convexPort: number;
  /** HTTP actions of the embedded deployment (`CONVEX_SITE_PORT`, 3211). */
  sitePort: number;
  /** Embedded PostgreSQL (`STORE_PORT`, 5433). */
  storePort: number;
  /** Web application (`WEB_PORT`, 5173). */
  webPort: number;
  /** Everything that must survive a restart (`DATA_DIR`, `.data`). */
  dataDir: string;
  /** Listen address (`HOST`, 127.0.0.1). */
  host: string;
}

/**
 * Reads the settings from the environment; throws one line naming the variable when one is malformed. Empty is unset.
 */
export function readSettings(env: NodeJS.ProcessEnv = process.env): Settings {
  const settings = {
    convexPort: port(env, "CONVEX_PORT", 3210),
    sitePort: port(env, "CONVEX_SITE_PORT", 3211),
    storePort: port(env, "STORE_PORT", 5433),
    webPort: port(env, "WEB_PORT", 5173),
    dataDir: resolve(PROJECT_DIR, env.DATA_DIR || ".data"),
    host: env.HOST || "127.0.0.1",
  };
  const ports = [settings.convexPort, settings.sitePort, settings.storePort, settings.webPort];
  if (new Set(ports).size < ports.length)
    throw new Error("CONVEX_PORT, CONVEX_SITE_PORT, STORE_PORT and WEB_PORT must differ.");
  return settings;
}

/** @throws Error, one line, when links cannot begin with it. */
export function assertPublicUrl(text: string | undefined): void {
  if (text && !isPublicUrl(text.trim()))
    throw new Error(`PUBLIC_URL must be an http or https address such as https://api.example.com, not "${text}".`);
}

function port(env: NodeJS.ProcessEnv, name: string, fallback: number): number {
  const text = env[name];
  if (text === undefined || text === "") return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 65_535)
    throw new Error(`${name} must be a port number from 1 to 65535, not "${text}".`);
  return value;
}
