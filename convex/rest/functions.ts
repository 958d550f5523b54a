/**
 * One transaction does the work of a REST request: these builders make the internal queries and mutations that routes
 * call. They resolve the caller, and for mutations settle `Idempotency-Key` in the same transaction as the work.
 */
import { zodOutputToConvexFields } from "convex-helpers/server/zod4";
import type { ObjectType, PropertyValidators } from "convex/values";
import { v } from "convex/values";
import { internalMutation, internalQuery, type QueryCtx } from "../_generated/server";
import type { Act, UserAct } from "../identity/act";
import type { Command } from "../identity/command";
import { requireUser, resolvePrincipal, type Principal } from "../identity/principal";
import type { z } from "../lib/schemas/zod";
import { grantTokens, vTokenDemand, type TokenDemand } from "../identity/limits/callerTokens";
import { vCaller, vClient, type Caller, type Client } from "../identity/caller";
import { findStoredReply, storeReply, vOnce, type Once } from "./idempotency";
import { vReply, type Reply } from "./reply";
import { inWireNames } from "./schemas/names";

export function restQuery<Args extends PropertyValidators>(declaration: {
  args: Args;
  handler: (ctx: QueryCtx & { principal: Principal; caller: Caller }, args: ObjectType<Args>) => Promise<Reply>;
}) {
  return internalQuery({
    args: { caller: vCaller, input: v.object(declaration.args) },
    returns: vReply,
    handler: async (ctx, { caller, input }: { caller: Caller; input: ObjectType<Args> }) => {
      const principal = await resolvePrincipal(ctx, caller);
      return await declaration.handler({ ...ctx, principal, caller }, input);
    },
  });
}

/** The arguments of every write besides its own input. */
export type RestWrite = { caller: Caller; client: Client; once?: Once; demand?: TokenDemand };

export function restMutation<Args extends PropertyValidators>(declaration: {
  args: Args;
  handler: (act: Act, args: ObjectType<Args>) => Promise<Reply>;
}) {
  return internalMutation({
    args: {
      caller: vCaller,
      client: vClient,
      once: v.optional(vOnce),
      demand: v.optional(vTokenDemand),
      input: v.object(declaration.args),
    },
    returns: vReply,
    handler: async (
      ctx,
      { caller, client, once, demand, input }: RestWrite & { input: ObjectType<Args> },
    ): Promise<Reply> => {
      const principal = await resolvePrincipal(ctx, caller);
      const grant = demand && (await grantTokens(ctx, principal, client, demand));
      // The lapse of a session must be committed, so this is no throw: `Admission.settle` throws, and this is not sent.
      if (grant && grant.granted === 0) return { status: 429, body: null, grant };
      const counted = grant && { grant };
      const who = once && getIdempotencyOwner(principal);
      const stored = once && who && (await findStoredReply(ctx, who, once));
      if (stored) return { ...stored, headers: { ...stored.headers, "Idempotent-Replayed": "true" }, ...counted };
      const act = { ...ctx, principal, caller, client, now: Date.now() };
      // Domains name fields in camelCase. Queries take no fields of a body, so only writes need this.
      const answer = await inWireNames(() => declaration.handler(act, input));
      if (once && who) await storeReply(ctx, who, once, answer);
      return { ...answer, ...counted };
    },
  });
}

/** A command as the transaction of a request, whose route has validated the input (`wireBody`). */
export const restCommand = <Input extends z.ZodObject, Result>(
  command: Command<Input, Result>,
  present: (result: Result, act: UserAct) => Reply | Promise<Reply>,
) => restCommandOf(requireUser, command, present);

/** As `restCommand`, for commands that others than users may give: `requireActor` throws for who may not. */
export const restCommandOf = <Input extends z.ZodObject, Result, Actor extends Principal>(
  requireActor: (principal: Principal) => Actor,
  { input, run }: Command<Input, Result, Actor>,
  present: (result: Result, act: Act<Actor>) => Reply | Promise<Reply>,
) =>
  restMutation({
    args: zodOutputToConvexFields(input.shape),
    handler: async (act, args) => {
      const admitted = { ...act, principal: requireActor(act.principal) };
      // The validator of `args` is made of what the schema gives.
      return await present(await run(admitted, args as z.output<Input>), admitted);
    },
  });

/** The owner of the key; null for callers without identity, none of whom can be known to be the same again. */
function getIdempotencyOwner(principal: Principal): string | null {
  if (principal === null) return null;
  if (principal.kind === "user") return `user/${principal.user._id}`;
  return principal.kind === "guest"
    ? `guest/${principal.guest.hash}`
    : // Names may be another tenant's once a key has ended.
      `service${principal.name === null ? "" : `/${principal.name}/${principal.tenantId}`}`;
}
