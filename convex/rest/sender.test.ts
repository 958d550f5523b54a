import { afterEach, expect, test, vi } from "vitest";
import { newBackend } from "../setup.testing";

afterEach(() => vi.unstubAllEnvs());

const toBytes = (text: string) => String.fromCharCode(...new TextEncoder().encode(text));

/** Registers somebody with such headers; → what is kept of where they came from. */
async function register(headers: Record<string, string>) {
  const t = newBackend();
  vi.stubEnv("TRUSTED_PROXY", "1");
  await t.fetch("/api/auth/register/", {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify({ email: "ada@example.com", password: "correct horse battery" }),
  });
  const [session] = await t.run((ctx) => ctx.db.query("accountSessions").collect());
  return session!;
}

test("places and programs in UTF-8 are read as such", async () => {
  const headers = {
    "CF-IPCity": toBytes("São Paulo"),
    "CF-IPCountry": "BR",
    "User-Agent": toBytes("Zeit für mich/2.0"),
  };
  expect(await register(headers)).toMatchObject({ location: "São Paulo, BR", userAgent: "Zeit für mich/2.0" });
  expect(await register({ "CF-IPCity": "S\xe3o Paulo" })).toMatchObject({ location: "São Paulo" });
});

test("a proxy may write Forwarded alone, and one that ends its list with nothing says nothing", async () => {
  expect(await register({ "X-Forwarded-For": "10.9.9.9, " })).toMatchObject({ ipAddress: null });
  expect(await register({ Forwarded: 'for="[2001:db8::7]:51234"' })).toMatchObject({ ipAddress: "2001:db8::7" });
});
