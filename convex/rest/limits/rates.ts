/** `RateLimit-*` headers: what is left of the tightest limit that a request was counted against. */
import { internal } from "../../_generated/api";
import { pickTightest, toUsedUp, type Rate } from "../../identity/limits/limits";
import { normalizeEmail } from "../../lib/folding/email";
import { cleanText } from "../../lib/text";
import type { EndpointOptions } from "../domain";
import type { RestContext } from "../request";

/** Notes a limit that the request was counted against. */
export function noteRate(c: RestContext, rate: Rate | null | undefined): void {
  if (!rate) return;
  const known = c.get("rate");
  c.set("rate", known ? pickTightest(known, rate) : rate);
}

/** Notes the limits of logins after an endpoint has counted a request against them itself. */
export async function noteLoginRates(c: RestContext, countsLogins: EndpointOptions["countsLogins"]): Promise<void> {
  const { caller, client } = c.get("sender");
  const { measureLogin, measureOwnLogin } = internal.identity.admission;
  if (countsLogins === "named") noteRate(c, await c.env.runQuery(measureLogin, { client, email: readNamedEmail(c) }));
  // Whoever has lost the session meanwhile is told of no limit but that of all requests.
  if (countsLogins === "own") noteRate(c, await c.env.runQuery(measureOwnLogin, { caller }).catch(() => null));
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
export function tellRate(c: RestContext): void {
  const counted = c.get("rate");
  if (!counted) return;
  const { headers, status } = c.res;
  // A refusal may be another limit's than the one that was measured last.
  const rate = status === 429 ? toUsedUp(counted.limit, Number(headers.get("retry-after") ?? 1)) : counted;
  headers.set("RateLimit-Limit", String(rate.limit));
  headers.set("RateLimit-Remaining", String(rate.remaining));
  headers.set("RateLimit-Reset", String(rate.resetSeconds));
}
