import { exportJWK, exportPKCS8, generateKeyPair } from "jose";

/**
 * The token-signing key pair of a deployment, in the environment of this test run; restored by vitest's
 * `unstubAllEnvs`.
 */
export async function stubTokenKeys(stubEnv: (name: string, value: string) => unknown): Promise<void> {
  const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
  stubEnv("JWT_PRIVATE_KEY", (await exportPKCS8(privateKey)).trimEnd().replaceAll("\n", " "));
  stubEnv("JWKS", JSON.stringify({ keys: [{ use: "sig", ...(await exportJWK(publicKey)) }] }));
  stubEnv("CONVEX_SITE_URL", "http://127.0.0.1:3211");
}
