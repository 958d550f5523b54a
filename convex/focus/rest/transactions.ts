/** The transactions that answer the REST requests of routes.ts. */
import { zodOutputToConvexFields } from "convex-helpers/server/zod4";
import { v } from "convex/values";
import { internalQuery } from "../../_generated/server";
import { requireUser, resolvePrincipal } from "../../identity/principal";
import { vCaller } from "../../identity/caller";
import { restMutation, restQuery } from "../../rest/functions";
import { reply, vReply } from "../../rest/reply";
import { requireActivity } from "../catalog/activities";
import { completion, quoteInput, registration } from "../claims/inputs";
import * as Claims from "../claims/report";
import { requireGoal } from "../catalog/goals";
import { encodePlace, listEndedHere, needsStore } from "../history/pages";
import { quoteRates } from "../rating/currentRates";
import { totalOf } from "../../xp/amounts";
import { getPublicId, getStatus } from "../sessionRows";
import { vEnded, vHistoryItem, vPlace } from "../shapes";
import { toWireGoal, toWireHistory } from "./wire";

export { experimental_reuseContext } from "../../lib/contexts";

export const goal = restQuery({
  args: { goalId: v.string() },
  handler: async (ctx, { goalId }) => {
    const { user } = requireUser(ctx.principal);
    return reply(200, toWireGoal(await requireGoal(ctx, user._id, goalId), user));
  },
});

export const activity = restQuery({
  args: { activityId: v.string() },
  handler: async (ctx, { activityId }) => {
    requireUser(ctx.principal);
    return reply(200, await requireActivity(ctx, activityId));
  },
});

const rateArgs = zodOutputToConvexFields(quoteInput.shape);

/** The rates in force, as a read that is cached … */
export const rates = restQuery({
  args: rateArgs,
  handler: async (ctx, input) =>
    reply(200, { rates: (await quoteRates({ db: ctx.db, principal: requireUser(ctx.principal) }, input)).rates }),
});

/** … and as a write for requests that carry `Idempotency-Key`. */
export const ratesOnce = restMutation({
  args: rateArgs,
  handler: async (act, input) =>
    reply(200, { rates: (await quoteRates({ db: act.db, principal: requireUser(act.principal) }, input)).rates }),
});

const departedEnd = v.optional(v.union(v.null(), vEnded));

export const register = restMutation({
  args: { ...zodOutputToConvexFields(registration.shape), departedEnd },
  handler: async (act, input) => {
    const { session, created } = await Claims.reportStart(act, input);
    return reply(created ? 201 : 200, { id: getPublicId(session), status: getStatus(session) });
  },
});

export const complete = restMutation({
  args: { ...zodOutputToConvexFields(completion.shape), departedEnd },
  handler: async (act, input) => {
    const session = await Claims.reportEnd(act, input);
    return reply(200, { id: getPublicId(session), status: getStatus(session), xp_total: totalOf(session.state.xp) });
  },
});

/**
 * A page of history: the whole answer as long as the live database holds all of it, else what it holds, for the request
 * to merge with what the permanent store has.
 */
export const history = internalQuery({
  args: { caller: vCaller, goalId: v.string(), after: v.union(vPlace, v.null()), limit: v.number() },
  returns: v.union(
    vReply,
    v.object({ live: v.object({ items: v.array(vHistoryItem), next: v.union(vPlace, v.null()) }) }),
  ),
  handler: async (ctx, { caller, goalId, after, limit }) => {
    const { user } = requireUser(await resolvePrincipal(ctx, caller));
    const goal = await requireGoal(ctx, user._id, goalId);
    const page = await listEndedHere(ctx, goal, after, limit);
    if (needsStore(goal, after, page)) return { live: page };
    return reply(200, toWireHistory(page.items, page.next && encodePlace(page.next)));
  },
});
