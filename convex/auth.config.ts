/** The deployment is its own OIDC issuer: Convex Auth signs the tokens, the backend verifies them against its JWKS. */
export default {
  providers: [{ domain: process.env.CONVEX_SITE_URL, applicationID: "convex" }],
};
