import { beforeEach, expect, test, vi } from "vitest";
import { api, internal } from "../_generated/api";
import { getErrorData } from "../lib/errors";
import { newBackend, TEST_CLIENT } from "../setup.testing";
import { PASSWORD, post } from "./http.testing";

beforeEach(() => void vi.stubEnv("RATE_LIMIT_SCALE", "1000"));

test.each([
  [{ email: "not an address", password: PASSWORD }, ["email"]],
  [{ email: "ada@example.com", password: "short" }, ["password"]],
  [{ email: "ada@example", password: "short", username: "a@b" }, ["email", "password", "username"]],
  [{ email: "ada@example.com", password: PASSWORD, first_name: "x".repeat(151) }, ["first_name"]],
  [{ email: "ada@example.com", password: "\ud800".repeat(10) }, ["password"]],
])("registration refuses %j, naming %j", async (body, fields) => {
  const t = newBackend();
  const response = await post(t, "/api/auth/register/", body);
  expect(response.status).toBe(400);
  expect(Object.keys(((await response.json()) as { fields: object }).fields)).toEqual(fields);
});

test("a taken email or username is 409", async () => {
  const t = newBackend();
  const first = await post(t, "/api/auth/register/", {
    email: "ada@example.com",
    password: PASSWORD,
    username: "ada",
  });
  expect(first.status).toBe(201);
  const sameEmail = await post(t, "/api/auth/register/", { email: "ADA@EXAMPLE.COM", password: PASSWORD });
  expect(sameEmail.status).toBe(409);
  expect(await sameEmail.json()).toMatchObject({ detail: "This email address is already registered." });
  const sameName = await post(t, "/api/auth/register/", {
    email: "eve@example.com",
    password: PASSWORD,
    username: "ada",
  });
  expect(sameName.status).toBe(409);
});

test("of fifty registrations of one email at once one wins", async () => {
  const t = newBackend();
  const attempt = () =>
    t.mutation(internal.accounts.signIn.transactions.register, {
      email: "ada@example.com",
      stored: "scrypt$16384$8$5$AAAA$AAAA",
      firstName: "",
      lastName: "",
      client: TEST_CLIENT,
    });
  const outcomes = await Promise.allSettled(Array.from({ length: 50 }, attempt));
  expect(outcomes.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(1);
  expect(await t.run(async (ctx) => (await ctx.db.query("users").collect()).length)).toBe(1);
});

test.each([
  ["/api/auth/login/", { email: "a@b.cd", password: 5 }],
  ["/api/auth/login/", { password: PASSWORD }],
  ["/api/auth/register/", { email: "no address", password: "short" }],
  ["/api/auth/register/", "{"],
  ["/api/auth/google/", {}],
])("what %s refuses as malformed, like %j, counts against the address", async (path, body) => {
  vi.stubEnv("RATE_LIMIT_SCALE", "1");
  const t = newBackend();
  const attempt = async (n: number) => {
    const named = typeof body === "object" && "email" in body ? { ...body, email: `${n}${body.email}` } : body;
    return (await post(t, path, named)).status;
  };
  for (let n = 0; n < 20; n++) expect(await attempt(n)).toBe(400);
  expect(await attempt(20)).toBe(429);
});

test.each([
  ["/api/auth/login/", { password: 5 }],
  ["/api/auth/register/", { password: "short" }],
])("what %s refuses as malformed counts against the email that it names", async (path, body) => {
  vi.stubEnv("RATE_LIMIT_SCALE", "1");
  const t = newBackend();
  for (let n = 0; n < 5; n++) expect((await post(t, path, { email: "ada@example.com", ...body })).status).toBe(400);
  expect((await post(t, path, { email: " ADA@example.com", ...body })).status).toBe(429);
  expect((await post(t, path, { email: "eve@example.com", ...body })).status).toBe(400);
});

test("live attempts with malformed arguments count too", async () => {
  vi.stubEnv("RATE_LIMIT_SCALE", "1");
  const t = newBackend();
  const attempt = (params: Record<string, unknown>) =>
    t.action(api.auth.signIn, { provider: "password", params }).then(
      () => "signed in",
      (error: unknown) => getErrorData(error)?.code,
    );
  for (let n = 0; n < 10; n++) {
    expect(await attempt({ flow: "signIn", email: `${n}@b.cd`, password: 5 })).toBe("VALIDATION");
    expect(await attempt({ flow: "signUp", email: `${n}@b.cd`, password: "short" })).toBe("VALIDATION");
  }
  expect(await attempt({ flow: "signUp", email: "a@b.cd", password: "short" })).toBe("RATE_LIMITED");
});

test("however much is wrong, the answer names fifty fields and counts the rest", async () => {
  const t = newBackend();
  const unknown = Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`field${n}`, 0]));
  const response = await post(t, "/api/auth/login/", { email: "a@b.cd", password: PASSWORD, ...unknown });
  expect(response.status).toBe(400);
  const { detail, fields } = (await response.json()) as { detail: string; fields: Record<string, string[]> };
  expect(detail).toBe("field0: Unknown field. And 950 more.");
  expect(Object.keys(fields)).toHaveLength(50);
  const long = await post(t, "/api/auth/login/", { email: "a@b.cd", password: PASSWORD, ["x".repeat(100_000)]: 0 });
  expect((await long.text()).length).toBeLessThan(1_000);
});
