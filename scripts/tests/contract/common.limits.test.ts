/**
 * convex/rest/README.md §0: rate limits as they are without a scale, and forwarding headers behind a proxy that is
 * trusted.
 */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { adminClient } from "../../lib/admin";
import { startServer, type Server } from "../../lib/server";
import type { Answer } from "../support/api";
import { rawCall } from "../support/raw";

let server: Server;
beforeAll(async () => {
  server = await startServer({ env: { RATE_LIMIT_SCALE: "1", TRUSTED_PROXY: "1" } });
});
afterAll(() => server?.stop());

let hosts = 0;
/** Each test comes from an address of its own, as the proxy tells it. */
const newAddress = () => `203.0.${113 + Math.floor(++hosts / 250)}.${(hosts % 250) + 1}`;

interface Options {
  auth?: string;
  body?: object;
  headers?: Record<string, string>;
}
const from =
  (address: string) =>
  (method: string, path: string, { auth, body, headers }: Options = {}) =>
    rawCall(method, path, {
      siteUrl: server.siteUrl,
      headers: {
        // What a client claims comes first; the proxy's own word last.
        "X-Forwarded-For": `10.9.9.9, ${address}`,
        ...(auth && { Authorization: auth }),
        ...(body && { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(body && { body: JSON.stringify(body) }),
    });
type Send = ReturnType<typeof from>;

const PASSWORD = "correct horse battery";
const newEmail = () => `u-${randomUUID()}@example.com`;
async function register(send: Send, email = newEmail()): Promise<string> {
  const { status, body, text } = await send("POST", "/api/auth/register/", { body: { email, password: PASSWORD } });
  expect(status, text).toBe(201);
  return `SessionID ${body.session_id as string}`;
}

/** What the headers of an answer tell of its tightest limit. */
function readRate({ headers }: Answer) {
  const [limit, remaining, resetSeconds] = ["Limit", "Remaining", "Reset"].map((name) => {
    const text = headers.get(`RateLimit-${name}`);
    expect(text, name).toMatch(/^\d+$/);
    return Number(text);
  });
  return { limit: limit!, remaining: remaining!, resetSeconds: resetSeconds! };
}

const assertLimited = (answer: Answer): void => {
  expect(answer.status).toBe(429);
  const seconds = Number(answer.headers.get("retry-after"));
  expect(readRate(answer)).toMatchObject({ remaining: 0, resetSeconds: seconds });
  expect(seconds).toBeGreaterThanOrEqual(1);
  expect(seconds).toBeLessThanOrEqual(60);
};

/**
 * Sends `count` requests, ten at a time; → how many passed. Tokens come back while it runs: `perMinute` says how fast,
 * so that a slow machine may let a few more through.
 */
async function passed(count: number, perMinute: number, request: () => Promise<Answer>) {
  const startedAt = Date.now();
  const answers: Answer[] = [];
  while (answers.length < count) answers.push(...(await Promise.all(Array.from({ length: 10 }, request))));
  const limited = answers.filter(({ status }) => status === 429);
  limited.forEach(assertLimited);
  const refilled = Math.ceil(((Date.now() - startedAt) / 60_000) * perMinute) + 1;
  const through = answers.length - limited.length;
  // What made the caller has used a token or two.
  expect(through).toBeGreaterThanOrEqual(perMinute - 2);
  expect(through).toBeLessThanOrEqual(perMinute + refilled);
}

describe("logins", () => {
  test("five a minute per e-mail, from wherever; registration counts", async () => {
    const email = newEmail();
    const startedAt = Date.now();
    await register(from(newAddress()), email);
    const attempt = () =>
      from(newAddress())("POST", "/api/auth/login/", { body: { email: email.toUpperCase(), password: "wrong" } });
    const answers = await Promise.all(Array.from({ length: 8 }, attempt));
    const refused = answers.filter(({ status }) => status === 401);
    expect(refused.length).toBeGreaterThanOrEqual(4);
    expect(refused.length).toBeLessThanOrEqual(5 + Math.floor((Date.now() - startedAt) / 12_000));
    answers.filter(({ status }) => status !== 401).forEach(assertLimited);
    while ((await attempt()).status !== 429);
    // The right password does not help, nor does the other spelling.
    assertLimited(await from(newAddress())("POST", "/api/sessions/create/", { body: { email, password: PASSWORD } }));
  });

  test("twenty a minute per address, over all its e-mails, Google and registration too", async () => {
    const send = from(newAddress());
    const credentials = () => ({ email: newEmail(), password: PASSWORD });
    const three = ["/api/auth/login/", "/api/sessions/create/", "/api/auth/register/"];
    const first = await Promise.all(three.map((path) => send("POST", path, { body: credentials() })));
    expect(first.map(({ status }) => status)).toEqual([401, 401, 201]);
    const google = () => send("POST", "/api/auth/google/", { body: { id_token: "x" } });
    const answers = await Promise.all(Array.from({ length: 26 }, google));
    expect(answers.filter(({ status }) => status === 401).length).toBeGreaterThanOrEqual(17);
    const limited = answers.filter(({ status }) => status === 429);
    expect(limited.length).toBeGreaterThanOrEqual(1);
    limited.forEach(assertLimited);
    while ((await google()).status !== 429);
    assertLimited(await send("POST", "/api/auth/register/", { body: credentials() }));
    const elsewhere = await from(newAddress())("POST", "/api/auth/login/", {
      body: { email: newEmail(), password: PASSWORD },
    });
    expect(elsewhere.status).toBe(401);
  });
});

describe("addresses as proxies write them", () => {
  /** The address that a new session is stored with. */
  async function storedAddress(hop: string): Promise<string> {
    const auth = await register(from(hop));
    const { body } = await from(hop)("GET", "/api/v1/auth/users/me/sessions/", { auth });
    return (body as { data: { sessions: { ip_address: string }[] } }).data.sessions[0]!.ip_address;
  }

  test("ports, brackets, zones and mapped addresses are left out; what is no address gives the socket's", async () => {
    const host = newAddress();
    expect(await storedAddress(`${host}:4000`)).toBe(host);
    expect(await storedAddress(`::ffff:${host}`)).toBe(host);
    expect(await storedAddress('"[2001:db8:a::7]:51234"')).toBe("2001:db8:a::7");
    expect(await storedAddress("fe80::1%eth0")).toBe("fe80::1");
    for (const hop of ["unknown", "_hidden", "x".repeat(5_000), ""])
      expect([hop.slice(0, 9), await storedAddress(hop)]).toEqual([hop.slice(0, 9), "127.0.0.1"]);
  });

  test("one key for all ports of an address, and for all hosts of an IPv6 network", async () => {
    const host = newAddress();
    const hops = [(n: number) => `${host}:${4000 + n}`, (n: number) => `[2001:db8:b:c::${n.toString(16)}]:443`];
    for (const hopOf of hops) {
      const answers = await Promise.all(
        Array.from({ length: 26 }, (_, n) =>
          from(hopOf(n))("POST", "/api/auth/login/", { body: { email: newEmail(), password: PASSWORD } }),
        ),
      );
      expect(answers.filter(({ status }) => status === 401).length).toBeGreaterThanOrEqual(20);
      const limited = answers.filter(({ status }) => status === 429);
      expect(limited.length).toBeGreaterThanOrEqual(1);
      limited.forEach(assertLimited);
    }
    const neighbor = await from("2001:db8:b:d::1")("POST", "/api/auth/login/", {
      body: { email: newEmail(), password: PASSWORD },
    });
    expect(neighbor.status).toBe(401);
  });
});

describe("malformed logins and registrations", () => {
  test("count against the address like any other, and then get 429, not 400", async () => {
    const send = from(newAddress());
    const attempts = [
      () => send("POST", "/api/auth/login/", { body: { email: newEmail(), password: 5 } }),
      () => send("POST", "/api/auth/register/", { body: { email: newEmail(), password: "short" } }),
      () => send("POST", "/api/auth/google/", { body: {} }),
    ];
    let n = 0;
    await passed(40, 20, () => attempts[n++ % 3]!());
    for (const attempt of attempts) while ((await attempt()).status !== 429);
  });

  test("get a short answer, however much is wrong", async () => {
    const unknown = Object.fromEntries(Array.from({ length: 70_000 }, (_, n) => [`k${n}`, 0]));
    const answer = await from(newAddress())("POST", "/api/auth/login/", { body: unknown });
    expect(answer.status).toBe(400);
    expect(Object.keys(answer.body.fields as object)).toHaveLength(50);
    expect(answer.text.length).toBeLessThan(10_000);
  });
});

/** Both credentials of a session that has ended. */
async function endedProofs(): Promise<string[]> {
  const session = await register(from(newAddress()));
  const token = await from(newAddress())("POST", "/api/auth/token/", { auth: session });
  await from(newAddress())("DELETE", "/api/v1/users/me/sessions/", { auth: session });
  return [session, `Bearer ${token.body.access as string}`];
}

test("an endpoint without authentication counts and answers alike, whatever credential comes along", async () => {
  for (const auth of [undefined, ...(await endedProofs()), "Bearer x"])
    expect(
      await from(newAddress())("GET", "/api/business-cards?token=unknown", { ...(auth && { auth }) }),
    ).toMatchObject({
      status: 404,
      body: { error: "Business card not found" },
    });
});

describe("everything else", () => {
  test("120 a minute per user, whatever the credential, address and endpoint; in each domain's shape", async () => {
    const session = await register(from(newAddress()));
    const token = await from(newAddress())("POST", "/api/auth/token/", { auth: session });
    const credentials = [session, `Bearer ${token.body.access as string}`];
    let n = 0;
    await passed(150, 120, () => from(newAddress())("GET", "/api/sessions/current/", { auth: credentials[n++ % 2]! }));
    const send = from(newAddress());
    const limited = async (path: string) => {
      for (;;) {
        const answer = await send("GET", path, { auth: session });
        if (answer.status === 429) return answer;
      }
    };
    expect((await limited("/api/v1/users/me/sessions/")).body).toMatchObject({
      success: false,
      error: { code: "RATE_LIMITED" },
    });
    expect((await limited("/api/sessions")).body).toHaveProperty("error");
    expect((await limited("/api/sessions/")).body).toHaveProperty("error");
    expect((await limited("/api/v1/goals/0b8cf4b4-9d0f-4d5c-8f5e-0d8f8a3f7f11/")).body).toHaveProperty("detail");
  });

  test("120 a minute per address without a credential or with a wrong one, so that guessing is slow", async () => {
    const send = from(newAddress());
    await passed(150, 120, () => send("GET", "/api/sessions/current/", { auth: `SessionID ${randomUUID()}` }));
    for (const auth of await endedProofs()) {
      const address = from(newAddress());
      await passed(150, 120, () => address("GET", "/api/sessions/current/", { auth }));
    }
  });

  test("60 writes a minute per guest, 60 cards per address", async () => {
    const guest = await from(newAddress())("POST", "/api/sessions", {
      body: {},
      headers: { "X-Guest-Session-Id": "new" },
    });
    const id = guest.headers.get("x-guest-session-id") ?? "";
    await passed(80, 60, () =>
      from(newAddress())("POST", "/api/sessions", { body: {}, headers: { "X-Guest-Session-Id": id } }),
    );
    const send = from(newAddress());
    await passed(80, 60, () => send("GET", "/api/business-cards?token=unknown"));
  });

  test("1200 a minute for the service key", async () => {
    const send = from(newAddress());
    await passed(1_300, 1_200, () =>
      send("PUT", "/api/v1/sessions/x/", { auth: `Bearer ${server.serviceKey}`, body: {} }),
    );
  });
});

describe("every answer tells the tightest limit", () => {
  test("of a user: what is left falls with each request, whatever the answer is", async () => {
    const send = from(newAddress());
    const auth = await register(send);
    const requests: [string, string, Options][] = [
      ["GET", "/api/sessions/current/", {}],
      ["POST", "/api/sessions", { body: {} }],
      ["POST", "/api/sessions", { body: { form_data: 5 } }],
      ["GET", "/api/sessions/?page_size=x", {}],
      ["GET", "/api/sessions/unknown", {}],
      ["POST", "/api/sessions/1/join/", { body: { unknown: true } }],
      ["GET", "/api/v1/users/me/sessions/", {}],
      ["HEAD", "/api/notifications/", {}],
    ];
    const startedAt = Date.now();
    let last = 121;
    for (const [method, path, options] of requests) {
      const answer = await send(method, path, { auth, ...options });
      const rate = readRate(answer);
      expect(rate.limit, path).toBe(120);
      const refilled = Math.ceil((Date.now() - startedAt) / 500);
      // On a slow machine a lease lapses with a token or two.
      expect(rate.remaining, path).toBeGreaterThanOrEqual(100);
      expect(rate.remaining, path).toBeLessThanOrEqual(Math.min(119, last - 1 + refilled));
      expect(rate.resetSeconds, path).toBeLessThanOrEqual(10);
      expect(rate.resetSeconds, path).toBeGreaterThanOrEqual(1);
      last = rate.remaining;
    }
  });

  test("of a login: the email's, or the address's where that has less left", async () => {
    const email = newEmail();
    const login = (send: Send, body: object) => send("POST", "/api/auth/login/", { body });
    const first = await login(from(newAddress()), { email, password: PASSWORD });
    expect([first.status, readRate(first)]).toMatchObject([401, { limit: 5, remaining: 4 }]);
    const malformed = await login(from(newAddress()), { email: ` ${email.toUpperCase()}`, password: 5 });
    expect([malformed.status, readRate(malformed)]).toMatchObject([400, { limit: 5, remaining: 3 }]);
    const nobody = await login(from(newAddress()), {});
    expect([nobody.status, readRate(nobody)]).toMatchObject([400, { limit: 20, remaining: 19 }]);
    const send = from(newAddress());
    for (let n = 0; n < 18; n++) await login(send, {});
    expect(readRate(await login(send, { email: newEmail(), password: PASSWORD })).limit).toBe(20);
  });

  test("of a password change: the email's", async () => {
    const send = from(newAddress());
    const auth = await register(send);
    const body = { current_password: "wrong password", new_password: "another horse battery" };
    const answer = await send("POST", "/api/auth/password/", { auth, body });
    expect([answer.status, readRate(answer)]).toMatchObject([400, { limit: 5, remaining: 3 }]);
  });

  test("of an address: without a credential, with a wrong one, with an ended one, and for cards", async () => {
    for (const auth of [undefined, `SessionID ${randomUUID()}`, "Bearer x", ...(await endedProofs())]) {
      const answer = await from(newAddress())("GET", "/api/sessions/current/", { ...(auth && { auth }) });
      expect([answer.status, readRate(answer).limit]).toEqual([401, 120]);
      expect(readRate(answer).remaining).toBeLessThanOrEqual(119);
    }
    const card = await from(newAddress())("GET", "/api/business-cards?token=unknown");
    expect([card.status, readRate(card)]).toMatchObject([404, { limit: 60, remaining: 59 }]);
  });

  test("of a guest, and of an address whose page may not use the guest's cookie", async () => {
    const headers = { "X-Guest-Session-Id": "new" };
    const made = await from(newAddress())("POST", "/api/sessions", { body: {}, headers });
    const id = made.headers.get("x-guest-session-id") ?? "";
    expect(made.status).toBe(201);
    expect(readRate(made).limit).toBe(120);
    const again = await from(newAddress())("POST", "/api/sessions", {
      body: {},
      headers: { "X-Guest-Session-Id": id },
    });
    expect([again.status, readRate(again)]).toMatchObject([201, { limit: 60, remaining: 59 }]);
    const foreign = { Cookie: `guest_session_id=${id}`, Origin: "https://elsewhere.example" };
    const refused = await from(newAddress())("POST", "/api/sessions", { body: {}, headers: foreign });
    expect([refused.status, readRate(refused)]).toMatchObject([403, { limit: 120, remaining: 119 }]);
  });

  test("of the service", async () => {
    // The one that every test has may be used up by another.
    const key = await adminClient(server.convexUrl, server.adminKey).run<string>("identity/serviceKeys:make", {
      name: randomUUID(),
      scopes: ["focus:write"],
    });
    const answer = await from(newAddress())("PUT", "/api/v1/sessions/x/", { auth: `Bearer ${key}`, body: {} });
    expect([answer.status, readRate(answer).limit]).toEqual([400, 1_200]);
  });

  test("but none where nothing is counted", async () => {
    for (const path of ["/api/health/", "/api/nowhere", "/api/openapi.json"])
      expect((await from(newAddress())("GET", path)).headers.get("ratelimit-limit"), path).toBeNull();
  });
});

describe("behind a trusted proxy", () => {
  test("its last hop is the address, and the headers of Cloudflare, Vercel and Fly tell the place", async () => {
    const email = newEmail();
    const address = newAddress();
    await register(from(address), email);
    const places: [Record<string, string>, string | null][] = [
      [{ "CF-IPCity": "Paris", "CF-IPCountry": "FR" }, "Paris, FR"],
      [{ "X-Vercel-IP-City": "S%C3%A3o%20Paulo", "X-Vercel-IP-Country": "BR" }, "São Paulo, BR"],
      [{ "Fly-Region": "ams" }, "ams"],
      [{ "CF-IPCountry": "XX" }, null],
    ];
    for (const [headers, location] of places) {
      const login = await from(address)("POST", "/api/auth/login/", {
        body: { email, password: PASSWORD },
        headers: { ...headers, "User-Agent": "curl/8.5.0\u0080" },
      });
      const auth = `SessionID ${login.body.session_id as string}`;
      const { body } = await from(address)("GET", "/api/v1/users/me/sessions/", { auth });
      expect(body.data.sessions[0]).toMatchObject({
        ip_address: address,
        location,
        user_agent: "curl/8.5.0",
        device_name: "curl",
      });
    }
  });

  test("signing in over the live protocol has the address that the proxy tells", async () => {
    const email = newEmail();
    const address = newAddress();
    const auth = await register(from(newAddress()), email);
    const signedIn = await fetch(`${server.convexUrl}/api/action`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Forwarded-For": `10.9.9.9, ${address}` },
      body: JSON.stringify({
        path: "auth:signIn",
        args: { provider: "password", params: { flow: "signIn", email, password: PASSWORD } },
        format: "json",
      }),
    });
    expect(((await signedIn.json()) as { status: string }).status).toBe("success");
    const { body } = await from(newAddress())("GET", "/api/v1/users/me/sessions/", { auth });
    expect((body.data.sessions as { ip_address: string }[]).map(({ ip_address }) => ip_address)).toContain(address);
  });
});
