/** Access tokens (JWT), made and read exactly as Convex Auth does, so that either side's are good for both. */
import { createLocalJWKSet, importPKCS8, jwtVerify, SignJWT, type JSONWebKeySet } from "jose";
import type { Id } from "../../_generated/dataModel";
import { ACCESS_TOKEN_LIFETIME_MS } from "../../identity/sessions/lifetimes";
import { readAuthSession, getSubject } from "../../identity/subject";

// The deployment's own provider in auth.config.ts.
const AUDIENCE = "convex";
const ALGORITHM = "RS256";

function readSetting(name: "JWT_PRIVATE_KEY" | "JWKS" | "CONVEX_SITE_URL"): string {
  const value = process.env[name];
  if (!value) throw new Error(`The environment variable ${name} is not set.`);
  return value;
}

let imported: { pem: string; key: Awaited<ReturnType<typeof importPKCS8>> } | undefined;

async function getSigningKey() {
  const pem = readSetting("JWT_PRIVATE_KEY");
  if (imported?.pem !== pem) imported = { pem, key: await importPKCS8(pem, ALGORITHM) };
  return imported.key;
}

/** A token for the session; `expiresAt` in ms, whole seconds. */
export async function signAccessToken(who: {
  userId: Id<"users">;
  authSessionId: Id<"authSessions">;
}): Promise<{ access: string; expiresAt: number }> {
  const issuedAt = Math.floor(Date.now() / 1000);
  const expiresAt = issuedAt + ACCESS_TOKEN_LIFETIME_MS / 1000;
  const access = await new SignJWT({ sub: getSubject(who.userId, who.authSessionId) })
    .setProtectedHeader({ alg: ALGORITHM })
    .setIssuedAt(issuedAt)
    .setIssuer(readSetting("CONVEX_SITE_URL"))
    .setAudience(AUDIENCE)
    .setExpirationTime(expiresAt)
    .sign(await getSigningKey());
  return { access, expiresAt: expiresAt * 1000 };
}

/** The session an access token names, or null when signature, issuer, audience or expiry fails. */
export async function verifyAccessToken(token: string): Promise<Id<"authSessions"> | null> {
  const keys = createLocalJWKSet(JSON.parse(readSetting("JWKS")) as JSONWebKeySet);
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer: readSetting("CONVEX_SITE_URL"),
      audience: AUDIENCE,
      algorithms: [ALGORITHM],
    });
    return readAuthSession(payload.sub);
  } catch {
    return null;
  }
}
