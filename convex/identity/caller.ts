import { v, type Infer } from "convex/values";
import { readHeaderText } from "./headerText";
import { readAddress } from "./limits/address";
import { cleanText, clipped } from "../lib/text";

/** Where a call came from, for limits, audit and the device list. */
export const vClient = v.object({
  ip: v.union(v.string(), v.null()),
  userAgent: v.string(),
  /** The place a trusted proxy's headers tell, as "New York, US". */
  location: v.optional(v.string()),
});
export type Client = Infer<typeof vClient>;

type CallCtx = { meta: { getRequestMetadata(): Promise<{ ip: string | null; userAgent: string | null }> } };

/** Where a call over the live protocol came from. */
export async function readClientOfCall(ctx: CallCtx): Promise<Client> {
  const { ip, userAgent } = await ctx.meta.getRequestMetadata();
  return { ip: readAddress(ip), userAgent: clipUserAgent(userAgent) };
}

const USER_AGENT_MAX = 512;

/** A User-Agent header as it is kept: 512 characters without controls (accounts/README.md §2). */
export const clipUserAgent = (header: string | null | undefined): string =>
  clipped(cleanText(readHeaderText(header ?? "")), USER_AGENT_MAX);

/**
 * The proof a REST request carries besides a JWT (which the backend verifies itself and hands to `ctx.auth`).
 * Hashes only: the credentials never enter a function's arguments, and so never a log.
 */
export const vCaller = v.object({
  /** No user, whatever JWT came along: the endpoint takes none, or it was found to prove nothing. */
  anonymous: v.optional(v.literal(true)),
  /** SHA-256 of the SessionID credential. */
  sessionHash: v.optional(v.string()),
  /** SHA-256 of the guest id. */
  guestHash: v.optional(v.string()),
  /** The request carried the deployment's own service key. */
  service: v.optional(v.boolean()),
  /** SHA-256 of a named service key. */
  serviceKeyHash: v.optional(v.string()),
});
export type Caller = Infer<typeof vCaller>;

/** A guest id as it was sent; only the database knows whether it was ever issued. */
export type SentGuest = { id: string; hash: string; from: "cookie" | "header" };
