/** `RateLimit-*` headers: what is left of the tightest limit that a request was counted against. */
import { internal } from "../../_generated/api";
import { pickTightest, toUsedUp, type Usage } from "../../identity/limits/limits";
import { normalizeEmail } from "../../lib/folding/email";
import { cleanText } from "../../lib/text";
import type { EndpointOptions } from "../domain";
import type { RestContext } from "../request";

/** Notes a limit that the request was counted against. */
export function noteUsage(c: RestContext, usage: Usage | null | undefined): void {
  if (!usage) return;
  const known = c.get("usage");
  c.set("usage", known ? pickTightest(known, usage) : usage);
}

/** Notes the limits of logins after an endpoint has counted a request against them itself. */
export async function noteLoginUsage(c: RestContext, countsLogins: EndpointOptions["countsLogins"]): Promise<void> {
  const { caller, client } = c.get("sender");
  const { measureLogin, measureOwnLogin } = internal.identity.admission;
  if (countsLogins === "named") noteUsage(c, await c.env.runQuery(measureLogin, { client, email: readNamedEmail(c) }));
  // Whoever has lost the session meanwhile is told of no limit but that of all requests.
  if (countsLogins === "own") noteUsage(c, await c.env.runQuery(measureOwnLogin, { caller }).catch(() => null));
}

/** The email of a login as its limit knows it. */
function readNamedEmail(c: RestContext): string | null {
  try {
    const { email } = JSON.parse(c.get("bodyText") ?? "") as { email?: unknown };
    return typeof email === "string" ? normalizeEmail(cleanText(email)) || null : null;
  } catch {
    return null;
  }
}

/** Sets the headers of an answer whose request was counted. */
export function tellUsage(c: RestContext): void {
  const counted = c.get("usage");
  if (!counted) return;
  const { headers, status } = c.res;
  // A refusal may be another limit's than the one that was measured last.
  const usage = status === 429 ? toUsedUp(counted.limit, Number(headers.get("retry-after") ?? 1)) : counted;
  headers.set("RateLimit-Limit", String(usage.limit));
  headers.set("RateLimit-Remaining", String(usage.remaining));
  headers.set("RateLimit-Reset", String(usage.resetSeconds));
}
