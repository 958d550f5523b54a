import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import Provider from "oidc-provider";

export type Person = { sub: string; email: string; email_verified: boolean; name?: string };

/**
 * A real OIDC provider on loopback in Google's place. It signs in whoever `person` names at that moment, without
 * asking. `redirectUri` is where the deployment takes its callbacks.
 */
export async function startOidc(client: { id: string; secret: string; redirectUri: string }) {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let person: Person = { sub: "none", email: "none@example.com", email_verified: false };
  const people = new Map<string, Person>();
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [client.redirectUri],
        grant_types: ["authorization_code"],
      },
      {
        client_id: "another-app",
        client_secret: client.secret,
        redirect_uris: [client.redirectUri],
        grant_types: ["authorization_code"],
      },
    ],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    conformIdTokenClaims: false,
    pkce: { required: () => false },
    features: { devInteractions: { enabled: false } },
    cookies: { keys: ["loopback only"] },
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ ...(people.get(sub) ?? { sub }) }) }),
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  });
  const answer = provider.callback();
  server.on("request", (request, response) => {
    if (!request.url?.startsWith("/interaction/")) return void answer(request, response);
    void (async () => {
      const { params, session } = await provider.interactionDetails(request, response);
      const accountId = session?.accountId ?? person.sub;
      const grant = new provider.Grant({ accountId, clientId: String(params.client_id) });
      grant.addOIDCScope("openid email profile");
      await provider.interactionFinished(request, response, {
        login: { accountId: person.sub },
        consent: { grantId: await grant.save() },
      });
    })();
  });
  return {
    issuer,
    signsIn(next: Person) {
      person = next;
      people.set(next.sub, next);
    },
    close: () => close(server),
  };
}

const close = (server: Server) => {
  server.closeAllConnections();
  return new Promise<void>((done) => server.close(() => done()));
};

/**
 * Walks from an authorization URL to the redirect back, as a browser would; → the final `Location`.
 */
export async function walk(authorizationUrl: string, until: string): Promise<string> {
  const cookies = new Map<string, string>();
  for (let url = authorizationUrl, hops = 0; hops < 10; hops++) {
    const response = await fetch(url, {
      redirect: "manual",
      headers: { Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") },
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      cookies.set(name, value);
    }
    const location = response.headers.get("Location");
    if (!location) throw new Error(`the provider answered ${response.status}: ${await response.text()}`);
    url = new URL(location, url).toString();
    if (url.startsWith(until)) return url;
  }
  throw new Error("the provider redirects in circles");
}
