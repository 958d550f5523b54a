import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deadlineMs } from "../../lib/deadlines";
import { type AuthProvider, TokenError, TokenVerifier } from "./token-verifier";

const SITE = "http://site.test";
let rsa: { publicKey: CryptoKey; privateKey: CryptoKey };
let ec: { publicKey: CryptoKey; privateKey: CryptoKey };
let issuer: string;
let server: Server;
let fetches: string[] = [];
let served: Record<string, unknown>[] = [];

beforeAll(async () => {
  rsa = await generateKeyPair("RS256", { extractable: true });
  ec = await generateKeyPair("ES256", { extractable: true });
  served = [{ ...(await exportJWK(rsa.publicKey)), kid: "one", alg: "RS256" }];
  server = createServer((request, response) => {
    fetches.push(request.url!);
    const body = request.url === "/keys" ? { keys: served } : { jwks_uri: `${issuer}/keys` };
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => server.close());

function token(
  claims: Record<string, unknown>,
  options: { kid?: string; alg?: string; key?: CryptoKey; expires?: string | number } = {},
): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: options.alg ?? "RS256", kid: options.kid ?? "one" })
    .setIssuedAt()
    .setExpirationTime(options.expires ?? "1h")
    .sign(options.key ?? rsa.privateKey);
}

function verifier(
  providers: AuthProvider[],
  own: (request: Request) => Promise<Response | null> = async () => null,
): TokenVerifier {
  const tokens = new TokenVerifier(SITE, own);
  tokens.setProviders(providers);
  return tokens;
}

describe("OpenID Connect", () => {
  test("finds keys by discovery, once, and gives claims in the platform's spelling", async () => {
    fetches = [];
    const tokens = verifier([{ domain: issuer, applicationID: "app" }]);
    const text = await token({
      iss: issuer,
      aud: "app",
      sub: "user",
      given_name: "Ada",
      email_verified: true,
      role: "x",
      jti: "1",
    });
    const { identity, expiresAt } = await tokens.verify(text);
    expect(identity.claims).toEqual({
      tokenIdentifier: `${issuer}|user`,
      issuer,
      subject: "user",
      givenName: "Ada",
      emailVerified: true,
      role: "x",
    });
    expect(expiresAt).toBeGreaterThan(Date.now() + 3_500_000);
    expect(fetches).toEqual(["/.well-known/openid-configuration", "/keys"]);
    const again = tokens.verify(text);
    expect(again).not.toBeInstanceOf(Promise);
    expect(fetches).toHaveLength(2);
  });

  test("gives a refreshed token the same identity key", async () => {
    const tokens = verifier([{ domain: issuer, applicationID: "app" }]);
    const first = await tokens.verify(await token({ iss: issuer, aud: "app", sub: "u", jti: "1" }));
    const second = await tokens.verify(await token({ iss: issuer, aud: "app", sub: "u", jti: "2" }, { expires: "2h" }));
    expect(second.identity.key).toBe(first.identity.key);
  });

  test.each([
    ["another audience", { aud: "other" }, "No auth provider found"],
    ["another issuer", { iss: "https://elsewhere.test" }, "No auth provider found"],
    ["no subject", { sub: undefined }, '"sub"'],
  ])("refuses %s", async (_name, change, reason) => {
    const tokens = verifier([{ domain: issuer, applicationID: "app" }]);
    const text = await token({ iss: issuer, aud: "app", sub: "user", ...change });
    await expect((async () => tokens.verify(text))()).rejects.toThrow(reason);
  });

  test("refuses an expired token, also one it once accepted, and one signed by somebody else", async () => {
    const tokens = verifier([{ domain: issuer, applicationID: "app" }]);
    const nowS = Math.floor(Date.now() / 1_000);
    await expect(
      (async () => tokens.verify(await token({ iss: issuer, aud: "app", sub: "u" }, { expires: nowS - 60 })))(),
    ).rejects.toThrow("Token expired");
    const endsS = nowS + Math.ceil(deadlineMs(2_000) / 1_000);
    const brief = await token({ iss: issuer, aud: "app", sub: "u" }, { expires: endsS });
    await tokens.verify(brief);
    await new Promise((resolve) => setTimeout(resolve, endsS * 1_000 - Date.now() + 100));
    await expect((async () => tokens.verify(brief))()).rejects.toThrow("Token expired");
    const stranger = await generateKeyPair("RS256");
    await expect(
      (async () => tokens.verify(await token({ iss: issuer, aud: "app", sub: "u" }, { key: stranger.privateKey })))(),
    ).rejects.toThrow(TokenError);
    await expect((async () => tokens.verify("not.a.token"))()).rejects.toThrow("Could not parse");
  });

  test("reads its own issuer's documents in process", async () => {
    const asked: string[] = [];
    const tokens = verifier([{ domain: SITE, applicationID: "convex" }], async (request) => {
      asked.push(request.url);
      return Response.json(
        request.url.endsWith("jwks.json") ? { keys: served } : { jwks_uri: `${SITE}/.well-known/jwks.json` },
      );
    });
    const { identity } = await tokens.verify(await token({ iss: SITE, aud: "convex", sub: "user|session" }));
    expect(identity.claims["subject"]).toBe("user|session");
    expect(asked).toEqual([`${SITE}/.well-known/openid-configuration`, `${SITE}/.well-known/jwks.json`]);
  });
});

describe("custom JWT", () => {
  test("takes keys from a data URL and only the named algorithm", async () => {
    const jwks = `data:text/plain;charset=utf-8;base64,${Buffer.from(JSON.stringify({ keys: [{ ...(await exportJWK(ec.publicKey)), kid: "ec", alg: "ES256" }] })).toString("base64")}`;
    const tokens = verifier([
      { type: "customJwt", issuer: "https://ours.test", jwks, algorithm: "ES256", applicationID: null },
    ]);
    const good = await token({ iss: "https://ours.test/", sub: "7" }, { alg: "ES256", kid: "ec", key: ec.privateKey });
    expect((await tokens.verify(good)).identity.claims["subject"]).toBe("7");
    await expect((async () => tokens.verify(await token({ iss: "https://ours.test", sub: "7" })))()).rejects.toThrow(
      TokenError,
    );
  });
});
