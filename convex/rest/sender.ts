/** Reads the credential of a request and the client it comes from. */
import { internal } from "../_generated/api";
import { readAddress } from "../identity/limits/address";
import { readForwarded } from "../identity/limits/forwarded";
import { clipUserAgent, type Client } from "../identity/caller";
import { readHeaderText } from "../identity/headerText";
import { DEPLOYMENT_SCOPES, type Scope } from "../identity/scopes";
import { KEY_PREFIX } from "../identity/serviceKeys";
import { forbidden, unauthenticated } from "../lib/errors";
import { hashSha256, UUID_PATTERN } from "../lib/ids";
import { cleanText, clipped } from "../lib/text";
import { admitRequest, estimateUsage } from "./limits/leases";
import type { EndpointOptions } from "./domain";
import { toStatus } from "./errors/errors";
import { withGuest } from "./guest";
import { noteUsage } from "./limits/usage";
import { toAnonymousSender, type RestContext, type Sender } from "./request";

/** The sender of a request to an endpoint. Throws `UNAUTHENTICATED` without a credential that the endpoint takes. */
export async function requireSender(
  c: RestContext,
  { caller = "user", scope, guest }: EndpointOptions,
): Promise<Sender> {
  return await countingRefusals(c, async () => {
    const sender =
      caller === "none" ? toAnonymousSender(await readClient(c)) : await requireCredential(c, caller, scope);
    return guest ? await withGuest(c, sender) : sender;
  });
}

async function requireCredential(
  c: RestContext,
  caller: EndpointOptions["caller"],
  scope: Scope | undefined,
): Promise<Sender> {
  const sender = await readSender(c);
  if (!sender.hasCredential && caller !== "optional") throw unauthenticated();
  const { service, serviceKeyHash: hash } = sender.caller;
  if (!service && hash === undefined) {
    if (caller === "service") throw unauthenticated("This needs a service key.");
    return sender;
  }
  if (scope === undefined) throw unauthenticated("Service keys open nothing here.");
  const opens = service
    ? DEPLOYMENT_SCOPES.includes(scope)
    : await c.env.runQuery(internal.identity.admission.checkScope, { hash: hash!, scope });
  if (opens === null) throw unauthenticated();
  if (!opens) throw forbidden(`This service key lacks the scope ${scope}.`);
  return sender;
}

/** Throws when the credential of a request has ended meanwhile. */
export async function requireInForce(c: RestContext): Promise<void> {
  const { caller, hasCredential } = c.get("sender");
  if (hasCredential) await c.env.runQuery(internal.identity.admission.verify, { caller });
}

/**
 * Runs `work`. Proofs that it finds to fail count against the address, so that guessing is limited too; and so do guest
 * cookies from pages of other sites.
 */
export async function countingRefusals<Result>(c: RestContext, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (toStatus(error) === 401 || toStatus(error) === 403) await countAgainstAddress(c);
    throw error;
  }
}

async function countAgainstAddress(c: RestContext): Promise<void> {
  const anyone = toAnonymousSender(await readClient(c));
  try {
    await admitRequest(c.env, anyone, "identity");
  } finally {
    noteUsage(c, estimateUsage(anyone, "identity"));
  }
}

/**
 * Reads `Authorization` (`Bearer` JWT or service key, `SessionID`, scheme case-insensitive). Throws `UNAUTHENTICATED`
 * when a credential is present but malformed or does not verify: it never counts as absent.
 */
export async function readSender(c: RestContext): Promise<Sender> {
  const client = await readClient(c);
  const header = c.req.header("authorization")?.trim();
  if (header === undefined) return toAnonymousSender(client);
  const [, scheme = "", credential = ""] = /^(\S+)\s+(\S+)$/.exec(header) ?? [];
  if (/^sessionid$/i.test(scheme) && UUID_PATTERN.test(credential)) {
    const sessionHash = await hashSha256(credential.toLowerCase());
    return { caller: { sessionHash }, client, credentialKey: `session ${sessionHash}`, hasCredential: true };
  }
  if (/^bearer$/i.test(scheme)) {
    if (isServiceKey(credential))
      return { caller: { service: true }, client, credentialKey: "service", hasCredential: true };
    if (credential.startsWith(KEY_PREFIX)) {
      const serviceKeyHash = await hashSha256(credential);
      const credentialKey = `service ${serviceKeyHash}`;
      return { caller: { serviceKeyHash }, client, credentialKey, hasCredential: true };
    }
    // A token that does not verify makes this throw in an HTTP action.
    const identity = await c.env.auth.getUserIdentity().catch(() => null);
    if (identity) return { caller: {}, client, credentialKey: `jwt ${identity.subject}`, hasCredential: true };
  }
  throw unauthenticated();
}

function isServiceKey(credential: string): boolean {
  const key = process.env.SERVICE_KEY;
  if (!key || key.length !== credential.length) return false;
  let difference = 0;
  for (let i = 0; i < key.length; i++) difference |= key.charCodeAt(i) ^ credential.charCodeAt(i);
  return difference === 0;
}

/**
 * The caller's address and User-Agent. Forwarding headers count only when `TRUSTED_PROXY` is set: to the number of
 * proxies in front (`1`), or `true` for one.
 */
export async function readClient(c: RestContext): Promise<Client> {
  const metadata = await c.env.meta.getRequestMetadata();
  const userAgent = clipUserAgent(metadata.userAgent ?? c.req.header("user-agent"));
  const location = readForwardedPlace(c);
  return { ip: readForwardedAddress(c) ?? readAddress(metadata.ip), userAgent, ...(location && { location }) };
}

/** The setting `TRUSTED_PROXY`, or null when there is no proxy to be trusted. */
function readTrustedProxy(): string | null {
  const setting = process.env.TRUSTED_PROXY?.trim().toLowerCase();
  return !setting || setting === "0" || setting === "false" ? null : setting;
}

function readForwardedAddress(c: RestContext): string | null {
  const setting = readTrustedProxy();
  if (setting === null) return null;
  const hops = /^\d+$/.test(setting) ? Number(setting) : 1;
  return readForwarded(c.req.header("x-forwarded-for"), c.req.header("forwarded"), hops);
}

// City and country (or region) headers of Cloudflare, Vercel and Fly.
const PLACE_HEADERS = [
  ["cf-ipcity", "cf-ipcountry"],
  ["x-vercel-ip-city", "x-vercel-ip-country"],
  [null, "fly-region"],
] as const;
// Cloudflare's for an unknown country and for Tor.
const NOWHERE = new Set(["XX", "T1"]);
const PLACE_MAX = 100;

function readForwardedPlace(c: RestContext): string | null {
  if (readTrustedProxy() === null) return null;
  const value = (name: string | null) => (name === null ? "" : cleanText(decodeHeader(c.req.header(name) ?? "")));
  for (const [city, country] of PLACE_HEADERS) {
    const place = clipped(
      [value(city), value(country)].filter((name) => name !== "" && !NOWHERE.has(name)).join(", "),
      PLACE_MAX,
    );
    if (place) return place;
  }
  return null;
}

/** City names come in UTF-8; Vercel's are percent-encoded. */
function decodeHeader(value: string): string {
  const text = readHeaderText(value);
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
