import { v, type Infer } from "convex/values";
import { vTokenGrant } from "../identity/limits/callerTokens";
import { withCodeOfStatus } from "./errors/codes";
import type { StatusCode } from "hono/utils/http-status";
import type { RestContext } from "./request";

/**
 * An HTTP answer as one transaction decided it. The body is JSON text already: it crosses from the transaction to the
 * wire without being parsed and built again, and a cached query's answer costs nothing but its bytes.
 */
export const vReply = v.object({
  status: v.number(),
  body: v.union(v.string(), v.null()),
  headers: v.optional(v.record(v.string(), v.string())),
  /** The body that is kept for `Idempotency-Key`, where the answer holds a secret that is told once. */
  replayBody: v.optional(v.string()),
  /**
   * The part of the caller's limit that the transaction took, when it was to count the request; nothing was done unless
   * it took.
   */
  grant: v.optional(vTokenGrant),
});
export type Reply = Infer<typeof vReply>;

export const reply = (status: number, body: unknown, headers?: Record<string, string>): Reply => ({
  status,
  body: JSON.stringify(body),
  ...(headers && { headers }),
});

export const noContent = (): Reply => ({ status: 204, body: null });

export function toResponse(c: RestContext, { body, status, headers }: Reply): Response {
  return c.newResponse(body !== null && status >= 400 ? withCodeOfStatus(body, status) : body, {
    status: status as StatusCode,
    headers: body === null ? (headers ?? {}) : { "Content-Type": "application/json; charset=utf-8", ...headers },
  });
}
