import type { AuthProvider } from "../identity";
import type { ModuleSource } from "../isolate";
import { HttpError } from "../lib";

/**
 * The providers of `auth.config.ts`.
 * @param exported the default export as JSON text, null when there is none.
 * @throws HttpError 400; AuthConfigMissingEnvironmentVariable when a provider needs a variable that is not set.
 */
export function parseAuthConfig(
  module: ModuleSource,
  exported: string | null,
  env: Record<string, string>,
): AuthProvider[] {
  const config = exported === null ? null : (JSON.parse(exported) as { providers?: unknown } | null);
  if (config === null || !Array.isArray(config.providers)) {
    throw new HttpError(400, "InvalidAuthConfig", "auth.config.ts must export default {providers: [...]}.");
  }
  return config.providers.map((raw: unknown) => {
    const provider = (raw ?? {}) as Record<string, unknown>;
    const custom = provider["type"] === "customJwt";
    for (const field of custom ? ["issuer", "jwks", "algorithm"] : ["domain", "applicationID"]) {
      const value = provider[field];
      // An unset variable leaves either no value at all or, inside a template, the word undefined.
      if (typeof value === "string" && value !== "" && !value.includes("undefined")) continue;
      const missing = findMissingVariable(module.source, env);
      if (missing !== null) {
        throw new HttpError(
          400,
          "AuthConfigMissingEnvironmentVariable",
          `Environment variable ${missing} is used in auth config file but its value was not set.`,
        );
      }
      throw new HttpError(400, "InvalidAuthConfig", `auth.config.ts: a provider needs the string "${field}".`);
    }
    return custom
      ? parseCustomJwt(provider)
      : { domain: provider["domain"] as string, applicationID: provider["applicationID"] as string };
  });
}

function parseCustomJwt(provider: Record<string, unknown>): AuthProvider {
  const algorithm = provider["algorithm"];
  if (algorithm !== "RS256" && algorithm !== "ES256") {
    throw new HttpError(
      400,
      "InvalidAuthConfig",
      `auth.config.ts: algorithm must be RS256 or ES256, got ${JSON.stringify(algorithm)}.`,
    );
  }
  const applicationID = typeof provider["applicationID"] === "string" ? provider["applicationID"] : null;
  return {
    type: "customJwt",
    issuer: provider["issuer"] as string,
    jwks: provider["jwks"] as string,
    algorithm,
    applicationID,
  };
}

function findMissingVariable(source: string, env: Record<string, string>): string | null {
  for (const match of source.matchAll(/process\.env(?:\.(\w+)|\[["'](\w+)["']\])/g)) {
    const name = match[1] ?? match[2]!;
    if (env[name] === undefined) return name;
  }
  return null;
}
