import { exportJWK, exportPKCS8, generateKeyPair, jwtVerify } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startEngine, type TestEngine } from "./testing";

const files = {
  "schema.ts": `import { defineSchema } from "./server";
import { authTables } from "@convex-dev/auth/server";
export default defineSchema(authTables);`,
  "auth.ts": `import { convexAuth } from "@convex-dev/auth/server";
import { Password } from "@convex-dev/auth/providers/Password";
import { Anonymous } from "@convex-dev/auth/providers/Anonymous";
export const { auth, signIn, signOut, store } = convexAuth({ providers: [Password, Anonymous] });`,
  "http.ts": `import { httpRouter } from "./server";
import { auth } from "./auth";
const http = httpRouter();
auth.addHttpRoutes(http);
export default http;`,
  "users.ts": `import { query } from "./server";
export const count = query({ args: {}, handler: async (ctx) => (await ctx.db.query("users").collect()).length });`,
};

interface SignedIn {
  tokens: { token: string; refreshToken: string } | null;
}

let t: TestEngine;
let publicKey: CryptoKey;
beforeAll(async () => {
  const keys = await generateKeyPair("RS256", { extractable: true });
  publicKey = keys.publicKey;
  t = await startEngine(files);
  t.env.JWT_PRIVATE_KEY = (await exportPKCS8(keys.privateKey)).trimEnd().replaceAll("\n", " ");
  t.env.JWKS = JSON.stringify({ keys: [{ use: "sig", ...(await exportJWK(keys.publicKey)) }] });
  t.env.SITE_URL = "http://app.test";
  t.engine.environmentChanged();
});
afterAll(() => t.close());

const password = (flow: string, secret: string) =>
  t.action("auth:signIn", {
    provider: "password",
    params: { flow, email: "ann@example.com", password: secret },
  });

test("sign-up, sign-in, refresh and refusal with @convex-dev/auth", async () => {
  const { tokens } = (await password("signUp", "correct horse")) as unknown as SignedIn;
  const { payload } = await jwtVerify(tokens?.token ?? "", publicKey, {
    issuer: "http://site.test",
    audience: "convex",
  });
  expect(payload.sub).toMatch(/^\w+\|\w+$/);
  expect(t.query("users:count")).toBe(1);
  const again = (await password("signIn", "correct horse")) as unknown as SignedIn;
  expect(again.tokens?.token).toMatch(/^ey/);
  await expect(password("signIn", "wrong horse")).rejects.toThrow();
  const refreshed = (await t.action("auth:signIn", {
    refreshToken: again.tokens?.refreshToken ?? "",
  })) as unknown as SignedIn;
  expect(refreshed.tokens?.refreshToken).not.toBe(again.tokens?.refreshToken);
  expect(t.query("users:count")).toBe(1);
});

test("a guest signs in, and the deployment serves its keys", async () => {
  const { tokens } = (await t.action("auth:signIn", { provider: "anonymous" })) as unknown as SignedIn;
  expect(tokens?.token).toMatch(/^ey/);
  expect(await (await t.http("/.well-known/jwks.json")).json()).toEqual(JSON.parse(t.env.JWKS ?? ""));
  expect(await (await t.http("/.well-known/openid-configuration")).json()).toMatchObject({
    issuer: "http://site.test",
  });
});
