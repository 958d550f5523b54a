import { randomUUID } from "node:crypto";
import { ConvexClient, ConvexHttpClient } from "convex/browser";
import { inject } from "vitest";
import { undeclared } from "./declared";

declare module "vitest" {
  // The deployment under test, started once for a project or named by LIVE_SESSIONS_URL.
  interface ProvidedContext {
    siteUrl: string;
    convexUrl: string;
    adminKey: string;
    serviceKey: string;
    storeUrl: string;
    /** An origin that CORS allows. */
    webUrl: string;
  }
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  body: any;
}

export const target = () => ({
  siteUrl: inject("siteUrl"),
  convexUrl: inject("convexUrl"),
  adminKey: inject("adminKey"),
  serviceKey: inject("serviceKey"),
  storeUrl: inject("storeUrl"),
  webUrl: inject("webUrl"),
});

export interface CallOptions {
  auth?: string;
  body?: unknown;
  headers?: Record<string, string>;
  siteUrl?: string;
}

/**
 * One REST call. `body` objects are sent as JSON, strings as they are. Throws when the deployment under test answers
 * what its OpenAPI document does not declare.
 */
export async function call(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
  const isText = typeof options.body === "string";
  const response = await fetch(`${options.siteUrl ?? inject("siteUrl")}${path}`, {
    method,
    redirect: "manual",
    headers: {
      ...(options.body !== undefined && { "Content-Type": "application/json" }),
      ...(options.auth && { Authorization: options.auth }),
      ...options.headers,
    },
    ...(options.body !== undefined && { body: isText ? (options.body as string) : JSON.stringify(options.body) }),
  });
  const text = await response.text();
  let body: unknown;
  try {
    body = text === "" ? undefined : JSON.parse(text);
  } catch {
    body = undefined;
  }
  const answer = { status: response.status, headers: response.headers, text, body };
  if (options.siteUrl === undefined) await assertDeclared(method, path, options, answer);
  return answer;
}

async function assertDeclared(
  method: string,
  path: string,
  { body: sent }: CallOptions,
  answer: Answer,
): Promise<void> {
  const wrong = await undeclared(inject("siteUrl"), {
    method,
    path,
    ...answer,
    ...(typeof sent === "object" && { sent }),
  });
  if (wrong.length > 0)
    throw new Error(
      `${method} ${path} answered ${answer.status}, not declared: ${wrong.join("; ")}\n${answer.text.slice(0, 300)}`,
    );
}

export interface Account {
  email: string;
  password: string;
  sessionId: string;
  /** `Authorization` values. */
  session: string;
  bearer: string;
  jwt: string;
  /** The live protocol as this user. */
  http: ConvexHttpClient;
}

/** Registers a new user over REST and fetches a JWT for them. */
export async function newAccount(
  overrides: Record<string, unknown> = {},
  siteUrl?: string,
  convexUrl?: string,
): Promise<Account> {
  const email = `u-${randomUUID()}@example.com`;
  const password = (overrides.password as string | undefined) ?? "correct horse battery";
  const registered = await call("POST", "/api/auth/register/", { body: { email, ...overrides, password }, siteUrl });
  if (registered.status !== 201) throw new Error(`registration answered ${registered.status} ${registered.text}`);
  return await accountOf({ email, password }, registered.body.session_id as string, siteUrl, convexUrl);
}

/** The same user with a new session. */
export async function signedInAgain({ email, password }: Account): Promise<Account> {
  const login = await call("POST", "/api/auth/login/", { body: { email, password } });
  if (login.status !== 200) throw new Error(`login answered ${login.status} ${login.text}`);
  return await accountOf({ email, password }, login.body.session_id as string);
}

async function accountOf(
  credentials: { email: string; password: string },
  sessionId: string,
  siteUrl?: string,
  convexUrl?: string,
): Promise<Account> {
  const session = `SessionID ${sessionId}`;
  const token = await call("POST", "/api/auth/token/", { auth: session, body: {}, siteUrl });
  if (token.status !== 200) throw new Error(`token answered ${token.status} ${token.text}`);
  const jwt = token.body.access as string;
  const http = new ConvexHttpClient(convexUrl ?? inject("convexUrl"));
  http.setAuth(jwt);
  return { ...credentials, sessionId, session, jwt, bearer: `Bearer ${jwt}`, http };
}

/** A WebSocket client signed in with a JWT. Close it. */
export function liveClient(jwt: string, convexUrl?: string): ConvexClient {
  const client = new ConvexClient(convexUrl ?? inject("convexUrl"), { unsavedChangesWarning: false, logger: false });
  client.setAuth(async () => jwt);
  return client;
}

/** Runs any function with the admin key. */
export async function admin<T = unknown>(path: string, args: Record<string, unknown> = {}): Promise<T> {
  const response = await fetch(`${inject("convexUrl")}/api/function`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `Convex ${inject("adminKey")}` },
    body: JSON.stringify({ path, args: [args], format: "json" }),
  });
  const answer = (await response.json()) as { status: string; value: T; errorMessage?: string };
  if (answer.status !== "success") throw new Error(`${path}: ${answer.errorMessage}`);
  return answer.value;
}
