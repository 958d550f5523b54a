/**
 * Access tokens (JWT), made and read exactly as Convex Auth does, so that either side's are good for both. Their header
 * names the key, so that it can be found while a new one takes over from an old one.
 */
import { createLocalJWKSet, decodeJwt, importPKCS8, jwtVerify, SignJWT, type JSONWebKeySet } from "jose";
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

type SigningKey = { key: Awaited<ReturnType<typeof importPKCS8>>; header: { alg: string; kid?: string } };
let imported: (SigningKey & { pem: string; jwks: string }) | undefined;

async function getSigningKey(): Promise<SigningKey> {
  const [pem, jwks] = [readSetting("JWT_PRIVATE_KEY"), readSetting("JWKS")];
  if (imported?.pem === pem && imported.jwks === jwks) return imported;
  const kid = findKeyId(pem, JSON.parse(jwks) as JSONWebKeySet);
  const header = { alg: ALGORITHM, ...(kid !== undefined && { kid }) };
  const key = await importPKCS8(pem, ALGORITHM);
  imported = { pem, jwks, key, header };
  return imported;
}

/** The id of the public key whose modulus is in the private one; undefined when it has none. */
function findKeyId(pem: string, { keys }: JSONWebKeySet): string | undefined {
  const decode = (text: string) => atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = decode(pem.replace(/-----[^-]+-----|\s/g, ""));
  return keys.find(({ n }) => typeof n === "string" && bytes.includes(decode(n)))?.kid;
}

/** A token of Convex Auth with the same claims, and the key named in its header. */
export async function nameKeyOf(token: string): Promise<string> {
  const { key, header } = await getSigningKey();
  return header.kid === undefined ? token : await new SignJWT(decodeJwt(token)).setProtectedHeader(header).sign(key);
}

/** A token for the session; `expiresAt` in ms, whole seconds. */
export async function signAccessToken(who: {
  userId: Id<"users">;
  authSessionId: Id<"authSessions">;
}): Promise<{ access: string; expiresAt: number }> {
  const issuedAt = Math.floor(Date.now() / 1000);
  const expiresAt = issuedAt + ACCESS_TOKEN_LIFETIME_MS / 1000;
  const { key, header } = await getSigningKey();
  const access = await new SignJWT({ sub: getSubject(who.userId, who.authSessionId) })
    .setProtectedHeader(header)
    .setIssuedAt(issuedAt)
    .setIssuer(readSetting("CONVEX_SITE_URL"))
    .setAudience(AUDIENCE)
    .setExpirationTime(expiresAt)
    .sign(key);
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
