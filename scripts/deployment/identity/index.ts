/** Proof of who is calling: tokens of auth providers, and the admin key. */
export { AdminKeys } from "./admin-keys";
export { type Identity, makeIdentityFromAttributes, makeUnknownIdentity } from "./identity";
export { type AuthProvider, TokenError, TokenVerifier } from "./token-verifier";
