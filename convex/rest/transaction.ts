/** The one transaction that answers a request: a query for a read, a mutation for a write. */
import type { FunctionReference } from "convex/server";
import type { Caller } from "../identity/caller";
import { invalid } from "../lib/errors";
import { hashSha256 } from "../lib/ids";
import type { Asked } from "./domain";
import type { RestWrite } from "./functions";
import type { Once } from "./idempotency";
import { toResponse, type Reply } from "./reply";
import type { RestContext } from "./request";

/** A read: one query, cached by the backend until something it read changes. */
export async function read<Args extends Record<string, unknown>>(
  { c, sender }: Asked,
  query: FunctionReference<"query", "internal", { caller: Caller; input: Args }, Reply>,
  input: Args,
): Promise<Response> {
  return toResponse(c, await c.env.runQuery(query, { caller: sender.caller, input }));
}

/**
 * A write: one mutation, which also settles `Idempotency-Key` for POST and counts the request of a route that says
 * `countedByWrite`.
 */
export async function write<Args extends Record<string, unknown>>(
  { c, sender: { caller, client } }: Asked,
  mutation: FunctionReference<"mutation", "internal", RestWrite & { input: Args }, Reply>,
  input: Args,
): Promise<Response> {
  const once = await toOnce(c);
  const demand = c.get("admission")?.countOrDemand();
  const answer = await c.env.runMutation(mutation, {
    caller,
    client,
    input,
    ...(once && { once }),
    ...(demand && { demand }),
  });
  if (demand && answer.grant) c.get("admission")?.settle(answer.grant);
  return toResponse(c, answer);
}

/** The request's `Idempotency-Key` with what makes it the same request, or undefined. */
export async function toOnce(c: RestContext): Promise<Once | undefined> {
  const key = c.req.header("idempotency-key");
  if (key === undefined || c.req.method !== "POST") return undefined;
  if (key.length === 0 || key.length > 255) throw invalid({ "Idempotency-Key": ["Must have 1 to 255 characters."] });
  const requestHash = await hashSha256(`${c.req.method} ${c.req.path}\n${c.get("bodyText") ?? ""}`);
  return { key, requestHash };
}
