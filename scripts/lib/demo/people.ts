/** The people of the demo data, who register as anybody would. */
import { ConvexHttpClient } from "convex/browser";
import type { AdminClient } from "../admin";
import { functionReference } from "../function-reference";

export interface DemoLogin {
  email: string;
  password: string;
  note: string;
}

export interface DemoUser {
  email: string;
  auth: string;
  live: ConvexHttpClient;
  uuid: string;
  publicId: number;
}

export type Credentials = Pick<DemoLogin, "email" | "password">;

export type Rest = <T = Record<string, unknown>>(
  method: string,
  path: string,
  auth: string | null,
  body?: unknown,
) => Promise<T>;

export const restClient =
  (siteUrl: string): Rest =>
  async <T>(method: string, path: string, auth: string | null, body?: unknown) => {
    const response = await fetch(`${siteUrl}${path}`, {
      method,
      headers: { "Content-Type": "application/json", ...(auth && { Authorization: auth }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
    return (response.status === 204 ? undefined : await response.json()) as T;
  };

export async function signUp(
  admin: AdminClient,
  rest: Rest,
  login: Credentials,
  names: Record<string, string>,
): Promise<DemoUser> {
  const credentials = { email: login.email, password: login.password };
  // A seeding that was cut short has registered them already.
  const { session_id } = await rest<{ session_id: string }>("POST", "/api/auth/register/", null, {
    ...credentials,
    ...names,
  }).catch(() => rest<{ session_id: string }>("POST", "/api/auth/login/", null, credentials));
  const auth = `SessionID ${session_id}`;
  const { access } = await rest<{ access: string }>("POST", "/api/auth/token/", auth, {});
  const client = new ConvexHttpClient(admin.url);
  client.setAuth(access);
  const me = (await client.query(functionReference<"query">("accounts/users:me"), {})) as {
    id: string;
    publicId: number;
  };
  return { email: login.email, auth, live: client, uuid: me.id, publicId: me.publicId };
}
