/**
 * The builders every public function is made with, so that no handler can forget who is calling, but for the two at the
 * end, which do not ask.
 * Raw `query` and `mutation` are for this file and for internal functions.
 */
import { customMutation, customQuery, type CustomCtx } from "convex-helpers/server/customFunctions";
import { zodToConvexFields } from "convex-helpers/server/zod4";
import type { RegisteredMutation } from "convex/server";
import { v, type Infer, type Validator } from "convex/values";
import { internalMutation, internalQuery, mutation, query, type MutationCtx } from "../_generated/server";
import { inLiveTerms } from "../lib/liveErrors";
import { parse } from "../lib/schemas/parse";
import type { z } from "../lib/schemas/zod";
import type { UserAct } from "./act";
import { readClientOfCall, vCaller, vClient, type Caller, type Client } from "./caller";
import type { Command } from "./command";
import { requirePermission, requireUser, resolvePrincipal } from "./principal";
import type { Permission } from "./permissions";

/** For anyone: `ctx.principal` is a user or null. */
export const guestOrUserQuery = customQuery(query, {
  args: {},
  input: async (ctx) => ({ ctx: { principal: await resolvePrincipal(ctx) }, args: {} }),
});

/** For signed-in users: `ctx.principal` is a `UserPrincipal`; others get `UNAUTHENTICATED` or `SESSION_REVOKED`. */
export const userQuery = customQuery(query, {
  args: {},
  input: async (ctx) => ({ ctx: { principal: requireUser(await resolvePrincipal(ctx)) }, args: {} }),
});
/** As `userQuery`, with what an act needs besides. */
export const userMutation = customMutation(mutation, {
  args: {},
  input: async (ctx) => ({ ctx: await toAct(ctx), args: {} }),
});

const toAct = async (ctx: MutationCtx): Promise<UserAct> => ({
  ...ctx,
  principal: requireUser(await resolvePrincipal(ctx)),
  caller: {},
  client: await readClientOfCall(ctx),
  now: Date.now(),
});

type Answer<Result, Returns extends Validator<unknown, "required", string>> = {
  returns: Returns;
  present(result: Result, act: UserAct): Infer<Returns> | Promise<Infer<Returns>>;
};

/** A command as a live function. Without an answer it returns null. */
export function liveCommand<Input extends z.ZodObject, Result>(
  command: Command<Input, Result>,
): RegisteredMutation<"public", z.input<Input>, Promise<null>>;
export function liveCommand<Input extends z.ZodObject, Result, Returns extends Validator<unknown, "required", string>>(
  command: Command<Input, Result>,
  answer: Answer<Result, Returns>,
): RegisteredMutation<"public", z.input<Input>, Promise<Infer<Returns>>>;
export function liveCommand<Input extends z.ZodObject, Result>(
  { input, run }: Command<Input, Result>,
  answer: Answer<Result, Validator<unknown, "required", string>> = { returns: v.null(), present: () => null },
): RegisteredMutation<"public", z.input<Input>, Promise<unknown>> {
  return mutation({
    args: zodToConvexFields(input.shape),
    returns: answer.returns,
    handler: async (ctx, args): Promise<unknown> => {
      const act = await toAct(ctx);
      return await inLiveTerms(async () => await answer.present(await run(act, parse(input, args)), act));
    },
  });
}

/** As `userQuery`, for queries that only other queries call. */
export const internalUserQuery = customQuery(internalQuery, {
  args: {},
  input: async (ctx) => ({ ctx: { principal: requireUser(await resolvePrincipal(ctx)) }, args: {} }),
});

/** As `internalUserMutation`, for actions that answer a REST request: they hand on who sent it. */
export const internalCallerMutation = customMutation(internalMutation, {
  args: { sent: v.optional(v.object({ caller: vCaller, client: vClient })) },
  input: async (ctx, { sent }) => ({ ctx: sent ? await toActOf(ctx, sent) : await toAct(ctx), args: {} }),
});

const toActOf = async (ctx: MutationCtx, { caller, client }: { caller: Caller; client: Client }): Promise<UserAct> => ({
  ...ctx,
  principal: requireUser(await resolvePrincipal(ctx, caller)),
  caller,
  client,
  now: Date.now(),
});

/** As `userMutation`, for mutations that only actions call. */
export const internalUserMutation = customMutation(internalMutation, {
  args: {},
  input: async (ctx) => ({ ctx: await toAct(ctx), args: {} }),
});

/** For users who hold `permission`; others get `FORBIDDEN`. */
export const permissionQuery = (permission: Permission) =>
  customQuery(query, {
    args: {},
    input: async (ctx) => ({
      ctx: { principal: requirePermission(await resolvePrincipal(ctx), permission) },
      args: {},
    }),
  });
export const permissionMutation = (permission: Permission) =>
  customMutation(mutation, {
    args: {},
    input: async (ctx) => {
      const act = await toAct(ctx);
      return { ctx: { ...act, principal: requirePermission(act.principal, permission) }, args: {} };
    },
  });

/**
 * Reads shared by everyone who watches the same thing: no identity is read, so one change costs one execution however
 * many watch. The argument must be an unguessable key handed out by a guarded query, and the result only what any
 * signed-in user may see.
 */
export const sharedQuery = query;

/**
 * Reads put together from other queries by `ctx.runQuery`, of which the first is guarded and hands out the keys of the
 * others. The handler reads neither data nor identity itself, so where the deployment keeps the results of inner
 * queries, callers whose inner queries answer alike share one execution.
 */
export const composedQuery = query;

export type UserQueryCtx = CustomCtx<typeof userQuery>;
export type UserMutationCtx = CustomCtx<typeof userMutation>;
