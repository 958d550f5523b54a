import type { Json, JsonObject } from "../values";

/** OpenID Connect claims that functions see under another name. Source: `UserIdentity` in `convex/server`. */
const RENAMED: Record<string, string> = {
  sub: "subject",
  iss: "issuer",
  given_name: "givenName",
  family_name: "familyName",
  preferred_username: "preferredUsername",
  profile: "profileUrl",
  picture: "pictureUrl",
  website: "website",
  email_verified: "emailVerified",
  birthdate: "birthday",
  zoneinfo: "timezone",
  locale: "language",
  phone_number: "phoneNumber",
  phone_number_verified: "phoneNumberVerified",
  updated_at: "updatedAt",
};

/** Vary from token to token of one user: with them a refresh would look like another user to every cache. */
const DROPPED = new Set(["aud", "azp", "exp", "fva", "iat", "jti", "nbf"]);

/**
 * The identity functions see for a verified token.
 * @param claims a JWT payload with string `iss` and `sub`.
 */
export function makeIdentityFromClaims(claims: Record<string, unknown>): Identity {
  const identity: JsonObject = {};
  for (const [name, value] of Object.entries(claims)) {
    if (DROPPED.has(name) || value === undefined) continue;
    identity[RENAMED[name] ?? name] = name === "updated_at" ? `${value as number}` : (value as Json);
  }
  return makeIdentityFromAttributes(identity);
}

/**
 * An identity from attributes already in Convex's spelling, as an admin acting for a user sends them.
 * @throws Error when subject or issuer is missing.
 */
export function makeIdentityFromAttributes(attributes: JsonObject): Identity {
  const { subject, issuer } = attributes;
  if (typeof subject !== "string" || typeof issuer !== "string")
    throw new Error("an identity needs string subject and issuer");
  const claims: JsonObject = { tokenIdentifier: `${issuer}|${subject}` };
  for (const name of Object.keys(attributes).sort()) claims[name] = attributes[name]!;
  return { key: JSON.stringify(claims), claims };
}

/** The claims functions see, in Convex's spelling, plus a stable key for caching. */
export interface Identity {
  key: string;
  claims: JsonObject;
  /** Set instead of claims when the caller's token proves nothing: an HTTP action learns why when it asks. */
  error?: string;
}

/** The caller of an HTTP action who sent a token that proves nothing. */
export const makeUnknownIdentity = (error: string): Identity => ({ key: "", claims: {}, error });
