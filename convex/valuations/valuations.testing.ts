/** Helpers that the tests of this domain share. */
import { vi } from "vitest";
import { internal } from "../_generated/api";
import type { SignedIn } from "../accounts/signIn/transactions";
import { newBackend, TEST_CLIENT, type T, type TestUser } from "../setup.testing";

export const WEB = "https://app.example.com";

/** A backend with the web application's origin allowed and no limits in the way. */
export function backend(): T {
  vi.stubEnv("RATE_LIMIT_SCALE", "1000");
  vi.stubEnv("CORS_ALLOWED_ORIGINS", WEB);
  vi.stubEnv("CONVEX_SITE_URL", "https://api.example.net");
  return newBackend();
}

type Row = { report_id: string };
/** The part of answers that tests read; everything else is compared as a whole. */
export type Body = Record<string, unknown> & {
  sessions: Row[];
  fields: Record<string, string[]>;
  form_data: Record<string, unknown>;
  report_id: string;
  session_id: string;
  revision: number;
};
export type Sent = { status: number; body: Body; headers: Headers; text: string };

/** One REST request; the body is JSON both ways. A string is sent as it is. */
export async function send(
  t: T,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: unknown,
): Promise<Sent> {
  const response = await t.fetch(path, {
    method,
    headers: { ...headers, ...(body !== undefined && { "Content-Type": "application/json" }) },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const parsed = (text === "" ? {} : JSON.parse(text)) as Body;
  return { status: response.status, body: parsed, headers: response.headers, text };
}

/** A guest without cookies: asks for an id and presents it by header. */
export async function createGuest(t: T): Promise<Record<string, string>> {
  const { headers } = await send(t, "GET", "/api/sessions", { "X-Guest-Session-Id": "new" });
  return { "X-Guest-Session-Id": headers.get("X-Guest-Session-Id") ?? "" };
}

/** Has a guest of the web application sign in to an account that is there already. */
export async function signedInToAccount(t: T, guest: Pick<TestUser, "as">): Promise<SignedIn> {
  const account = { email: "ada@example.com", stored: "x", client: TEST_CLIENT };
  await t.mutation(internal.accounts.signIn.transactions.register, { ...account, firstName: "", lastName: "" });
  const session = await guest.as.mutation(internal.accounts.signIn.transactions.withPassword, {
    ...account,
    verified: true,
    replaceCurrent: true,
  });
  if (!session) throw new Error("the password was refused");
  return session;
}

export const CARD = {
  companyName: "Lovelace Engines",
  industry: "Machinery",
  businessTypeId: null,
  countryCode: "GB",
  description: null,
  city: "London",
  businessHighlights: null,
  reasonForSelling: null,
  revenue: 1_250_000,
  employeeCount: 12,
  foundingYear: 1843,
};

export const WIRE_CARD = {
  company_name: "Lovelace Engines",
  industry: "Machinery",
  business_type_id: null,
  revenue: 1_250_000,
  employee_count: 12,
  country_code: "GB",
  founding_year: 1843,
  description: null,
  city: "London",
  business_highlights: null,
  reason_for_selling: null,
};

/**
 * A permanent store that speaks the documented REST contract, in place of the network. `cards` are what it has; `down`
 * makes it refuse connections, `hangs` never answer.
 */
export function cardStore(cards: Record<string, unknown>) {
  const store = { cards, down: false, hangs: false, asked: 0 };
  vi.stubEnv("PERMANENT_STORE_URL", "https://store.example.com");
  vi.stubGlobal("fetch", (url: string) => {
    store.asked++;
    if (store.hangs) return new Promise(() => undefined);
    if (store.down) return Promise.reject(new TypeError("fetch failed"));
    const token = new URL(url).searchParams.get("token") ?? "";
    const card = Object.hasOwn(store.cards, token) ? store.cards[token] : undefined;
    return Promise.resolve(card === undefined ? Response.json({}, { status: 404 }) : Response.json(card));
  });
  return store;
}
