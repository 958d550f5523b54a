/**
 * The face of focus for the permanent store: its ended sessions, users' totals, and what may leave the live database.
 */
import type { Id } from "../_generated/dataModel";
import type { QueryCtx } from "../_generated/server";
import { getUserByUuid } from "../identity/users";
import type { FocusPort } from "../store/reconciliation/focusPort";
import { noteDeparted } from "./catalog/goals";
import { moveToDeparted } from "./history/departed";
import { buildCompletePayload, enqueueEndAgain } from "./settlement/settle";
import { findSession, isEnded, getPublicId } from "./sessionRows";

export const storePort: FocusPort = {
  async listEnded(ctx, { from, to, userId, cursor, limit }) {
    const owner = userId === undefined ? null : await getUserId(ctx, userId);
    if (userId !== undefined && owner === null) return { sessions: [], cursor: null };
    const range = owner
      ? ctx.db
          .query("focusSessions")
          .withIndex("by_userId_and_state_and_endedAt", (q) =>
            q.eq("userId", owner).eq("state.kind", "ended").gte("state.endedAt", from).lt("state.endedAt", to),
          )
      : ctx.db
          .query("focusSessions")
          .withIndex("by_state_and_endedAt", (q) =>
            q.eq("state.kind", "ended").gte("state.endedAt", from).lt("state.endedAt", to),
          );
    const { page, isDone, continueCursor } = await range.paginate({ cursor, numItems: limit });
    const uuids = new Map<Id<"users">, string>();
    const sessions = [];
    for (const session of page.filter(isEnded)) {
      const uuid = uuids.get(session.userId) ?? (await ctx.db.get("users", session.userId))?.uuid;
      if (uuid === undefined) continue;
      uuids.set(session.userId, uuid);
      sessions.push({
        sessionId: getPublicId(session),
        userId: uuid,
        startedAt: session.startedAt,
        endedAt: session.state.endedAt,
        xp: session.state.xp,
      });
    }
    return { sessions, cursor: isDone ? null : continueCursor };
  },

  async listTotals(ctx, { cursor, limit }) {
    const { page, isDone, continueCursor } = await ctx.db.query("focusTotals").paginate({ cursor, numItems: limit });
    const totals = await Promise.all(
      page.map(async ({ userId, xp }) => ({ userId: (await ctx.db.get("users", userId))?.uuid, xp })),
    );
    return {
      totals: totals.flatMap(({ userId, xp }) => (userId === undefined ? [] : [{ userId, xp }])),
      cursor: isDone ? null : continueCursor,
    };
  },

  async totalsOf(ctx, userId) {
    const owner = await getUserId(ctx, userId);
    const row =
      owner &&
      (await ctx.db
        .query("focusTotals")
        .withIndex("by_userId", (q) => q.eq("userId", owner))
        .unique());
    return row?.xp ?? null;
  },

  async completePayload(ctx, sessionId) {
    const session = await findSession(ctx, sessionId);
    return session && isEnded(session) ? await buildCompletePayload(ctx, session) : null;
  },

  async enqueueEnd(ctx, sessionId) {
    const session = await findSession(ctx, sessionId);
    if (!session || !isEnded(session)) return false;
    await enqueueEndAgain(ctx, session);
    return true;
  },

  async removeStored(ctx, sessionId) {
    const session = await findSession(ctx, sessionId);
    if (!session || !isEnded(session)) return;
    await moveToDeparted(ctx, session);
    await noteDeparted(ctx, session.goalId, session.startedAt);
  },
};

const getUserId = async (ctx: { db: QueryCtx["db"] }, uuid: string): Promise<Id<"users"> | null> =>
  (await getUserByUuid(ctx, uuid))?._id ?? null;
