import type { T } from "../setup.testing";

export const PASSWORD = "correct horse battery";

export const post = (t: Pick<T, "fetch">, path: string, body: unknown, headers: Record<string, string> = {}) =>
  t.fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

export const sessionId = (id: string) => ({ Authorization: `SessionID ${id}` });

export type SignedInBody = { session_id: string; expires_at: string };

/** Registers over REST; → the SessionID and the header that carries it. */
export async function registered(t: T, email: string): Promise<{ id: string; headers: { Authorization: string } }> {
  const response = await post(t, "/api/auth/register/", { email, password: PASSWORD });
  if (response.status !== 201) throw new Error(`registration answered ${response.status}: ${await response.text()}`);
  const { session_id: id } = (await response.json()) as SignedInBody;
  return { id, headers: sessionId(id) };
}

/** The audit log so far, oldest first. */
export const auditLog = (t: T) =>
  t.run(async (ctx) =>
    (await ctx.db.query("auditEntries").collect()).map(({ action, outcome, target }) => ({
      action,
      outcome,
      target,
    })),
  );
