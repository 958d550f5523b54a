/** The live functions of focus sessions (focus/README, "Live functions"). Times are server ms, ids public. */
import { paginationOptsValidator, paginationResultValidator } from "convex/server";
import { v } from "convex/values";
import type { Id } from "../_generated/dataModel";
import { internalUserQuery, liveCommand, userQuery } from "../identity/builders";
import { pageSize } from "../lib/paging/pages";
import { requireGoal } from "./catalog/goals";
import { toHistoryItem, listEndedHere, needsStore } from "./history/pages";
import * as Commands from "./running/commands";
import { getLastEnded, getLive, isEnded, getPublicId, getStatus, type Session } from "./sessionRows";
import { vHistoryItem, vPlace, vLive } from "./shapes";
import { vPerDimension } from "../xp/shapes";

export { experimental_reuseContext } from "../lib/contexts";

const vStatus = v.union(v.literal("active"), v.literal("paused"), v.literal("completed"), v.literal("abandoned"));

/** The outcome of an act; `ended` is set when the act finds that the session has ended by itself. */
const vOutcome = v.object({ id: v.string(), status: vStatus, ended: v.union(vHistoryItem, v.null()) });

const showOutcome = (session: Session) => ({
  id: getPublicId(session),
  status: getStatus(session),
  ended: isEnded(session) ? toHistoryItem(session) : null,
});

const outcome = { returns: vOutcome, present: showOutcome };

/**
 * Starts a session and returns its id. `CONFLICT` carries the `sessionId` of the one that runs already. `timeZone`
 * (IANA, default UTC) decides which day of the goal it counts for; `plannedSeconds` is 1…43200.
 */
export const start = liveCommand(Commands.start, { returns: v.string(), present: getPublicId });

/** Pausing a paused session changes nothing. */
export const pause = liveCommand(Commands.pause, outcome);

/** Resuming a running session changes nothing. */
export const resume = liveCommand(Commands.resume, outcome);

/** Every 30 s from each device that shows the session, and at once when it is hidden or shown. */
export const heartbeat = liveCommand(Commands.heartbeat, outcome);

/**
 * Ends a session (`manual` by default), or says of one that ended for loss of contact that it was
 * `crash_recovered` or `abandoned`. `CONFLICT` for another reason after the end.
 */
export const complete = liveCommand(Commands.complete, outcome);

/**
 * The caller's running session, or null. Reads no clock and no heartbeat, so it changes only when somebody acts:
 * clients count on from `runningSince` by themselves. It is null in `active` while every device is hidden.
 */
export const current = userQuery({
  args: {},
  returns: v.union(
    v.null(),
    v.object({
      id: v.string(),
      status: vStatus,
      goalId: v.string(),
      activityId: v.string(),
      activity: v.object({ id: v.string(), name: v.string(), emoji: v.string() }),
      goal: v.object({ id: v.string(), title: v.string(), emoji: v.string() }),
      rates: vPerDimension,
      startedAt: v.number(),
      pausedAt: v.union(v.number(), v.null()),
      /** Sum of the pauses that are over. */
      pausedMs: v.number(),
      focusedMs: v.number(),
      runningSince: v.union(v.number(), v.null()),
      plannedSeconds: v.union(v.number(), v.null()),
      lastChange: vLive.fields.lastChange,
    }),
  ),
  handler: async (ctx) => {
    const session = await getLive(ctx, ctx.principal.user._id);
    if (!session) return null;
    const goal = await ctx.db.get("goals", session.goalId);
    if (!goal || !session.rates) throw new Error(`live focus session ${session._id} is incomplete`);
    const { pausedAt, pausedMs, focusedMs, runningSince, plannedSeconds, lastChange } = session.state;
    return {
      id: getPublicId(session),
      status: getStatus(session),
      goalId: goal.uuid,
      activityId: session.activity.id,
      activity: session.activity,
      goal: { id: goal.uuid, title: goal.title, emoji: goal.emoji },
      rates: session.rates,
      startedAt: session.startedAt,
      pausedAt,
      pausedMs,
      focusedMs,
      runningSince,
      plannedSeconds,
      lastChange,
    };
  },
});

/** The caller's session that ended last, or null: how a client that returns learns what became of the one it left. */
export const lastEnded = userQuery({
  args: {},
  returns: v.union(v.null(), vHistoryItem),
  handler: async (ctx) => {
    const session = await getLastEnded(ctx, ctx.principal.user._id);
    return session && toHistoryItem(session);
  },
});

const PAGE_MAX = 100;

/**
 * Ended sessions of the caller's goal, newest first, as far as they are in the live database; `archive:page` goes on.
 */
export const history = userQuery({
  args: { goalId: v.string(), paginationOpts: paginationOptsValidator },
  returns: paginationResultValidator(vHistoryItem),
  handler: async (ctx, { goalId, paginationOpts }) => {
    const goal = await requireGoal(ctx, ctx.principal.user._id, goalId);
    const numItems = pageSize(paginationOpts.numItems, PAGE_MAX);
    const result = await queryEnded(ctx, goal._id).paginate({ ...paginationOpts, numItems });
    return { ...result, page: result.page.filter(isEnded).map(toHistoryItem) };
  },
});

const queryEnded = (ctx: Pick<Parameters<typeof getLive>[0], "db">, goalId: Id<"goals">) =>
  ctx.db
    .query("focusSessions")
    .withIndex("by_goalId_and_state_and_startedAt", (q) => q.eq("goalId", goalId).eq("state.kind", "ended"))
    .order("desc");

/** The live database's part of a page for `archive:page`, and whether the store has to complete it. */
export const partHere = internalUserQuery({
  args: { goalId: v.string(), after: v.union(vPlace, v.null()), limit: v.number() },
  returns: v.object({
    live: v.object({ items: v.array(vHistoryItem), next: v.union(vPlace, v.null()) }),
    needsStore: v.boolean(),
  }),
  handler: async (ctx, { goalId, after, limit }) => {
    const goal = await requireGoal(ctx, ctx.principal.user._id, goalId);
    const live = await listEndedHere(ctx, goal, after, limit);
    return { live, needsStore: needsStore(goal, after, live) };
  },
});
