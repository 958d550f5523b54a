/** Sign-in with Google: settings, and what an `id_token` proves. */
import { createRemoteJWKSet, customFetch, errors, jwtVerify, type JWTPayload } from "jose";
import { AppError, unauthenticated } from "../../lib/errors";
import { normalizeEmail } from "../../lib/folding/email";
import { cleanText } from "../../lib/text";
import type { GoogleProfile } from "./googleUser";

const GOOGLE_ISSUER = "https://accounts.google.com";

/**
 * `AUTH_GOOGLE_ID`, `AUTH_GOOGLE_SECRET`, and `AUTH_GOOGLE_ISSUER` for another OIDC provider in its place (default
 * Google's own).
 */
export const readGoogleSettings = () => ({
  clientId: process.env.AUTH_GOOGLE_ID,
  clientSecret: process.env.AUTH_GOOGLE_SECRET,
  issuer: (process.env.AUTH_GOOGLE_ISSUER ?? GOOGLE_ISSUER).replace(/\/$/, ""),
});

/**
 * The profile in verified claims. Throws `UNAUTHENTICATED` unless the provider vouches for the address: an unverified
 * one would let anybody in as anybody.
 */
export function readProfile(claims: Record<string, unknown>): GoogleProfile {
  if (typeof claims.email !== "string" || claims.email_verified !== true)
    throw unauthenticated("Google has not verified this email address.");
  return {
    email: normalizeEmail(claims.email),
    emailAsTyped: cleanText(claims.email),
    name: typeof claims.name === "string" ? claims.name : "",
    ...(typeof claims.picture === "string" && { image: claims.picture }),
  };
}

// The provider's key set timed out, is malformed, or came with an error status.
const KEYS_MISSING = new Set(["ERR_JWKS_TIMEOUT", "ERR_JWKS_INVALID", "ERR_JOSE_GENERIC"]);

type Keys = ReturnType<typeof createRemoteJWKSet>;
let known: { issuer: string; keys: Keys } | undefined;

async function getKeys(issuer: string): Promise<Keys> {
  if (known?.issuer === issuer) return known.keys;
  const response = await fetch(`${issuer}/.well-known/openid-configuration`);
  if (!response.ok) throw new Error(`the OIDC provider answered ${response.status}`);
  const { jwks_uri: jwksUri } = (await response.json()) as { jwks_uri: string };
  known = {
    issuer,
    keys: createRemoteJWKSet(new URL(jwksUri), { [customFetch]: (...args) => fetch(...args) }),
  };
  return known.keys;
}

/**
 * Verifies an `id_token`; returns whom it names. Throws `UNAUTHENTICATED` when signature, issuer, audience or expiry
 * fails, `UNAVAILABLE` when the provider's keys cannot be had.
 */
export async function verifyIdToken(idToken: string): Promise<{ sub: string; profile: GoogleProfile }> {
  const { clientId, issuer } = readGoogleSettings();
  if (!clientId) throw unauthenticated("Sign-in with Google is not set up here.");
  let claims: JWTPayload;
  try {
    // Google's tokens carry its issuer with or without the scheme.
    const issuers = issuer === GOOGLE_ISSUER ? [issuer, "accounts.google.com"] : [issuer];
    ({ payload: claims } = await jwtVerify(idToken, await getKeys(issuer), {
      issuer: issuers,
      audience: clientId,
      requiredClaims: ["sub", "exp"],
    }));
  } catch (error) {
    if (error instanceof errors.JOSEError && !KEYS_MISSING.has(error.code))
      throw unauthenticated("The Google token does not verify.");
    console.error("Google's keys cannot be had", error);
    throw new AppError("UNAVAILABLE", "Google cannot be reached. Try again in a moment.");
  }
  return { sub: String(claims.sub), profile: readProfile(claims) };
}
